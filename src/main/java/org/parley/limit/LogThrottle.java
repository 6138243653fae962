package org.parley.limit;

import java.time.Duration;
import java.util.OptionalLong;
import org.parley.core.Ticker;

/** Lets one log line through for each key in each period, and counts the others. */
public final class LogThrottle {
  private static final class Lines {
    private boolean any;
    private long lastNanos;
    private long left;
  }

  private final long periodNanos;
  private final Ticker ticker;
  private final RecentlyUsed<String, Lines> lines;

  /**
   * @param mostKeys how many keys are remembered
   */
  public LogThrottle(Duration period, int mostKeys, Ticker ticker) {
    this.periodNanos = period.toNanos();
    this.ticker = ticker;
    this.lines = new RecentlyUsed<>(mostKeys, _ -> new Lines());
  }

  /**
   * Asks for a line.
   *
   * @return how many lines of the key were left out since its last one; empty: leave this one out
   */
  public OptionalLong pass(String key) {
    var ofKey = lines.of(key);
    long now = ticker.nanos();
    synchronized (ofKey) {
      if (ofKey.any && now - ofKey.lastNanos < periodNanos) {
        ofKey.left++;
        return OptionalLong.empty();
      }
      long left = ofKey.left;
      ofKey.any = true;
      ofKey.lastNanos = now;
      ofKey.left = 0;
      return OptionalLong.of(left);
    }
  }
}
