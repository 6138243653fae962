package org.parley.mqtt.broker;

import java.time.Duration;
import org.parley.core.Ticker;

/** How long a peer has said nothing, and how long it may; any thread may ask. */
final class Silence {
  private final Ticker ticker;
  private volatile long heardNanos;
  private volatile long limitNanos;

  Silence(Ticker ticker, Duration limit) {
    this.ticker = ticker;
    this.limitNanos = limit.toNanos();
    heardNow();
  }

  /** The peer was heard, or could not be. */
  void heardNow() {
    heardNanos = ticker.nanos();
  }

  /** Returns when the peer was heard last. */
  long heardNanos() {
    return heardNanos;
  }

  /** Sets how long the peer may be silent, nanoseconds; 0 for ever. */
  void limit(long nanos) {
    limitNanos = nanos;
  }

  boolean isTooLong(long nowNanos) {
    long limit = limitNanos;
    return limit > 0 && nowNanos - heardNanos >= limit;
  }
}
