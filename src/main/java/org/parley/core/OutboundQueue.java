package org.parley.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits to be written to one peer: bounded in messages and bytes, one write in flight, in the
 * order offered. Offering never blocks and never waits for the peer.
 */
public final class OutboundQueue {
  /** Writes one message without blocking, then calls {@code done} once, on any thread. */
  @FunctionalInterface
  public interface Wire {
    void write(Outbound message, Done done);
  }

  /** The end of one write; a second call does nothing. */
  @FunctionalInterface
  public interface Done {
    void written(boolean ok);
  }

  /** What became of an offered message. */
  public enum Offer {
    /** It will be written, unless the connection ends first. */
    QUEUED,
    /** It would pass a bound; nothing was kept. */
    FULL,
    /** The connection is closing or gone. */
    CLOSED
  }

  /**
   * The bounds of one queue.
   *
   * @param messages how many messages may wait, the one in flight included
   * @param bytes how many bytes they may hold; one message alone may be larger
   */
  public record Bounds(int messages, long bytes) {
    public Bounds {
      if (messages < 1 || bytes < 1) {
        throw new IllegalArgumentException("a queue of " + messages + " messages, " + bytes);
      }
    }
  }

  /** A message, and who is to hear that it was lost. */
  private record Waiting(Outbound message, Runnable onLost) {}

  private final Bounds bounds;
  private final ByteBudget budget;
  private final WireMeter meter;
  private final Wire wire;
  private final Runnable onFailure;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition written = lock.newCondition();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(2);
  private int depth;
  private long bytes;
  private boolean writing;
  private boolean closed;

  /**
   * @param budget shared with the other queues of the broker
   * @param onFailure called once, when a write fails
   */
  public OutboundQueue(
      Bounds bounds, ByteBudget budget, WireMeter meter, Wire wire, Runnable onFailure) {
    this.bounds = bounds;
    this.budget = budget;
    this.meter = meter;
    this.wire = wire;
    this.onFailure = onFailure;
  }

  /** Queues a message that may be lost with the connection. */
  public Offer offer(Outbound message) {
    return offer(message, () -> {});
  }

  /**
   * Queues a message, and starts writing if nothing is in flight.
   *
   * @param onLost called, at most once and with no lock held, if the message was queued and the
   *     connection ended before it was written
   */
  public Offer offer(Outbound message, Runnable onLost) {
    int size = message.sizeBytes();
    lock.lock();
    try {
      if (closed) {
        return Offer.CLOSED;
      }
      if (depth >= bounds.messages || (depth > 0 && bytes + size > bounds.bytes)) {
        return Offer.FULL;
      }
      if (!budget.tryAcquire(size)) {
        return Offer.FULL;
      }
      waiting.add(new Waiting(message, onLost));
      depth++;
      bytes += size;
      if (writing) {
        return Offer.QUEUED;
      }
      writing = true;
    } finally {
      lock.unlock();
    }
    writeNext();
    return Offer.QUEUED;
  }

  /** Takes nothing more; what waits is still written. */
  public void finish() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until everything has been written.
   *
   * @return whether nothing waits any more
   */
  public boolean awaitEmpty(Duration limit) {
    lock.lock();
    try {
      long nanos = limit.toNanos();
      while (depth > 0 && nanos > 0) {
        nanos = written.awaitNanos(nanos);
      }
      return depth == 0;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits, for so long at the most, while more than half of either bound is used. */
  public void awaitHalfEmpty(Duration limit) {
    lock.lock();
    try {
      long nanos = limit.toNanos();
      while (!closed && overHalf() && nanos > 0) {
        nanos = written.awaitNanos(nanos);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Needs the lock. */
  private boolean overHalf() {
    return depth > bounds.messages / 2 || bytes > bounds.bytes / 2;
  }

  /** Forgets what waits and takes nothing more; the write in flight, if any, ends by itself. */
  public void close() {
    List<Waiting> lost;
    lock.lock();
    try {
      closed = true;
      lost = List.copyOf(waiting);
      waiting.clear();
      lost.forEach(one -> forget(one.message));
    } finally {
      lock.unlock();
    }
    lost.forEach(one -> one.onLost.run());
  }

  /** Returns how many messages wait, the one in flight included. */
  public int depth() {
    lock.lock();
    try {
      return depth;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many bytes wait, those in flight included. */
  public long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether more than half of either bound is used. */
  public boolean overHalfFull() {
    lock.lock();
    try {
      return overHalf();
    } finally {
      lock.unlock();
    }
  }

  /** Writes until the queue is empty or a write goes on by itself; one thread at a time. */
  private void writeNext() {
    while (true) {
      Waiting next;
      lock.lock();
      try {
        next = waiting.poll();
        if (next == null) {
          writing = false;
          return;
        }
      } finally {
        lock.unlock();
      }
      var write = new InFlight(next);
      wire.write(next.message, write);
      if (!write.endedWithinCall()) {
        return;
      }
    }
  }

  /** Needs the lock. */
  private void forget(Outbound message) {
    depth--;
    bytes -= message.sizeBytes();
    budget.release(message.sizeBytes());
    if (lock.hasWaiters(written)) {
      written.signalAll();
    }
  }

  /** One write; tells an end within the call from a later one, so that the stack never grows. */
  private final class InFlight implements Done {
    private static final int STARTED = 0;
    private static final int ENDED = 1;
    private static final int LEFT = 2;
    private final Waiting one;
    private final int size;
    private final AtomicInteger state = new AtomicInteger(STARTED);
    private final AtomicBoolean ended = new AtomicBoolean();

    InFlight(Waiting one) {
      this.one = one;
      this.size = one.message.sizeBytes();
    }

    @Override
    public void written(boolean ok) {
      if (!ended.compareAndSet(false, true)) {
        return;
      }
      lock.lock();
      try {
        forget(one.message);
      } finally {
        lock.unlock();
      }
      if (ok) {
        meter.sent(size);
      } else {
        close();
        one.onLost.run();
        onFailure.run();
      }
      if (!state.compareAndSet(STARTED, ENDED)) {
        writeNext();
      }
    }

    boolean endedWithinCall() {
      return !state.compareAndSet(STARTED, LEFT);
    }
  }
}
