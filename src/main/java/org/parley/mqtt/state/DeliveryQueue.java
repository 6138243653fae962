package org.parley.mqtt.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.AllQueues.Held;

/**
 * What a session is owed with QoS 1 and 2, in the order of sequences: a ring of slots, in which
 * what was acknowledged out of order leaves gaps. A gap costs a slot at most until the ring is
 * full; the ring never has more slots than about twice the entries.
 *
 * <p>The first entries are the window: what a connection may have sent. It grows while a connection
 * is there, as far as its Receive Maximum allows, and never gets smaller but by acknowledgement.
 */
final class DeliveryQueue {
  private static final int SMALLEST = 8;

  /** Hears what happens to the entries. */
  interface Watcher {
    void added(QueueEntry entry, Held message);

    void released(QueueEntry entry, Held message);

    void removed(QueueEntry entry, Held message);
  }

  /** An empty ring of more slots is given back. */
  private static final int KEPT = 64;

  private static final @Nullable QueueEntry[] NO_ENTRIES = {};
  private static final long[] NO_SEQUENCES = {};
  private static final @Nullable Held[] NO_HELD = {};

  private final AllQueues all;
  private final Watcher watcher;

  private @Nullable QueueEntry[] entries = NO_ENTRIES;

  /** What {@link #all} knows of the message of each slot. */
  private @Nullable Held[] held = NO_HELD;

  /** The sequence of each slot, gaps too. */
  private long[] sequences = NO_SEQUENCES;

  private int first;
  private int slots;
  private long nextSequence;

  /** How many of the first slots are in the window, or are gaps. */
  private int windowSlots;

  /** Everything before this sequence is in the window. */
  private long windowEnd;

  /** Entries in the window that the client has not said to have received. */
  private int windowEntries;

  /** No entry expires earlier; it may be one that is gone already. */
  private long firstExpiry = Message.NEVER;

  private final AtomicInteger size = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /** Begins empty; {@code all} is what it is counted together with. */
  DeliveryQueue(AllQueues all, Watcher watcher) {
    this.all = all;
    this.watcher = watcher;
  }

  /** Any thread may ask. */
  int size() {
    return size.getAcquire();
  }

  /** Any thread may ask. */
  long bytes() {
    return bytes.getAcquire();
  }

  /** Returns the sequence of the next entry. */
  long nextSequence() {
    return nextSequence;
  }

  /** Returns the sequence before which entries may have been sent. */
  long windowEnd() {
    return windowEnd;
  }

  /** Returns whether a connection would send one more at once. */
  boolean windowIsOpen(int receiveMaximum) {
    return windowEntries < receiveMaximum;
  }

  boolean isInWindow(QueueEntry entry) {
    return entry.sequence() < windowEnd;
  }

  long firstExpiry() {
    return firstExpiry;
  }

  QueueEntry add(Delivery delivery, Optional<TopicFilter> group) {
    return add(delivery, group, new Held(delivery.message()));
  }

  /**
   * Adds a delivery.
   *
   * @param message its message: the same object in all queues that it is in
   */
  QueueEntry add(Delivery delivery, Optional<TopicFilter> group, Held message) {
    var entry = new QueueEntry(nextSequence, delivery, false, group);
    append(entry, message);
    watcher.added(entry, message);
    return entry;
  }

  /** Adds an entry as it was before a restart; in the order of sequences. */
  void restore(QueueEntry entry, Held message) {
    append(entry, message);
  }

  private void append(QueueEntry entry, Held message) {
    if (slots == entries.length) {
      makeSlots();
    }
    int at = index(slots);
    entries[at] = entry;
    held[at] = message;
    sequences[at] = entry.sequence();
    all.add(message);
    slots++;
    nextSequence = entry.sequence() + 1;
    size.setRelease(size.getPlain() + 1);
    bytes.setRelease(bytes.getPlain() + entry.delivery().message().sizeBytes());
    firstExpiry = Math.min(firstExpiry, entry.delivery().message().expiresAt());
  }

  /**
   * Takes up the window as it was before a restart.
   *
   * @param sentBefore entries with a lower sequence may have been sent
   * @param next the sequence of the next entry, unless there are higher ones
   */
  void restoreWindow(long sentBefore, long next) {
    nextSequence = Math.max(nextSequence, next);
    while (windowSlots < slots && sequences[index(windowSlots)] < sentBefore) {
      var entry = entries[index(windowSlots)];
      windowEntries += entry == null || entry.released() ? 0 : 1;
      windowSlots++;
    }
    windowEnd = sentBefore;
  }

  /** What was sent before a restart is not known: any of the entries may have been. */
  void openWindow() {
    restoreWindow(nextSequence, nextSequence);
  }

  /** Lets the window grow: called when an entry came or went, while a connection is there. */
  void widen(int receiveMaximum) {
    while (windowSlots < slots && windowEntries < receiveMaximum) {
      widenBySlot();
    }
  }

  private void widenBySlot() {
    if (entries[index(windowSlots)] != null) {
      windowEnd = sequences[index(windowSlots)] + 1;
      windowEntries++;
    }
    windowSlots++;
  }

  @Nullable QueueEntry get(long sequence) {
    int slot = find(sequence);
    return slot < 0 ? null : entries[index(slot)];
  }

  @Nullable QueueEntry remove(long sequence) {
    int slot = find(sequence);
    return slot < 0 ? null : removeSlot(slot);
  }

