package org.parley.websocket;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of unfinished messages all connections together may hold. */
final class InboundBudget {
  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  InboundBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Replaces one connection's share; returns false when the budget is now overspent. */
  boolean change(long fromBytes, long toBytes) {
    if (fromBytes == toBytes) {
      return true;
    }
    return usedBytes.addAndGet(toBytes - fromBytes) <= limitBytes || toBytes < fromBytes;
  }

  long usedBytes() {
    return usedBytes.get();
  }
}
