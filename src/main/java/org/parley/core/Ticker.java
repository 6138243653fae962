package org.parley.core;

import java.util.concurrent.TimeUnit;

/** Elapsed time, handed to everything that measures it; only its differences mean anything. */
@FunctionalInterface
public interface Ticker {
  /** Returns nanoseconds since an arbitrary origin, never going back. */
  long nanos();

  /** Returns whole milliseconds between two readings. */
  static long millisBetween(long fromNanos, long toNanos) {
    return TimeUnit.NANOSECONDS.toMillis(toNanos - fromNanos);
  }
}