  /** Returns what is known of the message of an entry in all queues. */
  @Nullable Held held(long sequence) {
    int slot = find(sequence);
    return slot < 0 ? null : held[index(slot)];
  }

  /** Shows each entry, in order, and what is known of its message. */
  void forEach(BiConsumer<QueueEntry, Held> visitor) {
    for (int i = 0; i < slots; i++) {
      var entry = entries[index(i)];
      var message = held[index(i)];
      if (entry != null && message != null) {
        visitor.accept(entry, message);
      }
    }
  }

  /** The session has ended: nothing here is owed or held any more. */
  void close() {
    for (var message : held) {
      if (message != null) {
        all.remove(message);
      }
    }
    slots = 0;
    windowSlots = 0;
    windowEntries = 0;
    giveRingBack();
  }

  private void giveRingBack() {
    entries = NO_ENTRIES;
    held = NO_HELD;
    sequences = NO_SEQUENCES;
    first = 0;
  }

  /** Removes an entry that the client has answered. */
  void acknowledge(long sequence) {
    int slot = find(sequence);
    if (slot >= 0) {
      reach(slot);
      removeSlot(slot);
    }
  }

  /** Marks an entry as received by the client. */
  void release(long sequence) {
    int slot = find(sequence);
    var entry = slot < 0 ? null : entries[index(slot)];
    if (entry != null && !entry.released()) {
      reach(slot);
      var released = entry.withReleased();
      entries[index(slot)] = released;
      windowEntries--;
      var message = held[index(slot)];
      if (message != null) {
        watcher.released(released, message);
      }
    }
  }

  /** The client knows the entry, so that all before it may have been sent too. */
  private void reach(int slot) {
    while (windowSlots <= slot) {
      widenBySlot();
    }
  }

  /** Removes the oldest that was certainly not sent, if there is one. */
  @Nullable QueueEntry removeOldestUnsent() {
    while (windowSlots < slots && entries[index(windowSlots)] == null) {
      windowSlots++;
    }
    return windowSlots < slots ? removeSlot(windowSlots) : null;
  }

  /** Removes what has expired and was certainly not sent. */
  List<QueueEntry> removeExpired(long now) {
    var removed = new ArrayList<QueueEntry>();
    long earliest = Message.NEVER;
    for (var entry : unsent()) {
      if (entry.delivery().message().isExpired(now)) {
        remove(entry.sequence());
        removed.add(entry);
      } else {
        earliest = Math.min(earliest, entry.delivery().message().expiresAt());
      }
    }
    firstExpiry = earliest;
    return removed;
  }

  List<QueueEntry> unsent() {
    return from(windowSlots);
  }

  List<QueueEntry> all() {
    return from(0);
  }

  private List<QueueEntry> from(int slot) {
    var list = new ArrayList<QueueEntry>();
    for (int i = slot; i < slots; i++) {
      var entry = entries[index(i)];
      if (entry != null) {
        list.add(entry);
      }
    }
    return list;
  }

  /** Returns whether giving the entry to somebody else could deliver it twice with QoS 2. */
  boolean isStarted(QueueEntry entry) {
    return entry.released() || (entry.delivery().qos() == QoS.EXACTLY_ONCE && isInWindow(entry));
  }

  private int index(int slot) {
    return (first + slot) & (entries.length - 1);
  }

  /** Returns the slot of a sequence, of an entry or a gap; -1 if there is none. */
  private int find(long sequence) {
    if (slots == 0 || sequence < sequences[first]) {
      return -1;
    }
    int high = (int) Math.min(sequence - sequences[first], slots - 1);
    if (sequences[index(high)] == sequence) { // always, until gaps were taken out
      return high;
    }
    int low = 0;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long found = sequences[index(middle)];
      if (found == sequence) {
        return middle;
      }
      if (found < sequence) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private @Nullable QueueEntry removeSlot(int slot) {
    var entry = entries[index(slot)];
    if (entry == null) {
      return null;
    }
    int at = index(slot);
    entries[at] = null;
    var message = held[at];
    if (message != null) {
      all.remove(message);
      held[at] = null;
      watcher.removed(entry, message);
    }
    size.setRelease(size.getPlain() - 1);
    bytes.setRelease(bytes.getPlain() - entry.delivery().message().sizeBytes());
    if (isInWindow(entry) && !entry.released()) {
      windowEntries--;
    }
    while (slots > 0 && entries[first] == null) {
      first = index(1);
      slots--;
      windowSlots = Math.max(0, windowSlots - 1);
    }
    if (slots == 0) {
      firstExpiry = Message.NEVER;
      if (entries.length > KEPT) {
        giveRingBack();
      }
    }
    return entry;
  }

  /** Takes the gaps out if they are worth it, or doubles the ring. */
  private void makeSlots() {
    int live = size.getPlain();
    int length = live * 4L <= entries.length * 3L ? entries.length : entries.length * 2;
    length = Math.max(SMALLEST, length);
    var movedEntries = new @Nullable QueueEntry[length];
    var movedHeld = new @Nullable Held[length];
    var movedSequences = new long[length];
    int to = 0;
    int window = 0;
    for (int i = 0; i < slots; i++) {
      var entry = entries[index(i)];
      if (entry != null) {
        movedEntries[to] = entry;
        movedHeld[to] = held[index(i)];
        movedSequences[to] = entry.sequence();
        to++;
        window += i < windowSlots ? 1 : 0;
      }
    }
    entries = movedEntries;
    held = movedHeld;
    sequences = movedSequences;
    first = 0;
    slots = to;
    windowSlots = window;
  }
}
