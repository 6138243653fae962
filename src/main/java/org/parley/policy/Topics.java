package org.parley.policy;

/**
 * Topic Filters as sets of Topic Names (MQTT 5.0 section 4.7): what one says of another. A Topic
 * Name is the filter of itself alone. Level by level from the left, in time that grows with the
 * length, without recursion and without anything on the heap.
 */
final class Topics {
  private static final char SEPARATOR = '/';
  private static final char ONE_LEVEL = '+';
  private static final char ALL_LEVELS = '#';

  private Topics() {}

  /** Returns whether this is a Topic Filter [MQTT-4.7.0-1], [MQTT-4.7.1-1], [MQTT-4.7.1-2]. */
  static boolean isFilter(String text) {
    if (text.isEmpty() || text.indexOf('\0') >= 0) {
      return false;
    }
    for (int from = 0, end; from <= text.length(); from = end + 1) {
      end = endOfLevel(text, from);
      for (int i = from; i < end; i++) {
        char c = text.charAt(i);
        boolean alone = end - from == 1 && (c == ONE_LEVEL || end == text.length());
        if ((c == ONE_LEVEL || c == ALL_LEVELS) && !alone) {
          return false;
        }
      }
    }
    return true;
  }

  /** Returns whether {@code wide} matches every topic that {@code narrow} matches. */
  static boolean covers(String wide, String narrow) {
    var all = explicit(wide);
    var part = explicit(narrow);
    int ofAll = 0;
    int ofPart = 0;
    while (ofAll <= all.length()) {
      if (isAllLevels(all, ofAll)) {
        return true;
      }
      if (ofPart > part.length() || isAllLevels(part, ofPart)) {
        return false;
      }
      int endOfAll = endOfLevel(all, ofAll);
      int endOfPart = endOfLevel(part, ofPart);
      boolean covered =
          isOneLevel(all, ofAll, endOfAll)
              ? ofAll > 0 || !isReserved(part)
              : sameLevel(all, ofAll, endOfAll, part, ofPart, endOfPart);
      if (!covered) {
        return false;
      }
      ofAll = endOfAll + 1;
      ofPart = endOfPart + 1;
    }
    return ofPart > part.length();
  }

  /** Returns whether there is a topic that both filters match. */
  static boolean intersect(String left, String right) {
    var one = explicit(left);
    var other = explicit(right);
    if ((beginsWithWildcard(one) && isReserved(other))
        || (beginsWithWildcard(other) && isReserved(one))) {
      return false; // [MQTT-4.7.2-1]
    }
    int ofOne = 0;
    int ofOther = 0;
    while (ofOne <= one.length() && ofOther <= other.length()) {
      if (isAllLevels(one, ofOne) || isAllLevels(other, ofOther)) {
        return true;
      }
      int endOfOne = endOfLevel(one, ofOne);
      int endOfOther = endOfLevel(other, ofOther);
      if (!isOneLevel(one, ofOne, endOfOne)
          && !isOneLevel(other, ofOther, endOfOther)
          && !sameLevel(one, ofOne, endOfOne, other, ofOther, endOfOther)) {
        return false;
      }
      ofOne = endOfOne + 1;
      ofOther = endOfOther + 1;
    }
    // What is left of one matches only if it is nothing, or "#", which the level above has too.
    return (ofOne > one.length() || isAllLevels(one, ofOne))
        && (ofOther > other.length() || isAllLevels(other, ofOther));
  }

  /**
   * Returns a filter of the same topics, in which "#" begins no topic. The empty Topic Name, which
   * "#" alone and "/#" would match too, is none [MQTT-4.7.3-1].
   */
  private static String explicit(String filter) {
    return switch (filter) {
      case "#" -> "+/#";
      case "/#" -> "/+/#";
      default -> filter;
    };
  }

  /** Returns whether it is of the topics that no wildcard at the beginning matches. */
  static boolean isReserved(String filter) {
    return filter.startsWith("$");
  }

  private static boolean beginsWithWildcard(String filter) {
    return isOneLevel(filter, 0, endOfLevel(filter, 0));
  }

  private static int endOfLevel(String filter, int from) {
    int separator = filter.indexOf(SEPARATOR, from);
    return separator < 0 ? filter.length() : separator;
  }

  private static boolean isOneLevel(String filter, int from, int end) {
    return end - from == 1 && filter.charAt(from) == ONE_LEVEL;
  }

  /** The wildcard is the last character, wherever it stands. */
  private static boolean isAllLevels(String filter, int from) {
    return from == filter.length() - 1 && filter.charAt(from) == ALL_LEVELS;
  }

  private static boolean sameLevel(
      String one, int ofOne, int endOfOne, String other, int ofOther, int endOfOther) {
    int length = endOfOne - ofOne;
    return length == endOfOther - ofOther && one.regionMatches(ofOne, other, ofOther, length);
  }
}
