package org.parley.core;

import java.util.concurrent.atomic.AtomicLong;

/** Names one network connection for the life of this process; never reused. */
public record ConnectionId(long value) {
  private static final AtomicLong LAST = new AtomicLong();

  /** Returns an identifier that no other connection of this process has. */
  public static ConnectionId next() {
    return new ConnectionId(LAST.incrementAndGet());
  }
}
