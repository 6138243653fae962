package org.parley.policy.file;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What mosquitto 2.0 does with a plain ACL file, in the simplest words. */
final class NaiveAcl {
  private static final String GENERAL = "";

  private record Entry(String access, String topic) {
    boolean denies() {
      return access.equals("deny");
    }

    boolean allows(String asked) {
      return access.equals("readwrite") || access.equals(asked);
    }
  }

  private final Map<String, List<Entry>> sections = new HashMap<>();
  private final List<Entry> patterns = new ArrayList<>();

  /** Takes lines with one space between their words, each with an access. */
  static NaiveAcl of(List<String> lines) {
    var acl = new NaiveAcl();
    var user = GENERAL;
    for (var line : lines) {
      var words = line.split(" ", 3);
      switch (words[0]) {
        case "user" -> user = line.substring("user ".length());
        case "topic" ->
            acl.sections
                .computeIfAbsent(user, _ -> new ArrayList<>())
                .add(new Entry(words[1], words[2]));
        default -> acl.patterns.add(new Entry(words[1], words[2]));
      }
    }
    return acl;
  }

  /**
   * Returns whether a client may use a topic.
   *
   * @param user empty: it has no user name
   * @param asked {@code read} or {@code write}
   */
  boolean may(String user, String clientId, String topic, String asked) {
    var own = sections.getOrDefault(user, List.of());
    if (own.stream().anyMatch(entry -> entry.denies() && matches(entry.topic, topic))) {
      return false;
    }
    if (own.stream().anyMatch(entry -> entry.allows(asked) && matches(entry.topic, topic))) {
      return true;
    }
    if ((user + clientId).matches(".*[+#].*")) {
      return false;
    }
    var filled =
        patterns.stream()
            .filter(entry -> !user.isEmpty() || !entry.topic.contains("%u"))
            .map(entry -> new Entry(entry.access, fill(entry.topic, user, clientId)))
            .toList();
    return filled.stream().noneMatch(entry -> entry.denies() && matches(entry.topic, topic))
        && filled.stream().anyMatch(entry -> entry.allows(asked) && matches(entry.topic, topic));
  }

  private static String fill(String pattern, String user, String clientId) {
    if (pattern.startsWith("%c")) {
      return clientId + fill(pattern.substring(2), user, clientId);
    }
    if (pattern.startsWith("%u")) {
      return user + fill(pattern.substring(2), user, clientId);
    }
    return pattern.isEmpty() ? "" : pattern.charAt(0) + fill(pattern.substring(1), user, clientId);
  }

  /** Returns whether a Topic Filter matches a Topic Name, MQTT 5.0 section 4.7. */
  static boolean matches(String filter, String topic) {
    return filter.startsWith("$") == topic.startsWith("$")
        && matches(List.of(filter.split("/", -1)), List.of(topic.split("/", -1)));
  }

  private static boolean matches(List<String> filter, List<String> topic) {
    if (filter.isEmpty() || topic.isEmpty()) {
      return filter.equals(topic) || filter.equals(List.of("#"));
    }
    var first = filter.getFirst();
    return first.equals("#")
        || ((first.equals("+") || first.equals(topic.getFirst()))
            && matches(filter.subList(1, filter.size()), topic.subList(1, topic.size())));
  }
}
