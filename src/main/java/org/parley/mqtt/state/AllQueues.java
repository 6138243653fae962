package org.parley.mqtt.state;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the queues of all sessions hold together. A message counts once, however many queues it is
 * in; its places in them count for themselves. The thread that applies commands changes it.
 */
final class AllQueues {
  /** Bytes that a place in a queue costs, about. */
  static final int PLACE_BYTES = 64;

  /** A message of at most so many bytes, about, has no row of its own. */
  private static final int IN_THE_ENTRY_BYTES = 512;

  /** A message as long as it is in some queue. */
  static final class Held {
    private final Message message;
    private final long size;
    private int places;

    /** Of its row, once it has had one. */
    private long number = StateRows.IN_THE_ENTRY;

    /** Entries with a row that name it. */
    private int rows;

    Held(Message message) {
      this.message = message;
      size = message.sizeBytes();
    }

    Message message() {
      return message;
    }
  }

  private final StateChanges changes;
  private long lastNumber = StateRows.IN_THE_ENTRY;
  private final AtomicLong places = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  AllQueues(StateChanges changes) {
    this.changes = changes;
  }

  /** Tells the row of an entry of a session, and that of its message if it is the first. */
  void keep(long session, QueueEntry entry, Held held) {
    if (held.size > IN_THE_ENTRY_BYTES) {
      if (held.number == StateRows.IN_THE_ENTRY) {
        lastNumber++;
        held.number = lastNumber;
      }
      if (held.rows == 0) {
        changes.message(held.number, held.message);
      }
      held.rows++;
    }
    changes.entry(session, entry, held.number);
  }

  /** An entry with a row has changed. */
  void keepAgain(long session, QueueEntry entry, Held held) {
    changes.entry(session, entry, held.number);
  }

  /** An entry has lost its row, or its session has; and maybe its message. */
  void forget(Held held) {
    if (held.number != StateRows.IN_THE_ENTRY) {
      held.rows--;
      if (held.rows == 0) {
        changes.messageGone(held.number);
      }
    }
  }

  /** An entry and a message have their rows already. */
  void restore(Held held, long number) {
    held.number = number;
    held.rows += number == StateRows.IN_THE_ENTRY ? 0 : 1;
    lastNumber = Math.max(lastNumber, number);
  }

  /** No number of these is used again, whether an entry names it or not. */
  void restored(Collection<Long> numbers) {
    for (long number : numbers) {
      lastNumber = Math.max(lastNumber, number);
    }
  }

  /** A message has got a place in one more queue. */
  void add(Held held) {
    held.places++;
    change(1, held.places == 1 ? held.size + PLACE_BYTES : PLACE_BYTES);
  }

  /** A message has lost a place. */
  void remove(Held held) {
    held.places--;
    change(-1, held.places == 0 ? -held.size - PLACE_BYTES : -PLACE_BYTES);
  }

  private void change(long morePlaces, long moreBytes) {
    places.setRelease(places.getPlain() + morePlaces);
    bytes.setRelease(bytes.getPlain() + moreBytes);
  }

  /** Returns how many deliveries are owed; any thread may ask. */
  long places() {
    return places.getAcquire();
  }

  /** Any thread may ask. */
  long bytes() {
    return bytes.getAcquire();
  }
}
