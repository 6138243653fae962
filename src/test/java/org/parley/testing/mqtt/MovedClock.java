package org.parley.testing.mqtt;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.parley.core.Ticker;

/** Time that passes when a test says so. */
public final class MovedClock implements InstantSource, Ticker {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong correction = new AtomicLong();

  @Override
  public Instant instant() {
    return START.plusNanos(nanos.get() + correction.get());
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  /** Somebody sets the wall clock; no time passes. */
  public void correct(Duration by) {
    correction.addAndGet(by.toNanos());
  }

  public void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
  }
}
