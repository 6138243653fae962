package org.parley.mqtt.state;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.Will;

/**
 * Wills whose connection has ended, MQTT 5.0 section 3.1.2.5: each waits for its time, and from
 * then on until it is known whether it may be published. A session has one at most that waits for
 * its time.
 */
final class Wills {
  /**
   * One will.
   *
   * @param due milliseconds of the epoch; {@link Timetable#NEVER} once it was told
   * @param kept whether it has a row
   */
  record Waiting(Owner owner, Will will, long due, boolean kept) {}

  private final StateChanges changes;
  private final Outcome outcome;
  private final Timetable timetable;
  private final Map<WillId, Waiting> waiting = new HashMap<>();

  Wills(StateChanges changes, Outcome outcome, Timetable timetable) {
    this.changes = changes;
    this.outcome = outcome;
    this.timetable = timetable;
  }

  /** The connection has ended, its session is offline: the will waits for its time. */
  void begin(SessionState session) {
    var will = session.will();
    if (will == null) {
      return;
    }
    var id = new WillId(session.clientId(), session.epoch());
    long due = Math.min(outcome.now() + will.delaySeconds() * 1000, session.endsAt());
    waiting.put(id, new Waiting(session.owner(), will, due, session.isKept()));
    if (session.isKept()) {
      changes.will(new WillRecord(id, session.owner(), will, due));
    }
    session.waitingWill(id);
    timetable.add(due, Timetable.Kind.WILL, id.clientId(), id.epoch());
    fireIfDue(session);
  }

  /** Tells the will of a session if its time has come. */
  void fireIfDue(SessionState session) {
    var id = session.waitingWill();
    var will = id == null ? null : waiting.get(id);
    if (will != null && will.due <= outcome.now()) {
      fire(session);
    }
  }

  /** Tells the will of a session now, if one waits: its time has come, or the session ends. */
  void fire(SessionState session) {
    var id = session.waitingWill();
    var will = stop(session);
    if (id != null && will != null) {
      tell(id, will);
    }
  }

  private void tell(WillId id, Waiting will) {
    waiting.put(id, new Waiting(will.owner, will.will, Timetable.NEVER, will.kept));
    outcome.add(new Event.WillDue(id, will.owner, will.will));
  }

  /** The session goes on: the will that waits is not sent [MQTT-3.1.3-9]. */
  void cancel(SessionState session) {
    var id = session.waitingWill();
    var will = stop(session);
    if (id != null && will != null) {
      forget(id, will);
    }
  }

  private void forget(WillId id, Waiting will) {
    if (will.kept) {
      changes.willGone(id);
    }
  }

  /**
   * Takes up a will as it was before a restart: it waits for its time, or was told and not answered
   * and is told again by {@link #tellAgain()}.
   *
   * @param session the client's, if it has one
   */
  void restore(WillRecord row, @Nullable SessionState session) {
    var id = row.id();
    boolean waits = session != null && !session.online() && session.epoch() == id.epoch();
    long due = waits ? row.due() : Timetable.NEVER;
    waiting.put(id, new Waiting(row.owner(), row.will(), due, true));
    if (session != null && waits) {
      session.waitingWill(id);
      timetable.add(due, Timetable.Kind.WILL, id.clientId(), id.epoch());
    }
  }

  /** Tells once more what was told before a restart and has not been answered. */
  void tellAgain() {
    for (var id : List.copyOf(new TreeSet<>(waiting.keySet()))) {
      var will = waiting.get(id);
      if (will != null && will.due == Timetable.NEVER) {
        tell(id, will);
      }
    }
  }

  private @Nullable Waiting stop(SessionState session) {
    var id = session.waitingWill();
    var will = id == null ? null : waiting.remove(id);
    if (id != null && will != null) {
      timetable.remove(will.due, Timetable.Kind.WILL, id.clientId(), id.epoch());
      session.waitingWill(null);
    }
    return will;
  }

  /** Takes away a will that was told; null if there is none. */
  @Nullable Waiting answer(WillId id) {
    var will = waiting.get(id);
    if (will == null || will.due != Timetable.NEVER) {
      return null;
    }
    waiting.remove(id);
    forget(id, will);
    return will;
  }
}
