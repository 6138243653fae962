package org.parley.core;

/** Makes text that a peer chose fit for one log line: printable ASCII of bounded length. */
public final class LogText {
  /** Characters of the input that {@link #escape(String)} keeps. */
  public static final int DEFAULT_LIMIT = 256;

  private LogText() {}

  /** Escapes with {@link #DEFAULT_LIMIT}. */
  public static String escape(String text) {
    return escape(text, DEFAULT_LIMIT);
  }

  /**
   * Returns the text with everything but printable ASCII as {@code \}{@code uXXXX} (control
   * characters, line breaks, bidirectional marks, homoglyphs), with {@code \} and {@code "} escaped
   * by a backslash, so that a quoted value cannot end early and the original can be told.
   *
   * @param limit how many characters of the input are kept; {@code ...} and the full length replace
   *     the rest
   */
  public static String escape(String text, int limit) {
    int kept = Math.min(text.length(), limit);
    var escaped = new StringBuilder(kept + 16);
    for (int i = 0; i < kept; i++) {
      append(escaped, text.charAt(i));
    }
    if (kept < text.length()) {
      escaped.append("...(").append(text.length()).append(" characters)");
    }
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, char c) {
    if (c == '\\' || c == '"') {
      escaped.append('\\').append(c);
    } else if (c >= ' ' && c <= '~') {
      escaped.append(c);
    } else {
      escaped.append(String.format("\\u%04X", (int) c));
    }
  }
}
