package org.parley.pcp.message;

import java.util.Optional;
import java.util.UUID;

/**
 * The {@code id} of a PCP message (PCP 2.0 section 1.4): a UUID in its full text form, {@code
 * 8-4-4-4-12} hexadecimal digits of any case. The text is kept as it came, so that a reply echoes
 * it exactly; two identifiers are equal when their texts are.
 *
 * @param text 36 ASCII characters
 */
public record MessageId(String text) {
  private static final int LENGTH = 36;

  /**
   * Wraps a text that is known to be a UUID.
   *
   * @throws IllegalArgumentException if it is not; use {@link #parse} for text of a peer
   */
  public MessageId {
    if (!isUuid(text)) {
      throw new IllegalArgumentException("not a UUID");
    }
  }

  /** Returns a new identifier that no one can guess, in lower case. */
  public static MessageId random() {
    return new MessageId(UUID.randomUUID().toString());
  }

  /** Returns the identifier that a text is, or empty if it is not a UUID in full form. */
  public static Optional<MessageId> parse(String text) {
    return isUuid(text) ? Optional.of(new MessageId(text)) : Optional.empty();
  }

  private static boolean isUuid(String text) {
    if (text.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
      if (hyphen ? text.charAt(i) != '-' : !isHexDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHexDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  @Override
  public String toString() {
    return text;
  }
}
