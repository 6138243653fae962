package org.parley.core;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what one wire carries. Any thread may count, any thread may read. */
public final class WireMeter {
  private static final long NEVER = Long.MIN_VALUE;

  private final AtomicLong messagesIn = new AtomicLong();
  private final AtomicLong bytesIn = new AtomicLong();
  private final AtomicLong messagesOut = new AtomicLong();
  private final AtomicLong bytesOut = new AtomicLong();
  private volatile long heardNanos;
  private volatile long pingNanos = NEVER;
  private volatile long roundTripNanos = NEVER;

  public WireMeter(long nowNanos) {
    this.heardNanos = nowNanos;
  }

  /** A whole message came in. */
  public void received(int bytes, long nowNanos) {
    messagesIn.incrementAndGet();
    bytesIn.addAndGet(bytes);
    heard(nowNanos);
  }

  /** A whole message went out. */
  public void sent(int bytes) {
    messagesOut.incrementAndGet();
    bytesOut.addAndGet(bytes);
  }

  /** A sign of life came in. */
  public void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  /** A ping goes out; {@link #ponged} ends it. */
  public void pinged(long nowNanos) {
    pingNanos = nowNanos;
  }

  /** The pong to the ping of {@code sentNanos} came in. Others, unasked for, count as life only. */
  public void ponged(long sentNanos, long nowNanos) {
    heard(nowNanos);
    if (pingNanos == sentNanos && sentNanos != NEVER) {
      pingNanos = NEVER;
      roundTripNanos = nowNanos - sentNanos;
    }
  }

  /** Returns how long the peer has been silent. */
  public Duration silence(long nowNanos) {
    return Duration.ofNanos(Math.max(0, nowNanos - heardNanos));
  }

  /** Returns how long a ping has been without its pong; empty when none is. */
  public Optional<Duration> unansweredPing(long nowNanos) {
    long sent = pingNanos;
    return sent == NEVER ? Optional.empty() : Optional.of(Duration.ofNanos(nowNanos - sent));
  }

  /** Returns the round-trip time of the last answered ping. */
  public Optional<Duration> roundTrip() {
    long nanos = roundTripNanos;
    return nanos == NEVER ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
  }

  public long messagesIn() {
    return messagesIn.get();
  }

  public long bytesIn() {
    return bytesIn.get();
  }

  public long messagesOut() {
    return messagesOut.get();
  }

  public long bytesOut() {
    return bytesOut.get();
  }
}
