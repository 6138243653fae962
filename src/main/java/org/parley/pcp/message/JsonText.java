package org.parley.pcp.message;

import java.util.HexFormat;

/**
 * One JSON value as its text (RFC 8259), relayed as it came: numbers keep their digits, keys their
 * order, and {@code null} is a value, distinct from no data at all.
 *
 * <p>The constructor trusts its caller: a text of a peer becomes a {@code JsonText} only in a
 * codec, after it has been checked whole.
 *
 * @param text a valid JSON value without white space around it
 */
public record JsonText(String text) {
  /** The value {@code null}. */
  public static final JsonText NULL = new JsonText("null");

  private static final HexFormat HEX = HexFormat.of();

  public JsonText {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("no JSON value is empty");
    }
  }

  /** Returns the JSON string of a value. */
  public static JsonText string(String value) {
    var out = new StringBuilder(value.length() + 16);
    appendString(out, value);
    return new JsonText(out.toString());
  }

  /**
   * Appends a JSON string, quoted. What RFC 8259 section 7 requires is escaped, and a lone
   * surrogate too, which UTF-8 could not carry; everything else stands for itself.
   */
  public static void appendString(StringBuilder out, String value) {
    out.append('"');
    int copied = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= 0x20 && c != '"' && c != '\\' && !Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isSurrogate(c) && Character.charCount(value.codePointAt(i)) == 2) {
        i++;
        continue;
      }
      out.append(value, copied, i);
      appendEscaped(out, c);
      copied = i + 1;
    }
    out.append(value, copied, value.length()).append('"');
  }

  private static void appendEscaped(StringBuilder out, char c) {
    switch (c) {
      case '"', '\\' -> out.append('\\').append(c);
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> out.append("\\u").append(HEX.toHexDigits(c));
    }
  }

  /** Returns the size only: data of clients does not belong in a log. */
  @Override
  public String toString() {
    return "JsonText[" + text.length() + " characters]";
  }
}
