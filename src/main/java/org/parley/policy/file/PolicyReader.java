package org.parley.policy.file;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.parley.policy.Rule;
import org.parley.policy.RulePolicy;
import org.parley.policy.file.Node.Text;
import org.parley.policy.file.PolicyProblem.Place;

/**
 * Reads a policy file of version 1 ({@code docs/policy.md}), YAML or JSON. All of a file counts or
 * nothing; a file without rules is a problem, never a policy.
 */
public final class PolicyReader {
  /** Bytes of a file at the most. */
  public static final int MAX_BYTES = 1 << 20;

  /** Rules of a file at the most. */
  public static final int MAX_RULES = 1000;

  private static final List<String> KEYS = List.of("version", "rules");
  private static final List<String> RULE_KEYS =
      Stream.concat(Stream.of("name", "effect", "action", "who"), ScopeReader.KEYS.stream())
          .toList();
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9 ._:-]{0,98}[A-Za-z0-9])?");
  private static final Set<String> OUR_NAMES =
      Set.of(RulePolicy.SERVER_IS_RESERVED, RulePolicy.NO_RULE_FITS);

  private PolicyReader() {}

  /** Reads the bytes of a file. */
  public static PolicyParsed read(byte[] bytes) {
    try {
      return new PolicyParsed.Loaded(rules(decode(bytes)));
    } catch (PolicyProblemException e) {
      return new PolicyParsed.Failed(e.problem());
    }
  }

  /** Returns the text of a file in UTF-8, without a byte order mark. */
  static String decode(byte[] bytes) throws PolicyProblemException {
    if (bytes.length > MAX_BYTES) {
      throw new PolicyProblemException(
          Place.START, "the file is too large", "", "use " + MAX_BYTES + " bytes at the most");
    }
    var chars = CharBuffer.allocate(bytes.length);
    var result = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), chars, true);
    var text = chars.flip().toString();
    if (result.isError()) {
      throw new PolicyProblemException(
          YamlReader.placeOf(text, text.length()), "no UTF-8", "", "save the file in UTF-8");
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static List<Rule> rules(String text) throws PolicyProblemException {
    var root = YamlReader.read(text);
    if (root.isEmpty()) {
      throw new PolicyProblemException(
          Place.START,
          "the file is empty",
          "",
          "write rules, or leave the setting empty for the built-in policy");
    }
    var document = Mapping.of(root.get(), KEYS);
    var version = document.need("version");
    if (!(version instanceof Node.Other(_, var number)) || !number.equals("1")) {
      throw new PolicyProblemException(version.place(), "unknown version", "", "write version: 1");
    }
    var list = document.need("rules");
    if (!(list instanceof Node.Items(var place, var items)) || items.isEmpty()) {
      throw new PolicyProblemException(
          list.place(),
          "no rules",
          "",
          "write a list of rules, or leave the setting empty for the built-in policy");
    }
    if (items.size() > MAX_RULES) {
      throw new PolicyProblemException(
          place, "too many rules", "", "use " + MAX_RULES + " at the most");
    }
    var rules = new ArrayList<Rule>();
    var lines = new HashMap<String, Integer>();
    for (var item : items) {
      var rule = rule(item, lines);
      lines.put(rule.name(), rule.line());
      rules.add(rule);
    }
    return rules;
  }

  private static Rule rule(Node node, Map<String, Integer> lines) throws PolicyProblemException {
    var fields = Mapping.of(node, RULE_KEYS);
    var name = name(Mapping.text(fields.need("name")), lines);
    var effect = effect(Mapping.text(fields.need("effect")));
    var kinds = kinds(Mapping.texts(fields.need("action")));
    var who = fields.find("who");
    return new Rule(
        name,
        node.place().line(),
        effect,
        kinds,
        who.isPresent() ? WhoReader.read(who.get()) : List.of(),
        ScopeReader.read(fields, kinds));
  }

  private static String name(Text text, Map<String, Integer> lines) throws PolicyProblemException {
    var name = text.value();
    if (!NAME.matcher(name).matches()) {
      throw new PolicyProblemException(
          text.place(),
          "bad rule name",
          name,
          "use up to 100 letters, digits, spaces and ._:-, a letter or digit at both ends");
    }
    if (OUR_NAMES.contains(name)) {
      throw new PolicyProblemException(
          text.place(), "rule name of the broker's own", name, "choose another");
    }
    var taken = lines.get(name);
    if (taken != null) {
      throw new PolicyProblemException(
          text.place(), "rule name taken", name, "choose another, line " + taken + " has it");
    }
    return name;
  }

  private static Rule.Effect effect(Text text) throws PolicyProblemException {
    return switch (text.value()) {
      case "allow" -> Rule.Effect.ALLOW;
      case "deny" -> Rule.Effect.DENY;
      default ->
          throw new PolicyProblemException(
              text.place(), "unknown effect", text.value(), "use allow or deny");
    };
  }

  private static Set<Rule.Kind> kinds(List<Text> texts) throws PolicyProblemException {
    var kinds = EnumSet.noneOf(Rule.Kind.class);
    for (var text : texts) {
      kinds.add(kind(text));
    }
    return kinds;
  }

  private static Rule.Kind kind(Text text) throws PolicyProblemException {
    for (var kind : Rule.Kind.values()) {
      if (kind.label().equals(text.value())) {
        return kind;
      }
    }
    throw new PolicyProblemException(
        text.place(),
        "unknown action",
        text.value(),
        "use associate, send, inventory, connect, publish or subscribe");
  }
}
