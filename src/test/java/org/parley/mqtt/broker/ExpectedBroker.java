package org.parley.mqtt.broker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.broker.ExpectedConnection.Owed;
import org.parley.mqtt.broker.ExpectedSession.Held;
import org.parley.mqtt.state.Command;

/**
 * The standard as simply as can be, and the choices of docs/mqtt.md. It hears what clients say when
 * it arrives. Of the broker's log it hears only that something of some kind has its effect now;
 * what that is it knows from the client, and what is to come of it from the standard.
 */
final class ExpectedBroker {
  /** 7 days, docs/mqtt.md. */
  private static final long LONGEST_EXPIRY = 7 * 24 * 3600L;

  final ExpectedRouting routing = new ExpectedRouting(this::see);
  private final Map<Sighting, Integer> seen;
  long now;

  /** Wills that are due and have not been published, by client. */
  private final Map<String, List<Said.Will>> due = new HashMap<>();

  ExpectedBroker(Map<Sighting, Integer> seen) {
    this.seen = seen;
  }

  void see(Sighting what) {
    var _ = seen.merge(what, 1, Integer::sum);
  }

  AssertionError fault(@Nullable Object where, String what) {
    return new AssertionError(where + ": " + what);
  }

  /** The log has applied something that this connection has brought; null for the broker itself. */
  void applied(Command command, @Nullable ExpectedConnection by) {
    switch (command) {
      case Command.Tick _, Command.Acknowledge _ -> {} // seen on the wire
      case Command.PublishWill(var id) -> publishWill(id.clientId());
      case Command.DropWill _, Command.EndSession _, Command.Restart _ ->
          throw fault(by, "nobody has asked for " + command);
      case Command.Attach attach -> attach(by(by, command), attach.connection());
      case Command.Detach _ -> detach(by(by, command));
      case Command.Publish _ -> publish(by(by, command));
      case Command.Release _ -> release(by(by, command));
      case Command.Subscribe _ -> subscribe(by(by, command));
      case Command.Unsubscribe _ -> unsubscribe(by(by, command));
    }
  }

  private ExpectedConnection by(@Nullable ExpectedConnection by, Command command) {
    if (by == null) {
      throw fault("the broker", "nobody has said what leads to " + command);
    }
    return by;
  }

  private static boolean isStale(ExpectedConnection by) {
    return by.displaced || by.over;
  }

  // -- sessions

  private void attach(ExpectedConnection by, long connection) {
    if (connection != by.number) {
      throw fault(by, "attached is " + connection);
    }
    var connect = by.next(Said.Connect.class);
    by.connect = connect;
    var session = routing.sessions.get(connect.clientId());
    if (session != null && session.connection != null) {
      see(session.connection.open ? Sighting.TAKEOVER : Sighting.TAKEOVER_OF_TAKEOVER);
      by.former = session.connection;
      session.connection.displaced = true;
      end(session, true); // [MQTT-3.1.4-3]
    }
    if (session != null) {
      fireIfDue(session);
      if (connect.clean() || session.isOver(now)) {
        remove(session);
        session = null;
      } else {
        if (session.waitingWill != null) {
          see(Sighting.WILL_CANCELLED);
        }
        session.waitingWill = null;
      }
    }
    by.present = session != null;
    if (by.present) {
      see(Sighting.SESSION_RESUMED);
    }
    if (session == null) {
      session = new ExpectedSession(connect.clientId());
      routing.sessions.put(connect.clientId(), session);
    }
    by.session = session;
    session.connection = by;
    session.expirySeconds = Math.min(connect.expirySeconds(), LONGEST_EXPIRY);
    session.endsAt = Long.MAX_VALUE;
    for (var copy : session.copies) {
      if (copy.stage == ExpectedCopy.Stage.RECEIVED) {
        by.inFlight.put(copy.packetId, copy);
      }
    }
  }

  private void detach(ExpectedConnection by) {
    if (isStale(by)) {
      return;
    }
    var session = by.session();
    boolean keepsWill = true;
    if (isLate(by) && by.arrived.isEmpty()) {
      see(Sighting.SILENCE);
    } else {
      switch (by.next(Said.class)) {
        case Said.Disconnect(var keeps, var expiry) -> {
          keepsWill = keeps;
          expiry.ifPresent(seconds -> session.expirySeconds = Math.min(seconds, LONGEST_EXPIRY));
        }
        case Said.End _ -> {}
        case Said other -> throw fault(by, "left before this had its effect: " + other);
      }
    }
    by.over = true;
    end(session, keepsWill);
    if (session.isOver(now)) {
      remove(session);
    } else {
      routing.moveUnsent(session, now);
    }
  }

  /** Returns whether the session has not ended. */
  boolean isAlive(ExpectedSession session) {
    return routing.sessions.get(session.clientId) == session;
  }

  /** Returns whether the client was silent for one and a half times the Keep Alive. */
  boolean isLate(ExpectedConnection connection) {
    long keepAlive = connection.connect().keepAlive();
    return keepAlive > 0 && now - connection.heardAt >= keepAlive * 1500;
  }

