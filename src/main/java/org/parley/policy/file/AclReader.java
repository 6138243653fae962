package org.parley.policy.file;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.parley.policy.Scope;
import org.parley.policy.file.AclFile.Access;
import org.parley.policy.file.AclFile.Section;
import org.parley.policy.file.PolicyProblem.Place;

/**
 * Reads an ACL file as mosquitto 2.0 does: words with spaces between them, comments with {@code #}
 * as the first character of the line. Stricter than that: {@code topic read} is a line that breaks
 * off, not the topic {@code read}; control characters are refused; so is a file about no topic.
 */
final class AclReader {
  private static final String WHITESPACE = " \t\r\f\u000B"; // as in the locale C
  private static final String ACCESSES =
      Arrays.stream(Access.values()).map(Access::word).collect(Collectors.joining(", "));

  private final AclFile acl = new AclFile();
  private Section section = acl.general();
  private int number;

  private AclReader() {}

  static AclFile read(byte[] bytes) throws PolicyProblemException {
    var reader = new AclReader();
    for (var line : PolicyReader.decode(bytes).split("\n", -1)) {
      reader.number++;
      reader.line(line);
    }
    if (reader.acl.isEmpty()) {
      throw new PolicyProblemException(
          Place.START, "no topic and no pattern in the file", "", "say who may do what");
    }
    return reader.acl;
  }

  private void line(String whole) throws PolicyProblemException {
    var line = trimmedAtTheEnd(whole);
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    for (int i = 0; i < line.length(); i++) {
      if (Character.isISOControl(line.charAt(i))) {
        throw new PolicyProblemException(
            new Place(number, i + 1), "a control character", "", "put spaces between the words");
      }
    }
    var words = withoutSpacesBefore(line);
    var keyword = firstWord(words);
    var rest = withoutSpacesBefore(words.substring(keyword.length()));
    switch (keyword) {
      case "user" -> section = acl.user(userName(rest), number);
      case "topic" -> topic(rest);
      case "pattern" -> pattern(rest);
      default ->
          throw problem(
              "unknown keyword",
              keyword,
              "use topic, user or pattern, # as the first character for a comment");
    }
  }

  private String userName(String name) throws PolicyProblemException {
    if (name.isEmpty()) {
      throw problem("a line that breaks off", "", "write the name behind user");
    }
    if (name.indexOf('*') >= 0) {
      throw problem(
          "a user name with *", name, "a policy cannot name that user: nothing escapes * in it");
    }
    requireShort(name);
    return name;
  }

  private void topic(String rest) throws PolicyProblemException {
    var access = access(rest);
    section.add(access, filter(behind(rest, access).replace("%", "%%")), number);
  }

  private void pattern(String rest) throws PolicyProblemException {
    var access = access(rest);
    acl.patterns().add(access, filter(template(behind(rest, access))), number);
  }

  /** Without an access the whole rest is the topic, which has no spaces then. */
  private Access access(String rest) throws PolicyProblemException {
    var word = firstWord(rest);
    for (var access : Access.values()) {
      if (access.word().equals(word)) {
        return access;
      }
    }
    if (word.length() < rest.length()) {
      throw problem(
          "unknown access", word, "use one of " + ACCESSES + " before a topic with spaces");
    }
    return Access.READ_WRITE;
  }

  private String behind(String rest, Access access) throws PolicyProblemException {
    var word = firstWord(rest);
    var topic =
        word.equals(access.word()) ? withoutSpacesBefore(rest.substring(word.length())) : rest;
    if (topic.isEmpty()) {
      throw problem("a line that breaks off", "", "write the topic at its end");
    }
    return topic;
  }

  /** Writes {@code %c} and {@code %u} as they are; every other percent sign is one. */
  private String template(String pattern) throws PolicyProblemException {
    var template = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      template.append(c);
      if (c != '%') {
        continue;
      }
      if (pattern.startsWith("%cn", i)) {
        throw problem(
            "%c before n", pattern, "put / between them: in a policy %cn is another name");
      }
      boolean placeholder = pattern.startsWith("%c", i) || pattern.startsWith("%u", i);
      template.append(placeholder ? pattern.charAt(++i) : '%');
    }
    return template.toString();
  }

  private String filter(String text) throws PolicyProblemException {
    requireShort(text);
    if (Scope.topic(text).isEmpty()) {
      throw problem("no topic filter", text, "put + and # alone between /, and # at the end");
    }
    return text;
  }

  private void requireShort(String value) throws PolicyProblemException {
    if (value.length() > Mapping.MAX_LENGTH) {
      throw problem(
          "value too long", value, "use " + Mapping.MAX_LENGTH + " characters at the most");
    }
  }

  private PolicyProblemException problem(String what, String about, String remedy) {
    return new PolicyProblemException(new Place(number, 1), what, about, remedy);
  }

  private static String firstWord(String text) {
    int space = text.indexOf(' ');
    return space < 0 ? text : text.substring(0, space);
  }

  private static String withoutSpacesBefore(String text) {
    int from = 0;
    while (from < text.length() && text.charAt(from) == ' ') {
      from++;
    }
    return text.substring(from);
  }

  private static String trimmedAtTheEnd(String text) {
    int end = text.length();
    while (end > 0 && WHITESPACE.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end);
  }
}
