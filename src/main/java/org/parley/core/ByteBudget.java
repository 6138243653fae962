package org.parley.core;

import java.util.concurrent.atomic.AtomicLong;

/** A bound on the bytes that many queues hold together. */
public final class ByteBudget {
  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  public ByteBudget(long limitBytes) {
    if (limitBytes <= 0) {
      throw new IllegalArgumentException("budget of " + limitBytes + " bytes");
    }
    this.limitBytes = limitBytes;
  }

  /** Takes {@code bytes} from the budget, or leaves it as it is and returns false. */
  public boolean tryAcquire(long bytes) {
    // Never beyond the limit for a moment either: others would be refused what there is room for.
    long used = usedBytes.get();
    while (bytes <= limitBytes - used) {
      long seen = usedBytes.compareAndExchange(used, used + bytes);
      if (seen == used) {
        return true;
      }
      used = seen;
    }
    return false;
  }

  /** Takes {@code bytes} whether there is room for them or not. */
  public void acquire(long bytes) {
    usedBytes.addAndGet(bytes);
  }

  /** Gives back what {@link #tryAcquire} or {@link #acquire} took. */
  public void release(long bytes) {
    usedBytes.addAndGet(-bytes);
  }

  public long usedBytes() {
    return usedBytes.get();
  }

  public long limitBytes() {
    return limitBytes;
  }
}
