package org.parley.mqtt.routing;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.TopicName;

/**
 * A Topic Filter that keeps the rules, MQTT 5.0 sections 4.7 and 4.8.2. Its identity is the full
 * text.
 *
 * @param text as subscribed to, {@code $share/} included
 * @param shareName the group, for a shared subscription
 * @param pattern what topics are matched with: the text without the share
 */
public record TopicFilter(String text, Optional<String> shareName, String pattern) {
  /** The longest UTF-8 form [MQTT-4.7.3-3]. */
  private static final int MAX_BYTES = 65_535;

  private static final String SHARE = "$share/";

  /**
   * Returns the filter; empty if it breaks a rule. A share within a share, and one without a name,
   * is none: it could never be what was meant.
   */
  public static Optional<TopicFilter> parse(String text) {
    if (utf8Length(text) > MAX_BYTES) {
      return Optional.empty();
    }
    if (!text.startsWith(SHARE)) {
      return isPattern(text) && !text.equals("$share")
          ? Optional.of(new TopicFilter(text, Optional.empty(), text))
          : Optional.empty();
    }
    int nameEnd = Levels.end(text, SHARE.length());
    var name = text.substring(SHARE.length(), nameEnd);
    if (nameEnd == text.length() || name.isEmpty() || hasWildcard(name)) {
      return Optional.empty(); // [MQTT-4.8.2-1], [MQTT-4.8.2-2]
    }
    var pattern = text.substring(nameEnd + 1);
    return isPattern(pattern) && !pattern.startsWith(SHARE)
        ? Optional.of(new TopicFilter(text, Optional.of(name), pattern))
        : Optional.empty();
  }

  public boolean isShared() {
    return shareName.isPresent();
  }

  /** Returns whether a message with this name is for the subscription, section 4.7. */
  public boolean matches(TopicName topic) {
    var name = topic.text();
    return !name.isEmpty()
        && !(Levels.isReserved(name) && beginsWithWildcard()) // [MQTT-4.7.2-1]
        && Levels.match(pattern, 0, name, 0);
  }

  private boolean beginsWithWildcard() {
    char first = pattern.charAt(0);
    return first == Levels.SINGLE || first == Levels.MULTI;
  }

  /** The rules for wildcards [MQTT-4.7.1-1] [MQTT-4.7.1-2], and at least one character. */
  private static boolean isPattern(String pattern) {
    if (pattern.isEmpty() || pattern.indexOf('\0') >= 0) {
      return false;
    }
    int from = 0;
    while (true) {
      int end = Levels.end(pattern, from);
      boolean last = end == pattern.length();
      if (end - from > 1 && hasWildcard(pattern, from, end)) {
        return false;
      }
      if (!last && Levels.is(Levels.MULTI, pattern, from, end)) {
        return false;
      }
      if (last) {
        return true;
      }
      from = end + 1;
    }
  }

  private static boolean hasWildcard(String text) {
    return hasWildcard(text, 0, text.length());
  }

  private static boolean hasWildcard(String text, int from, int end) {
    for (int i = from; i < end; i++) {
      if (text.charAt(i) == Levels.SINGLE || text.charAt(i) == Levels.MULTI) {
        return true;
      }
    }
    return false;
  }

  /** Counts without encoding; a surrogate is half of four bytes. */
  private static long utf8Length(String text) {
    long length = text.length();
    if (length > MAX_BYTES || length * 3 <= MAX_BYTES) {
      return length;
    }
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (Character.isSurrogate(character)) {
        length++;
      } else if (character >= 0x80) {
        length += character < 0x800 ? 1 : 2;
      }
    }
    return length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TopicFilter filter && text.equals(filter.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
