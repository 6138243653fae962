package org.parley.edge.status;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.parley.core.Ticker;

/**
 * How often something happens a second, of late and since the start: moving averages that forget
 * exponentially, as those of a Unix load. One thread calls {@link #tick}; any may read.
 */
final class Meter {
  private static final double SECOND = 1e9;

  private final LongSupplier count;
  private final Ticker ticker;
  private final long startNanos;
  private final MovingAverage[] averages = {
    new MovingAverage(1), new MovingAverage(5), new MovingAverage(15)
  };
  private long counted;
  private long tickedNanos;

  /**
   * @param count how often it has happened in all
   */
  Meter(LongSupplier count, Ticker ticker) {
    this.count = count;
    this.ticker = ticker;
    this.startNanos = ticker.nanos();
    this.tickedNanos = startNanos;
    this.counted = count.getAsLong();
  }

  /** Takes in what has happened since the last call; called every few seconds. */
  void tick() {
    long now = ticker.nanos();
    long elapsed = now - tickedNanos;
    if (elapsed <= 0) {
      return;
    }
    long inAll = count.getAsLong();
    double seconds = elapsed / SECOND;
    for (var average : averages) {
      average.add((inAll - counted) / seconds, seconds);
    }
    counted = inAll;
    tickedNanos = now;
  }

  /** Returns how often it has happened since the start. */
  long count() {
    return count.getAsLong();
  }

  /**
   * Returns events a second over the last {@code 1}, {@code 5} and {@code 15} minutes, and in
   * {@code total} since the start.
   */
  Map<String, Object> perSecond() {
    var rates = new LinkedHashMap<String, Object>();
    for (var average : averages) {
      rates.put(Integer.toString(average.minutes), average.perSecond);
    }
    double up = (ticker.nanos() - startNanos) / SECOND;
    rates.put("total", up <= 0 ? 0.0 : count() / up);
    return rates;
  }

  /** An average over about so many minutes. */
  private static final class MovingAverage {
    private final int minutes;
    private boolean begun;
    private volatile double perSecond;

    MovingAverage(int minutes) {
      this.minutes = minutes;
    }

    void add(double latest, double seconds) {
      double weight = begun ? 1 - Math.exp(-seconds / (minutes * 60.0)) : 1;
      double before = perSecond; // one thread writes
      perSecond = before + weight * (latest - before);
      begun = true;
    }
  }
}
