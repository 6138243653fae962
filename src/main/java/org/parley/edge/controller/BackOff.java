package org.parley.edge.controller;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses between attempts (section 2.5): each twice as long as the one before, up to a limit,
 * less a random part of up to a half, so that many brokers do not dial in step. Used by one thread
 * at a time.
 */
final class BackOff {
  static final Duration FIRST = Duration.ofMillis(200);
  static final Duration LONGEST = Duration.ofSeconds(15);

  private final RandomGenerator random;
  private long nextMillis = FIRST.toMillis();

  BackOff(RandomGenerator random) {
    this.random = random;
  }

  /** Returns how long to wait before the next attempt. */
  Duration next() {
    long whole = nextMillis;
    nextMillis = Math.min(2 * whole, LONGEST.toMillis());
    return Duration.ofMillis(whole - random.nextLong(whole / 2 + 1));
  }

  /** Begins anew: the last attempt came to something. */
  void reset() {
    nextMillis = FIRST.toMillis();
  }
}
