package org.parley.mqtt.codec;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a UTF-8 Encoded String, MQTT 5.0 section 1.5.4. The decoder of the Java library puts
 * U+FFFD in the place of what is not well-formed, and two different names would become one.
 */
final class Utf8Text {
  static final String ILL_FORMED = "text is not well-formed UTF-8";
  static final String NUL = "U+0000 in text";
  static final String DISALLOWED = "disallowed code point in text";

  private static final int SPACE = 0x20;
  private static final int DELETE = 0x7f;
  private static final int LAST_CONTROL = 0x9f;
  private static final int NOT_WELL_FORMED = -1;

  private Utf8Text() {}

  /** Returns whether all bytes are printable ASCII, which nothing forbids. */
  static boolean isPlain(byte[] bytes) {
    for (byte b : bytes) {
      if (b < SPACE || b == DELETE) { // negative: not ASCII
        return false;
      }
    }
    return true;
  }

  /** Returns the text of bytes without a fault. */
  static String decode(byte[] bytes, boolean plain) {
    return new String(bytes, plain ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  /** Returns what is wrong with the text of these bytes; null if nothing is. */
  static @Nullable String fault(byte[] bytes, boolean rejectDisallowed) {
    for (int i = 0; i < bytes.length; ) {
      int codePoint = codePoint(bytes, i);
      if (codePoint == NOT_WELL_FORMED) {
        return ILL_FORMED; // [MQTT-1.5.4-1]
      }
      if (codePoint == 0) {
        return NUL; // [MQTT-1.5.4-2]
      }
      if (rejectDisallowed && isDisallowed(codePoint)) {
        return DISALLOWED;
      }
      i += length(codePoint); // EF BB BF is a character like others [MQTT-1.5.4-3]
    }
    return null;
  }

  /** Returns the code point that begins at {@code i}, of RFC 3629 and in its shortest form. */
  private static int codePoint(byte[] bytes, int i) {
    int lead = bytes[i] & 0xff;
    if (lead < 0x80) {
      return lead;
    }
    int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || length > bytes.length - i) {
      return NOT_WELL_FORMED;
    }
    int codePoint = lead & (0x7f >> length);
    for (int j = 1; j < length; j++) {
      int b = bytes[i + j];
      if ((b & 0xc0) != 0x80) {
        return NOT_WELL_FORMED;
      }
      codePoint = (codePoint << 6) | (b & 0x3f);
    }
    boolean wellFormed =
        Character.isValidCodePoint(codePoint)
            && length(codePoint) == length
            && !(codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
    return wellFormed ? codePoint : NOT_WELL_FORMED;
  }

  private static int length(int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  private static boolean isDisallowed(int codePoint) {
    return codePoint < SPACE
        || (codePoint >= DELETE && codePoint <= LAST_CONTROL)
        || (codePoint >= 0xfdd0 && codePoint <= 0xfdef)
        || (codePoint & 0xfffe) == 0xfffe;
  }
}
