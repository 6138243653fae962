package org.parley.pcp.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The {@code expires} of a version 1 envelope: a date and time of ISO-8601 with its offset from
 * UTC, such as {@code 2026-01-31T12:00:00.250Z}. The text is kept, so that it is relayed exactly.
 *
 * @param text as it came
 * @param instant the moment that it means
 */
public record Expiry(String text, Instant instant) {
  /** What the broker writes: its own messages do not expire, deployed clients ignore it. */
  public static final Expiry EPOCH = new Expiry("1970-01-01T00:00:00.000Z", Instant.EPOCH);

  private static final int MAXIMUM_LENGTH = 64;

  /** Returns what a text means, or empty if it is no date and time with an offset. */
  public static Optional<Expiry> parse(String text) {
    if (text.length() > MAXIMUM_LENGTH) {
      return Optional.empty();
    }
    try {
      var moment = OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME);
      return Optional.of(new Expiry(text, moment.toInstant()));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /** Returns whether the moment has come. */
  public boolean passed(Instant now) {
    return !instant.isAfter(now);
  }
}
