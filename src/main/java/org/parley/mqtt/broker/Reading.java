package org.parley.mqtt.broker;

import java.util.EnumSet;
import java.util.Set;
import org.parley.core.ByteWire;

/** Whether a peer is read: not as long as there is a reason against it. The owner calls. */
final class Reading {
  /** Why a peer is not read. */
  enum Pause {
    /** Something is being found out about it: no packet is handled either. */
    JUDGED,
    /** It does not read what it has asked for. */
    UNREAD,
    /** A subscriber does not keep up with it. */
    TOO_FAST
  }

  private final ByteWire wire;
  private final Set<Pause> pauses = EnumSet.noneOf(Pause.class);

  Reading(ByteWire wire) {
    this.wire = wire;
  }

  boolean isPausedFor(Pause reason) {
    return pauses.contains(reason);
  }

  /** Adds a reason; returns false if it was there. */
  boolean pause(Pause reason) {
    boolean changed = pauses.add(reason);
    wire.reading(false);
    return changed;
  }

  /** Takes a reason away; returns false if it was not there. */
  boolean resume(Pause reason) {
    boolean changed = pauses.remove(reason);
    if (changed && pauses.isEmpty()) {
      wire.reading(true);
    }
    return changed;
  }
}
