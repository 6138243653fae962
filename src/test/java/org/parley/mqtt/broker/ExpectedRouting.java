package org.parley.mqtt.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.parley.mqtt.broker.ExpectedCopy.Publication;
import org.parley.mqtt.broker.ExpectedCopy.Stage;
import org.parley.mqtt.broker.ExpectedSession.Held;
import org.parley.mqtt.state.NaiveTopics;

/** Who is owed a message: all sessions are looked through each time. */
final class ExpectedRouting {
  private static final Map<String, Boolean> MATCHES = new HashMap<>();

  final TreeMap<String, ExpectedSession> sessions = new TreeMap<>();
  final TreeMap<String, Publication> retained = new TreeMap<>();
  private final Consumer<Sighting> sees;
  private long lastPlace;

  ExpectedRouting(Consumer<Sighting> sees) {
    this.sees = sees;
  }

  /** Returns the next place in the order of everything that happens. */
  long nextPlace() {
    return ++lastPlace;
  }

  private static boolean matches(Held held, String topic) {
    return MATCHES.computeIfAbsent(
        held.pattern() + ' ' + topic, _ -> NaiveTopics.matches(held.pattern(), topic));
  }

  /**
   * A message is published.
   *
   * @return whether somebody hears it
   */
  boolean publish(Said.Content content, long now) {
    var publication = new Publication(content, now);
    if (content.retain()) {
      if (content.payload().isEmpty() || content.isImmediate()) {
        retained.remove(content.topic());
      } else {
        retained.put(content.topic(), publication);
      }
    }
    long place = nextPlace();
    boolean heard = false;
    var groups = new TreeSet<String>();
    for (var session : sessions.values()) {
      heard |= give(session, publication, place, groups);
    }
    for (var group : groups) {
      var _ = offer(new ExpectedShare(publication, group, place), false);
    }
    return heard || !groups.isEmpty();
  }

  /** One copy for all subscriptions of a session that are not shared; groups are noted. */
  private boolean give(
      ExpectedSession session, Publication publication, long place, Set<String> groups) {
    var content = publication.content();
    int qos = -1;
    boolean retain = false;
    var ids = new TreeSet<Integer>();
    for (var held : session.held.values()) {
      if (!matches(held, content.topic())) {
        continue;
      }
      if (held.isShared()) {
        groups.add(held.filter());
      } else if (held.noLocal() && session.clientId.equals(content.publisher())) {
        sees.accept(Sighting.NO_LOCAL);
      } else {
        qos = Math.max(qos, held.qos());
        retain |= held.retainAsPublished() && content.retain();
        ids.addAll(held.ids());
      }
    }
    if (qos < 0) {
      return false;
    }
    qos = Math.min(qos, content.qos());
    if (qos > 0 || session.connection != null) {
      session.give(new ExpectedCopy(publication, session, place, qos, retain, false, ids, null));
    }
    return true;
  }

  /** Offers a message to the members of its group that are there; if none is, to the others. */
  private boolean offer(ExpectedShare share, boolean onlineOnly) {
    var online = new ArrayList<ExpectedSession>(4);
    var offline = new ArrayList<ExpectedSession>(4);
    for (var session : sessions.values()) {
      if (session.held.containsKey(share.group)) {
        (session.connection == null ? offline : online).add(session);
      }
    }
    return offer(share, online) || (!onlineOnly && online.isEmpty() && offer(share, offline));
  }

  private boolean offer(ExpectedShare share, List<ExpectedSession> members) {
    var content = share.publication.content();
    boolean some = false;
    for (var session : members) {
      var held = session.held.get(share.group);
      int qos = held == null ? 0 : Math.min(held.qos(), content.qos());
      if (held == null || (qos == 0 && session.connection == null)) {
        continue;
      }
      boolean retain = held.retainAsPublished() && content.retain();
      some = true;
      if (share.candidates.stream()
          .anyMatch(
              has ->
                  has.session == session
                      && has.qos == qos
                      && has.retain == retain
                      && has.ids.equals(held.ids()))) {
        continue;
      }
      long place = share.moved ? nextPlace() : share.place;
      var copy =
          new ExpectedCopy(
              share.publication, session, place, qos, retain, false, held.ids(), share);
      share.candidates.add(copy);
      session.give(copy);
    }
    return some;
  }

  /** What an offline session was not sent for a group may go to a member that is online. */
  void moveUnsent(ExpectedSession session, long now) {
    for (var copy : List.copyOf(session.copies)) {
      var share = copy.share;
      if (share != null && copy.stage == Stage.OWED && !copy.publication.isExpired(now)) {
        share.moved = true;
        var _ = offer(share, true);
      }
    }
  }

  /** What an ended session was not sent for a group, or has not acknowledged with QoS 1. */
  void moveAll(ExpectedSession session, long now) {
    for (var copy : List.copyOf(session.copies)) {
      var share = copy.share;
      if (share == null || copy.publication.isExpired(now)) {
        continue;
      }
      if (copy.stage == Stage.OWED) {
        share.withdraw(copy);
        share.moved = true;
        share.optional |= copy.qos == 2; // it may have been sent [MQTT-4.8.2-5]
        share.optional |= !offer(share, false);
      } else if (copy.stage == Stage.SENT && copy.qos == 1) {
        var again = new ExpectedShare(share.publication, share.group, share.place);
        again.moved = true;
        var _ = offer(again, false);
      }
    }
  }

  /** Gives retained messages to a new subscription, or to one that asks again. */
  void replay(ExpectedSession session, Held held, long place, long now) {
    for (var publication : retained.values()) {
      var content = publication.content();
      if (!matches(held, content.topic())
          || now >= publication.expiresAt()
          || (held.noLocal() && content.publisher().equals(session.clientId))) {
        continue;
      }
      int qos = Math.min(held.qos(), content.qos());
      session.give(
          new ExpectedCopy(publication, session, place, qos, true, true, held.ids(), null));
    }
  }

  /** What has expired is not retained any more. */
  void pass(long now) {
    retained.values().removeIf(publication -> publication.expiresAt() <= now);
  }
}