  private void end(ExpectedSession session, boolean keepsWill) {
    var connection = session.connection;
    if (connection == null) {
      throw fault(session.clientId, "is not online");
    }
    connection.leave();
    session.connection = null;
    session.formerEnd = routing.nextPlace();
    session.endsAt = now + session.expirySeconds * 1000;
    var will = connection.connect().will();
    if (keepsWill && will != null) {
      session.waitingWill = will;
      session.willDue = Math.min(now + will.delaySeconds() * 1000, session.endsAt);
      fireIfDue(session);
    }
  }

  private void remove(ExpectedSession session) {
    routing.sessions.remove(session.clientId);
    session.held.clear();
    routing.moveAll(session, now);
    fire(session);
  }

  // -- wills and time

  private void fireIfDue(ExpectedSession session) {
    if (session.waitingWill != null && session.willDue <= now) {
      see(session.waitingWill.delaySeconds() == 0 ? Sighting.WILL_AT_ONCE : Sighting.WILL_LATER);
      fire(session);
    }
  }

  private void fire(ExpectedSession session) {
    var will = session.waitingWill;
    if (will != null) {
      session.waitingWill = null;
      due.computeIfAbsent(session.clientId, _ -> new ArrayList<>()).add(will);
    }
  }

  private void publishWill(String clientId) {
    var wills = due.get(clientId);
    if (wills == null) {
      throw fault(clientId, "a will is published that is not due");
    }
    var will = wills.removeFirst();
    if (wills.isEmpty()) {
      due.remove(clientId);
    }
    var _ = routing.publish(will.content(), now);
  }

  /** The broker has done all that it does at once. */
  void settled() {
    if (!due.isEmpty()) {
      throw fault("the broker", "wills are due and were not published: " + due);
    }
  }

  /** Time has passed. */
  void pass(long to) {
    now = to;
    routing.pass(now);
    routing.sessions.values().stream()
        .filter(session -> session.waitingWill != null)
        .forEach(this::fireIfDue);
    routing.sessions.values().stream()
        .filter(session -> session.isOver(now))
        .sorted(Comparator.comparingLong(session -> session.endsAt))
        .toList()
        .forEach(
            session -> {
              see(Sighting.SESSION_EXPIRED);
              remove(session);
            });
  }

  // -- what clients say

  private void publish(ExpectedConnection by) {
    if (isStale(by)) {
      return;
    }
    var publish = by.next(Said.Publish.class);
    var content = publish.content();
    if (content.qos() == 2) {
      by.session().inbound.add(publish.packetId());
    }
    boolean heard = routing.publish(content, now);
    if (content.qos() > 0) {
      var reasons = heard ? List.of(0) : content.retain() ? List.of(0, 0x10) : List.of(0x10);
      by.publishAnswers.add(
          new Owed(content.qos() == 1 ? 0x40 : 0x50, publish.packetId(), reasons));
    }
  }

  private void release(ExpectedConnection by) {
    if (isStale(by)) {
      return;
    }
    int packetId = by.next(Said.Release.class).packetId();
    boolean found = by.session().inbound.remove(packetId);
    by.releaseAnswers.add(new Owed(0x70, packetId, List.of(found ? 0 : 0x92)));
  }

  private void subscribe(ExpectedConnection by) {
    if (isStale(by)) {
      return;
    }
    var subscribe = by.next(Said.Subscribe.class);
    var session = by.session();
    var reasons = new ArrayList<Integer>();
    long place = routing.nextPlace();
    for (var wish : subscribe.wishes()) {
      var held = Held.of(wish, subscribe.id());
      boolean isNew = session.held.put(held.filter(), held) == null;
      reasons.add(held.qos());
      if (!held.isShared()
          && (held.retainHandling() == 0 || (held.retainHandling() == 1 && isNew))) {
        routing.replay(session, held, place, now);
      }
    }
    by.subscriptionAnswers.add(new Owed(0x90, subscribe.packetId(), reasons));
  }

  private void unsubscribe(ExpectedConnection by) {
    if (isStale(by)) {
      return;
    }
    var unsubscribe = by.next(Said.Unsubscribe.class);
    var reasons = new ArrayList<Integer>();
    for (var filter : unsubscribe.filters()) {
      reasons.add(by.session().held.remove(filter) == null ? 0x11 : 0);
    }
    by.subscriptionAnswers.add(new Owed(0xB0, unsubscribe.packetId(), reasons));
  }

  /** Nothing is underway any more: all that was owed has arrived. */
  void finished() {
    for (var session : routing.sessions.values()) {
      var connection = session.connection;
      if (connection == null) {
        throw fault(session.clientId, "is not online at the end");
      }
      for (var copies : List.of(session.copies, connection.fleeting)) {
        for (var copy : copies) {
          if (copy.isDue(now)) {
            throw fault(connection, "lost: " + copy);
          }
          if (copy.publication.isExpired(now)) {
            see(Sighting.MESSAGE_EXPIRED);
          }
        }
      }
    }
  }
}
