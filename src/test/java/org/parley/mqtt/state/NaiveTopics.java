package org.parley.mqtt.state;

/** Section 4.7 by the book: level by level, cut out. */
public final class NaiveTopics {
  private NaiveTopics() {}

  /** Returns whether a filter, the share name taken away, matches a Topic Name. */
  public static boolean matches(String pattern, String topic) {
    if (topic.startsWith("$") && (pattern.startsWith("+") || pattern.startsWith("#"))) {
      return false;
    }
    var wanted = pattern.split("/", -1);
    var levels = topic.split("/", -1);
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].equals("#")) {
        return true;
      }
      if (i >= levels.length || !(wanted[i].equals("+") || wanted[i].equals(levels[i]))) {
        return false;
      }
    }
    return wanted.length == levels.length;
  }
}
