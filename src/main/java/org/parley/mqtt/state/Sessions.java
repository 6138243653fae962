package org.parley.mqtt.state;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.routing.Subscription;
import org.parley.mqtt.routing.SubscriptionIndex;

/** The life of sessions, MQTT 5.0 sections 3.1.2.4, 3.1.2.11.2 and 3.1.4. */
final class Sessions {
  private final StateLimits limits;
  private final StateChanges changes;
  private final Outcome outcome;
  private final Timetable timetable;
  private final SubscriptionIndex index;
  private final Deliveries deliveries;
  private final Wills wills;
  private final Map<String, SessionState> all = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger online = new AtomicInteger();
  private final AtomicInteger subscriptions = new AtomicInteger();
  private long lastEpoch = Command.NO_EPOCH;
  private long lastNumber;

  Sessions(
      StateLimits limits,
      StateChanges changes,
      Outcome outcome,
      Timetable timetable,
      SubscriptionIndex index,
      Deliveries deliveries,
      Wills wills) {
    this.limits = limits;
    this.changes = changes;
    this.outcome = outcome;
    this.timetable = timetable;
    this.index = index;
    this.deliveries = deliveries;
    this.wills = wills;
  }

  /** Any thread may ask. */
  @Nullable SessionState find(String clientId) {
    return all.get(clientId);
  }

  /** Any thread may ask; a view. */
  Iterable<? extends Session> all() {
    return all.values();
  }

  /** Any thread may ask. */
  int count() {
    return count.getAcquire();
  }

  /** Any thread may ask. */
  int online() {
    return online.getAcquire();
  }

  /** Any thread may ask. */
  int subscriptions() {
    return subscriptions.getAcquire();
  }

  /** Returns the session if it is this connection's still. */
  @Nullable SessionState attached(String clientId, long epoch) {
    var session = all.get(clientId);
    return session != null && session.isAttachedBy(epoch) ? session : null;
  }

  void attach(Command.Attach attach) {
    var present = all.get(attach.clientId());
    if (present == null && count.getPlain() >= limits.sessions()) {
      outcome.add(new Event.AttachRefused(attach.connection(), ReasonCode.QUOTA_EXCEEDED));
      return;
    }
    var session = present == null ? null : kept(present, attach.cleanStart());
    boolean resumed = session != null;
    if (session == null) {
      lastNumber++;
      session = new SessionState(lastNumber, attach, deliveries.queues(), changes);
      add(session);
    }
    online.setRelease(online.getPlain() + 1);
    deliveries.removeExpired(session);
    long sentBefore = session.queue().windowEnd();
    lastEpoch++;
    session.begin(attach, lastEpoch);
    session.keep();
    session.queue().widen(attach.receiveMaximum());
    outcome.add(
        new Event.Attached(
            attach.connection(),
            session,
            lastEpoch,
            resumed,
            session.queue().all(),
            sentBefore,
            session.allInbound(),
            session.allSubscriptions()));
  }

  private void add(SessionState session) {
    all.put(session.clientId(), session);
    count.setRelease(count.getPlain() + 1);
  }

  /**
   * Ends the connection that a session has, as its end would have done [MQTT-3.1.4-3], and then
   * what is over: returns the session if it goes on.
   */
  private @Nullable SessionState kept(SessionState session, boolean cleanStart) {
    if (session.online()) {
      outcome.add(new Event.Displaced(session.connection(), ReasonCode.SESSION_TAKEN_OVER));
      goOffline(session);
      wills.begin(session);
    }
    wills.fireIfDue(session);
    if (cleanStart || session.isOver(outcome.now())) { // [MQTT-3.1.2-4]
      remove(session);
      return null;
    }
    wills.cancel(session);
    deliveries.ignoreExpiry(session);
    timetable.remove(session.endsAt(), Timetable.Kind.SESSION, session.clientId(), 0);
    return session;
  }

  void detach(Command.Detach detach) {
    var session = attached(detach.clientId(), detach.epoch());
    if (session == null) {
      return;
    }
    detach.expirySeconds().ifPresent(session::expirySeconds); // [MQTT-3.14.2-2] was checked
    disconnected(session, detach.keepWill());
  }

