package org.parley.mqtt.state;

import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What is to happen by itself, in the order in which it is due. */
final class Timetable {
  static final long NEVER = Long.MAX_VALUE;

  enum Kind {
    /** A will, by its Client Identifier and epoch. */
    WILL,
    /** The end of a session, by its Client Identifier. */
    SESSION,
    /** Messages that expire in the queue of a session, by its Client Identifier. */
    QUEUE,
    /** A retained message that expires, by its topic. */
    RETAINED
  }

  /**
   * One thing to happen.
   *
   * @param due milliseconds of the epoch
   * @param epoch of a will; 0 otherwise
   */
  record Row(long due, Kind kind, String id, long epoch) {}

  private static final Comparator<Row> ORDER =
      Comparator.comparingLong(Row::due)
          .thenComparing(Row::kind)
          .thenComparing(Row::id)
          .thenComparingLong(Row::epoch);

  private final TreeSet<Row> rows = new TreeSet<>(ORDER);

  /** The first due, for threads that only ask. */
  private final AtomicLong next = new AtomicLong(NEVER);

  /** Puts something in; what is never due is left out. */
  void add(long due, Kind kind, String id, long epoch) {
    if (due != NEVER && rows.add(new Row(due, kind, id, epoch)) && due < next.get()) {
      next.set(due);
    }
  }

  void remove(long due, Kind kind, String id, long epoch) {
    if (due != NEVER && rows.remove(new Row(due, kind, id, epoch))) {
      tellNext();
    }
  }

  /** Takes out the first that is due. */
  @Nullable Row poll(long now) {
    if (!isDue(now)) {
      return null;
    }
    var row = rows.pollFirst();
    tellNext();
    return row;
  }

  private void tellNext() {
    next.set(rows.isEmpty() ? NEVER : rows.getFirst().due());
  }

  /** Returns whether something is due; any thread may ask. */
  boolean isDue(long now) {
    return next.get() <= now;
  }

  /** Returns when the first is due, or {@link #NEVER}; any thread may ask. */
  long next() {
    return next.get();
  }
}
