package org.parley.websocket;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of unfinished messages all connections together may hold. */
final class InboundBudget {
  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  InboundBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Returns the share of a new connection, which holds nothing yet. */
  Share share() {
    return new Share();
  }

  long usedBytes() {
    return usedBytes.get();
  }

  /**
   * What one connection holds of the budget; changed by its reader, released by whoever ends it.
   */
  final class Share {
    private static final long RELEASED = -1;

    private final AtomicLong heldBytes = new AtomicLong();

    /** Changes what is held; returns false when that overspends the budget. */
    boolean hold(long bytes) {
      long before = heldBytes.get();
      if (before == bytes || before == RELEASED || !heldBytes.compareAndSet(before, bytes)) {
        return true;
      }
      return usedBytes.addAndGet(bytes - before) <= limitBytes || bytes < before;
    }

    /** Gives everything back, for good. */
    void release() {
      long before = heldBytes.getAndSet(RELEASED);
      if (before != RELEASED) {
        usedBytes.addAndGet(-before);
      }
    }
  }
}
