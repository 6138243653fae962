package org.parley.edge.linelog;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HexFormat;

/**
 * How a line looks. Each is printable ASCII and ends with a line feed, whatever peers sent.
 *
 * @param <E> what a line is about
 */
public interface LineLayout<E> {
  /** ISO-8601, UTC, always with three digits of milliseconds. */
  DateTimeFormatter TIME = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  HexFormat HEX = HexFormat.of().withUpperCase();

  /** Appends the line of an entry. */
  void append(StringBuilder out, E entry);

  /** Appends the line that says how many lines are missing. */
  void appendDropped(StringBuilder out, long timeMillis, long lines);

  static void appendTime(StringBuilder out, long millis) {
    TIME.formatTo(Instant.ofEpochMilli(millis), out);
  }

  /** Appends a character as the six characters {@code \}{@code uXXXX}. */
  static void appendEscaped(StringBuilder out, char c) {
    out.append("\\u").append(HEX.toHexDigits(c));
  }

  static boolean isPrintable(char c) {
    return c >= ' ' && c <= '~';
  }
}
