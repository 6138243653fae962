package org.parley.policy.file;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.parley.policy.file.AclFile.Access;
import org.parley.policy.file.AclFile.Section;
import org.parley.policy.file.PolicyProblem.Place;

/**
 * Makes a policy file of an ACL file of mosquitto ({@code docs/policy.md}). The rules stand in the
 * order in which mosquitto looks: the section of the client, then the patterns, each with what
 * denies first. The effect of a rule is written last, so a policy that was cut off is refused, or
 * has lost rules at its end and allows less.
 */
public final class AclConverter {
  private static final String HEAD =
      """
      # From an ACL file of mosquitto. Nobody may do anything by PCP: add rules for that.
      version: 1
      rules:
      """;
  private static final String CLIENT_ID = "%c";
  private static final String USER_NAME = "%u";

  private final StringBuilder text = new StringBuilder(HEAD);
  private int rules;

  private AclConverter() {}

  /** Converts the bytes of a file: all of it, or nothing. */
  public static AclConverted convert(byte[] bytes) {
    try {
      return new AclConverted.Made(new AclConverter().policy(AclReader.read(bytes)));
    } catch (PolicyProblemException e) {
      return new AclConverted.Failed(e.problem());
    }
  }

  private String policy(AclFile acl) throws PolicyProblemException {
    rule("connect", "", List.of(), "connect", "allow", 1);
    section("general", "{authentication: anonymous}", acl.general());
    for (var user : acl.users().entrySet()) {
      var section = user.getValue();
      section("line-" + section.line(), "{user_name: " + quoted(user.getKey()) + "}", section);
    }
    var patterns = acl.patterns();
    if (!patterns.isEmpty()) {
      refuse("client_id", patterns.deniesBy(CLIENT_ID), patterns.line());
      refuse("user_name", patterns.deniesBy(USER_NAME), patterns.line());
      section("pattern", "", patterns);
    }
    return checked(text.toString());
  }

  /**
   * Denies what patterns are for to names with wildcards in them, as mosquitto does
   * (CVE-2017-7650); where a pattern denies by such a name, also to those that cannot be put in.
   */
  private void refuse(String key, boolean denies, int line) throws PolicyProblemException {
    var globs = denies ? "['*+*', '*#*', '*/*', '$*']" : "['*+*', '*#*']";
    var who = "{" + key + ": " + globs + "}";
    rule("pattern-" + key, who, List.of(), "[publish, subscribe]", "deny", line);
  }

  private void section(String name, String who, Section section) throws PolicyProblemException {
    for (var access : Access.values()) {
      var topics = section.topics(access);
      for (int from = 0; from < topics.size(); from += Mapping.MAX_VALUES) {
        int to = Math.min(from + Mapping.MAX_VALUES, topics.size());
        var part = from == 0 ? "" : "-" + (1 + from / Mapping.MAX_VALUES);
        rule(
            name + "-" + access.word() + part,
            who,
            topics.subList(from, to),
            access.actions(),
            access.effect(),
            section.line());
      }
    }
  }

  private void rule(
      String name, String who, List<String> topics, String actions, String effect, int line)
      throws PolicyProblemException {
    rules++;
    if (rules > PolicyReader.MAX_RULES) {
      throw new PolicyProblemException(
          new Place(line, 1),
          "too many rules",
          "",
          "a policy has "
              + PolicyReader.MAX_RULES
              + " at the most, up to four a user: use patterns with %u");
    }
    var lines = new ArrayList<String>();
    lines.add("  - name: " + name);
    if (!who.isEmpty()) {
      lines.add("who: " + who);
    }
    if (!topics.isEmpty()) {
      lines.add("topics:");
      topics.forEach(topic -> lines.add("  - " + quoted(topic)));
    }
    lines.add("action: " + actions);
    lines.add("effect: " + effect);
    text.append(String.join("\n    ", lines)).append('\n');
  }

  /** Returns text in double quotes, in ASCII: nothing in it means anything to YAML. */
  private static String quoted(String value) {
    var quoted = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (c >= ' ' && c <= '~') {
                quoted.appendCodePoint(c);
              } else {
                quoted.append(String.format("\\U%08X", c));
              }
            });
    return quoted.append('"').toString();
  }

  /** Returns a policy that the broker reads, and no other. */
  private static String checked(String policy) throws PolicyProblemException {
    var bytes = policy.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > PolicyReader.MAX_BYTES) {
      throw new PolicyProblemException(
          Place.START,
          "the policy is too large",
          "",
          "it may have " + PolicyReader.MAX_BYTES + " bytes at the most: use patterns");
    }
    return switch (PolicyReader.read(bytes)) {
      case PolicyParsed.Loaded _ -> policy;
      case PolicyParsed.Failed(var problem) ->
          throw new IllegalStateException("the policy cannot be read: " + problem.line());
    };
  }
}