  private void disconnected(SessionState session, boolean keepWill) {
    goOffline(session);
    boolean over = session.isOver(outcome.now());
    if (!over) {
      session.keep();
    }
    if (keepWill) {
      wills.begin(session);
    }
    if (over) {
      remove(session);
      return;
    }
    timetable.add(session.endsAt(), Timetable.Kind.SESSION, session.clientId(), 0);
    deliveries.moveUnsent(session);
    deliveries.watchExpiry(session);
  }

  private void goOffline(SessionState session) {
    session.end(outcome.now());
    online.setRelease(online.getPlain() - 1);
  }

  /** Ends a session; a connection that it has is told why. */
  void end(SessionState session, ReasonCode reason) {
    if (session.online()) {
      outcome.add(new Event.Displaced(session.connection(), reason));
      goOffline(session);
      wills.begin(session);
    }
    remove(session);
  }

  /** Ends an offline session, and all that belongs to it. */
  private void remove(SessionState session) {
    all.remove(session.clientId());
    count.setRelease(count.getPlain() - 1);
    timetable.remove(session.endsAt(), Timetable.Kind.SESSION, session.clientId(), 0);
    deliveries.ignoreExpiry(session);
    var held = session.allSubscriptions();
    subscribed(-held.size());
    index.removeAll(session, held.stream().map(Subscription::filter).toList());
    deliveries.removeExpired(session);
    deliveries.moveAll(session, session.queue().all());
    session.forget();
    session.queue().close();
    wills.fire(session);
    outcome.add(new Event.SessionEnded(session));
  }

  /** The time of a session may have come. */
  void expire(String clientId) {
    var session = all.get(clientId);
    if (session != null && session.isOver(outcome.now())) {
      remove(session);
    }
  }

  /** The time of messages in the queue of a session may have come. */
  void expireQueue(String clientId) {
    var session = all.get(clientId);
    if (session != null && !session.online()) {
      session.queueDue(Timetable.NEVER);
      deliveries.removeExpired(session);
      deliveries.watchExpiry(session);
    }
  }

  /** A will may be due. */
  void expireWill(String clientId) {
    var session = all.get(clientId);
    if (session != null) {
      wills.fireIfDue(session);
    }
  }

  /**
   * The server has started again: the connections of before have all ended with it, which is when
   * their sessions went offline.
   */
  void restart() {
    wills.tellAgain();
    var lost = new TreeMap<String, SessionState>();
    for (var session : all.values()) {
      if (session.online()) {
        lost.put(session.clientId(), session);
      }
    }
    for (var session : lost.values()) {
      session.queue().openWindow();
      disconnected(session, true);
    }
  }

  /** Takes up a session as it was before a restart, without what it holds. */
  SessionState restore(SessionRecord row) {
    var attach =
        new Command.Attach(
            row.clientId(),
            Command.Attach.NO_CONNECTION,
            false,
            row.expirySeconds(),
            row.receiveMaximum(),
            row.owner(),
            row.will());
    var session = new SessionState(row.number(), attach, deliveries.queues(), changes);
    session.restore(row);
    add(session);
    online.setRelease(online.getPlain() + (row.online() ? 1 : 0));
    lastNumber = Math.max(lastNumber, row.number());
    lastEpoch = Math.max(lastEpoch, row.epoch());
    return session;
  }

  /** A restored session has its entries: what is to happen with it is known. */
  void restored(SessionState session) {
    if (!session.online()) {
      timetable.add(session.endsAt(), Timetable.Kind.SESSION, session.clientId(), 0);
      deliveries.watchExpiry(session);
    }
  }

  /** A will of before a restart may have been its session's last trace. */
  void restoreEpoch(long epoch) {
    lastEpoch = Math.max(lastEpoch, epoch);
  }

  /** Counts subscriptions that have come or gone. */
  void subscribed(int more) {
    subscriptions.setRelease(subscriptions.getPlain() + more);
  }

  /** Ends what has overflowed while the command was at work, and what overflows by that. */
  void endOverflowed() {
    var session = deliveries.pollOverflowed();
    while (session != null) {
      if (session.equals(all.get(session.clientId()))) {
        end(session, ReasonCode.QUOTA_EXCEEDED);
      }
      session = deliveries.pollOverflowed();
    }
  }
}
