package org.parley.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Time of day that nobody can set: it begins as the wall clock and goes on with elapsed time. What
 * the wall clock says meanwhile it follows, but never by more than a hundredth of the time that
 * passes. So a clock that is set by an hour ends no sessions, messages or delays before their time,
 * and one that runs a little fast or slow is kept up with. Safe for use by any thread.
 */
public final class SteadyClock implements InstantSource {
  private static final long PASSED_FOR_ONE = 100;
  private static final long NANOS_OF_MILLI = 1_000_000;

  private final InstantSource wall;
  private final Ticker ticker;
  private long followedNanos;
  private volatile long originNanos;

  /** A clock that begins at the wall clock's time. */
  public SteadyClock(InstantSource wall, Ticker ticker) {
    this.wall = wall;
    this.ticker = ticker;
    this.followedNanos = ticker.nanos();
    this.originNanos = nanosOf(wall.instant()) - followedNanos;
  }

  /** Goes on from here if it is behind, as after a start with a wall clock that was set back. */
  public synchronized void notBefore(long millis) {
    originNanos += Math.max(0, (millis - millis()) * NANOS_OF_MILLI);
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(originNanos + ticker.nanos());
  }

  @Override
  public long millis() {
    return Math.floorDiv(originNanos + ticker.nanos(), NANOS_OF_MILLI);
  }

  /** Follows the wall clock by as much as it may; to be called now and then. */
  public synchronized void follow() {
    long now = ticker.nanos();
    long most = (now - followedNanos) / PASSED_FOR_ONE;
    long behind = nanosOf(wall.instant()) - now - originNanos;
    originNanos += Math.clamp(behind, -most, most);
    followedNanos = now;
  }

  private static long nanosOf(Instant instant) {
    return Duration.between(Instant.EPOCH, instant).toNanos();
  }
}
