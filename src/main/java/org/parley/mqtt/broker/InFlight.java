package org.parley.mqtt.broker;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.state.QueueEntry;

/**
 * What was sent with QoS 1 or 2 on this connection and is not finished, found by Packet Identifier.
 * Entries lie in a ring by their sequence; identifiers are unique as long as the span of sequences
 * is less than 65,535. The owner of the connection has it.
 */
final class InFlight {
  private static final int PACKET_IDS = 65_535;
  private static final int FIRST_SIZE = 16;
  private static final @Nullable Sent[] NO_RING = {};
  private static final AtomicIntegerFieldUpdater<InFlight> SIZE =
      AtomicIntegerFieldUpdater.newUpdater(InFlight.class, "size");

  /** One delivery that was begun. */
  static final class Sent {
    /** How far it has come, MQTT 5.0 section 4.3. */
    enum Stage {
      /** PUBLISH was sent: PUBACK or PUBREC is owed. */
      PUBLISHED,
      /** PUBREC has come, and is being recorded. */
      RECEIVED,
      /** PUBREL was sent: PUBCOMP is owed. */
      RELEASED
    }

    private final QueueEntry entry;
    private final boolean usesQuota;
    private Stage stage;

    Sent(QueueEntry entry, Stage stage, boolean usesQuota) {
      this.entry = entry;
      this.stage = stage;
      this.usesQuota = usesQuota;
    }

    QueueEntry entry() {
      return entry;
    }

    /** Returns whether its end gives quota back: it was published on this connection. */
    boolean usesQuota() {
      return usesQuota;
    }

    Stage stage() {
      return stage;
    }

    void stage(Stage next) {
      stage = next;
    }
  }

  private @Nullable Sent[] ring = NO_RING;
  private long oldest;
  private long next;
  private volatile int size;

  /** Any thread may ask. */
  int size() {
    return size;
  }

  /** Returns whether a sequence would have an identifier that is in use or was lately. */
  boolean isBeyond(long sequence) {
    return size > 0 && sequence - oldest >= PACKET_IDS;
  }

  /** Adds a delivery. Sequences rise, but for those that a resumed session sends again. */
  void add(Sent sent) {
    long sequence = sent.entry.sequence();
    long first = size == 0 ? sequence : Math.min(oldest, sequence);
    long end = size == 0 ? sequence + 1 : Math.max(next, sequence + 1);
    while (end - first > ring.length) {
      grow();
    }
    oldest = first;
    next = end;
    ring[slot(sequence)] = sent;
    count(1);
  }

  private void count(int more) {
    SIZE.lazySet(this, size + more); // one thread writes
  }

  private void grow() {
    var larger = new @Nullable Sent[Math.max(FIRST_SIZE, ring.length * 2)];
    for (long sequence = oldest; sequence < next; sequence++) {
      larger[(int) (sequence & (larger.length - 1))] = ring[slot(sequence)];
    }
    ring = larger;
  }

  private int slot(long sequence) {
    return (int) (sequence & (ring.length - 1));
  }

  /** Returns the delivery that has an identifier now, or null. */
  @Nullable Sent find(int packetId) {
    if (size == 0) {
      return null;
    }
    int distance = Math.floorMod(packetId - QueueEntry.packetId(oldest), PACKET_IDS);
    long sequence = oldest + distance;
    return sequence < next ? ring[slot(sequence)] : null;
  }

  /** Returns the delivery of a sequence, or null. */
  @Nullable Sent find(long sequence) {
    return size > 0 && sequence >= oldest && sequence < next ? ring[slot(sequence)] : null;
  }

  /** Takes a delivery out: it is finished. */
  void remove(Sent sent) {
    ring[slot(sent.entry.sequence())] = null;
    count(-1);
    while (oldest < next && ring[slot(oldest)] == null) {
      oldest++;
    }
  }
}
