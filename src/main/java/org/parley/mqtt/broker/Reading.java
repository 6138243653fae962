package org.parley.mqtt.broker;

import org.parley.core.ByteWire;

/** Whether a peer is read: not as long as there is a reason against it. The owner calls. */
final class Reading {
  /** Why a peer is not read. */
  enum Pause {
    /** Something is being found out about it: no packet is handled either. */
    JUDGED(1),
    /** It does not read what it has asked for. */
    UNREAD(2),
    /** A subscriber does not keep up with it. */
    TOO_FAST(4);

    private final int bit;

    Pause(int bit) {
      this.bit = bit;
    }
  }

  private final ByteWire wire;

  /** The bits of the reasons that there are. */
  private int pauses;

  Reading(ByteWire wire) {
    this.wire = wire;
  }

  boolean isPausedFor(Pause reason) {
    return (pauses & reason.bit) != 0;
  }

  /** Adds a reason; returns false if it was there. */
  boolean pause(Pause reason) {
    boolean changed = !isPausedFor(reason);
    pauses |= reason.bit;
    wire.reading(false);
    return changed;
  }

  /** Takes a reason away; returns false if it was not there. */
  boolean resume(Pause reason) {
    boolean changed = isPausedFor(reason);
    pauses &= ~reason.bit;
    if (changed && pauses == 0) {
      wire.reading(true);
    }
    return changed;
  }
}
