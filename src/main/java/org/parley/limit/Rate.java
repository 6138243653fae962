package org.parley.limit;

import java.time.Duration;

/**
 * How often something may happen in the long run, and how often at once.
 *
 * @param events in each period; 0: there is no limit
 * @param period positive
 * @param burst how often at once, after a time of quiet; at least 1
 */
public record Rate(long events, Duration period, int burst) {
  public static final Rate UNLIMITED = new Rate(0, Duration.ofSeconds(1), 1);

  public Rate {
    if (events < 0 || !period.isPositive() || burst < 1) {
      throw new IllegalArgumentException(events + " in " + period + ", " + burst + " at once");
    }
  }

  public boolean limited() {
    return events > 0;
  }

  /** Returns the same rate with another burst. */
  public Rate withBurst(int atOnce) {
    return new Rate(events, period, atOnce);
  }
}
