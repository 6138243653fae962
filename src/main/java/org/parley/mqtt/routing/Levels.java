package org.parley.mqtt.routing;

/**
 * The levels of names and patterns, in place: nothing is cut out before it is needed, and no depth
 * of levels is a depth of calls.
 */
final class Levels {
  static final char SEPARATOR = '/';
  static final char SINGLE = '+';
  static final char MULTI = '#';

  private Levels() {}

  /** Returns where the level that begins at {@code from} ends: at a separator or the end. */
  static int end(String text, int from) {
    int end = text.indexOf(SEPARATOR, from);
    return end < 0 ? text.length() : end;
  }

  /** Returns whether the level is this one character. */
  static boolean is(char character, String text, int from, int end) {
    return end == from + 1 && text.charAt(from) == character;
  }

  /** Returns whether the name is one that wildcards in the first level leave alone. */
  static boolean isReserved(String topic) {
    return !topic.isEmpty() && topic.charAt(0) == '$';
  }

  /**
   * Returns whether the levels of a legal pattern from {@code inPattern} on match those of a name
   * from {@code inTopic} on. The rule about {@code $} is for the caller.
   */
  static boolean match(String pattern, int inPattern, String topic, int inTopic) {
    int p = inPattern;
    int t = inTopic;
    while (true) {
      int patternEnd = end(pattern, p);
      if (is(MULTI, pattern, p, patternEnd)) {
        return true;
      }
      int topicEnd = end(topic, t);
      if (!is(SINGLE, pattern, p, patternEnd)
          && (patternEnd - p != topicEnd - t
              || !pattern.regionMatches(p, topic, t, topicEnd - t))) {
        return false;
      }
      if (topicEnd == topic.length()) {
        return patternEnd == pattern.length()
            || is(MULTI, pattern, patternEnd + 1, pattern.length());
      }
      if (patternEnd == pattern.length()) {
        return false;
      }
      p = patternEnd + 1;
      t = topicEnd + 1;
    }
  }
}
