package org.parley.mqtt.broker;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.parley.core.ByteBudget;
import org.parley.mqtt.broker.MqttCounters.Drop;

/**
 * What waits for one peer: messages with QoS 0, within a limit of their own, retained ones, and
 * bytes that the wire could not send. All of it is within a budget of all peers together. A message
 * counts for each peer that it waits for. The little that waits for a peer that keeps up is not
 * charged to the budget: it loses nothing when others have used that up, and the figure that all
 * share changes only when a peer falls behind by another {@link #GRAIN}.
 */
final class Backlog {
  /** Bytes that are not charged. */
  static final long FREE = 8 * 1024;

  /** Bytes in a wire that are not charged. */
  static final long FREE_UNSENT = 16 * 1024;

  /** Bytes that are charged at once. */
  static final long GRAIN = 32 * 1024;

  /** Bytes that one retained message costs while it waits: it is kept in any case. */
  private static final long REFERENCE = 64;

  /** Never reached from below by adding what may be on its way. */
  private static final long CLOSED = Long.MIN_VALUE / 2;

  private final long limit;
  private final ByteBudget budget;
  private final AtomicLong bytes = new AtomicLong();

  /** Charged for retained messages; the owner's. */
  private long replayed;

  /** Charged for what the wire has not sent; the owner changes it. */
  private volatile long unsent;

  Backlog(long limit, ByteBudget budget) {
    this.limit = limit;
    this.budget = budget;
  }

  private static long charge(long waiting) {
    return waiting <= FREE ? 0 : (waiting - FREE + GRAIN - 1) / GRAIN * GRAIN;
  }

  /**
   * Lets a message wait; any thread may call.
   *
   * @return why it may not; null: it does
   */
  @Nullable Drop add(long size) {
    long before = bytes.getAndAdd(size);
    long more = charge(before + size) - charge(before);
    if (before < 0) {
      undo(size, more);
      return Drop.OFFLINE;
    }
    if (before + size > limit) {
      undo(size, more);
      return Drop.SLOW_PEER;
    }
    if (more > 0 && !budget.tryAcquire(more)) {
      undo(size, more);
      return Drop.OVERLOADED;
    }
    return null;
  }

  /**
   * Takes back what was added and not charged. Others may have added or removed meanwhile: what
   * they were charged is right only as if this one had been, too.
   */
  private void undo(long size, long uncharged) {
    long before = bytes.getAndAdd(-size);
    long less = charge(before) - charge(before - size);
    if (less > uncharged) {
      budget.release(less - uncharged);
    } else if (less < uncharged) {
      budget.acquire(uncharged - less);
    }
  }

  /** A message does not wait any more. */
  void remove(long size) {
    long before = bytes.getAndAdd(-size);
    long less = charge(before) - charge(before - size);
    if (less > 0) {
      budget.release(less);
    }
  }

  /** Charges retained messages that wait, or gives back for those that do not any more. */
  void replaying(int messages) {
    long now = messages * REFERENCE;
    change(now - replayed);
    replayed = now;
  }

  /**
   * Charges what the wire could not send at once. The owner calls after each write, and again later
   * as long as it was more than {@link #FREE_UNSENT}.
   *
   * @return whether the peer may have no more for now: it is behind, and all peers together have
   *     used half of their budget
   */
  boolean unsent(long unsentBytes) {
    boolean behind = unsentBytes > FREE_UNSENT;
    long now = behind ? unsentBytes : 0;
    long before = unsent;
    if (now != before) {
      change(now - before);
      unsent = now;
    }
    return behind && pressed();
  }

  /** Returns whether the wire is charged for; any thread may ask. */
  boolean isCharged() {
    return unsent > 0;
  }

  private void change(long more) {
    if (more > 0) {
      budget.acquire(more);
    } else if (more < 0) {
      budget.release(-more);
    }
  }

  /** Returns whether all peers together have used half of their budget; any thread may ask. */
  boolean pressed() {
    return budget.usedBytes() > budget.limitBytes() / 2;
  }

  /** Returns whether the budget of all peers is used up. */
  boolean exhausted() {
    return budget.usedBytes() >= budget.limitBytes();
  }

  /**
   * Returns whether the peer keeps up: less than half of what may waits; little, while all peers
   * together have used half of their budget. Any thread may ask.
   */
  boolean hasRoom() {
    long waiting = bytes.get();
    return waiting <= limit / 2 && (waiting <= FREE || !pressed());
  }

  /** Returns the bytes that wait; any thread may ask. */
  long bytes() {
    return Math.max(0, bytes.get());
  }

  /** The peer is gone: nothing waits, and nothing will. The owner calls. */
  void close() {
    budget.release(charge(bytes.getAndSet(CLOSED)));
    replaying(0);
    var _ = unsent(0);
  }
}
