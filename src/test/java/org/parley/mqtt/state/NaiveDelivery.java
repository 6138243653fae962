package org.parley.mqtt.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.RetainHandling;
import org.parley.mqtt.state.Event.DropReason;

/** Who gets a message, for the model. */
final class NaiveDelivery {
  private final NaiveBroker broker;
  final NavigableMap<String, NaiveSession> overflowed = new TreeMap<>();

  /** How often each group has chosen. */
  private final Map<String, Integer> turns = new HashMap<>();

  NaiveDelivery(NaiveBroker broker) {
    this.broker = broker;
  }

  private boolean endsAtOnce(Message message) {
    return message.expiresAt() <= broker.now || message.isImmediate();
  }

  boolean canRetain(Message message, Optional<Owner> publisher) {
    if (message.payload().isEmpty() || endsAtOnce(message)) {
      return true;
    }
    var all = new TreeMap<>(broker.retained);
    all.put(message.topic().text(), new RetainedMessage(message, publisher));
    return all.size() <= broker.limits.retainedMessages()
        && bytes(all.values()) <= broker.limits.retainedBytes();
  }

  /** What all messages hold, and each publisher once. */
  static long bytes(Collection<RetainedMessage> retained) {
    return retained.stream().mapToLong(one -> one.message().sizeBytes()).sum()
        + retained.stream()
            .flatMap(one -> one.publisher().stream())
            .distinct()
            .mapToLong(Owner::sizeBytes)
            .sum();
  }

  boolean deliver(Message message, Optional<Owner> publisher) {
    var topic = message.topic().text();
    if (message.retain()) {
      if (!canRetain(message, publisher)) {
        broker.retained.remove(topic);
        broker.drop(message.publisher(), message, DropReason.RETAINED_FULL);
      } else if (message.payload().isEmpty() || endsAtOnce(message)) {
        broker.retained.remove(topic);
      } else {
        broker.retained.put(topic, new RetainedMessage(message, publisher));
      }
    }
    boolean heard = false;
    for (var session : broker.sessions.values()) {
      heard |= deliverPlain(session, message);
    }
    for (var group : groups()) {
      if (NaiveTopics.matches(group.substring(group.indexOf('/', 7) + 1), topic)) {
        heard = true;
        deliverToOne(group, message);
      }
    }
    return heard;
  }

  private boolean deliverPlain(NaiveSession session, Message message) {
    QoS qos = null;
    boolean retain = false;
    var ids = new ArrayList<Integer>();
    for (var held : session.held.values()) {
      var options = held.request().options();
      if (held.filter().shareName().isPresent()
          || (options.noLocal() && session.clientId.equals(message.publisher()))
          || !held.hears(message.topic().text())) {
        continue;
      }
      qos = qos == null ? options.maximumQos() : qos.max(options.maximumQos());
      retain |= options.retainAsPublished() && message.retain();
      ids.add(held.id());
    }
    if (qos != null) {
      give(session, message, qos.min(message.qos()), retain, ids, null);
    }
    return qos != null;
  }

  private Set<String> groups() {
    var groups = new TreeSet<String>();
    for (var session : broker.sessions.values()) {
      session.held.keySet().stream()
          .filter(text -> text.startsWith("$share/"))
          .forEach(groups::add);
    }
    return groups;
  }

  /** Whose turn it is does not outlive a restart. */
  void forgetTurns() {
    turns.clear();
  }

  /** A group that has lost its last member begins anew. */
  void forgetGroups() {
    turns.keySet().retainAll(groups());
  }

  private @Nullable NaiveSession choose(String group, QoS published) {
    var members = new ArrayList<NaiveSession>();
    for (var session : broker.sessions.values()) {
      if (session.held.containsKey(group)) {
        members.add(session);
      }
    }
    if (members.isEmpty()) {
      return null;
    }
    int turn = turns.merge(group, 1, Integer::sum) - 1;
    var inTurn = new ArrayList<NaiveSession>();
    for (int i = 0; i < members.size(); i++) {
      inTurn.add(members.get((turn + i) % members.size()));
    }
    return inTurn.stream()
        .filter(member -> member.online && member.hasRoom())
        .findFirst()
        .or(() -> inTurn.stream().filter(member -> member.online).findFirst())
        .or(
            () ->
                inTurn.stream()
                    .filter(member -> qos(member, group, published) != QoS.AT_MOST_ONCE)
                    .findFirst())
        .orElse(null);
  }

  private static NaiveSession.Held held(NaiveSession member, String group) {
    var held = member.held.get(group);
    if (held == null) {
      throw new IllegalStateException(group);
    }
    return held;
  }

  private static QoS qos(NaiveSession member, String group, QoS published) {
    return published.min(held(member, group).request().options().maximumQos());
  }

  private void deliverToOne(String group, Message message) {
    var chosen = choose(group, message.qos());
    if (chosen == null) {
      broker.drop("", message, DropReason.OFFLINE);
    } else {
      giveMember(chosen, group, message);
    }
  }

  private void giveMember(NaiveSession member, String group, Message message) {
    var held = held(member, group);
    boolean retain = message.retain() && held.request().options().retainAsPublished();
    give(member, message, qos(member, group, message.qos()), retain, List.of(held.id()), group);
  }

  private void give(
      NaiveSession session,
      Message message,
      QoS qos,
      boolean retain,
      List<Integer> ids,
      @Nullable String group) {
    var copy = new NaiveSession.Entry(0, message, qos, retain, ids, group, Optional.empty());
    if (qos != QoS.AT_MOST_ONCE) {
      enqueue(session, copy, broker.limits.overflow());
    } else if (!session.online) {
      broker.drop(session.clientId, message, DropReason.OFFLINE);
    } else if (message.expiresAt() <= broker.now && !message.isImmediate()) {
      broker.drop(session.clientId, message, DropReason.EXPIRED);
    } else {
      broker.events.add(session.clientId + "|delivered " + copy.copy());
    }
  }

  void enqueue(NaiveSession session, NaiveSession.Entry copy, StateLimits.Overflow overflow) {
    var message = copy.message;
    boolean now = session.online && session.inFlight() < session.receiveMaximum;
    if (message.isImmediate() ? !now : message.expiresAt() <= broker.now) {
      broker.drop(session.clientId, message, DropReason.EXPIRED);
      return;
    }
    if (session.ending) {
      broker.drop(session.clientId, message, DropReason.SESSION_ENDED);
      return;
    }
    if (!fits(session, message)) {
      removeExpired(session);
    }
    while (overflow == StateLimits.Overflow.DROP_OLDEST
        && message.sizeBytes() <= broker.limits.queuedBytes()
        && !fits(session, message)
        && !session.unsent().isEmpty()) {
      remove(session, session.unsent().getFirst(), DropReason.QUEUE_FULL);
    }
    if (!fits(session, message)) {
      broker.drop(session.clientId, message, DropReason.QUEUE_FULL);
      if (overflow == StateLimits.Overflow.END_SESSION) {
        session.ending = true;
        overflowed.put(session.clientId, session);
      }
      return;
    }
    var entry = copy.at(session.nextSequence++);
    session.queue.add(entry);
    if (session.online) {
      session.widen();
      broker.events.add(session.clientId + "|enqueued " + entry.text());
    }
  }

  private boolean fits(NaiveSession session, Message message) {
    long bytes = session.queue.stream().mapToLong(entry -> entry.message.sizeBytes()).sum();
    return session.queue.size() < broker.limits.queuedMessages()
        && bytes + message.sizeBytes() <= broker.limits.queuedBytes();
  }

  private void remove(NaiveSession session, NaiveSession.Entry entry, DropReason reason) {
    session.queue.remove(entry);
    broker.events.add(EventText.removed(session.clientId, entry.sequence, reason));
  }

  void removeExpired(NaiveSession session) {
    for (var entry : session.unsent()) {
      if (entry.message.expiresAt() <= broker.now) {
        remove(session, entry, DropReason.EXPIRED);
      }
    }
  }

  void addRetained(
      NaiveSession session,
      NaiveSession.Held held,
      boolean before,
      List<NaiveSession.Entry> copies) {
    var options = held.request().options();
    if (held.filter().shareName().isPresent()
        || options.retainHandling() == RetainHandling.DO_NOT_SEND
        || (before && options.retainHandling() == RetainHandling.SEND_IF_NEW)) {
      return;
    }
    for (var retained : broker.retained.values()) {
      var message = retained.message();
      if (message.expiresAt() <= broker.now || !held.hears(message.topic().text())) {
        continue;
      }
      if (copies.size() >= broker.limits.retainedMessages()) {
        broker.drop(session.clientId, message, DropReason.QUEUE_FULL);
        return;
      }
      if (!(options.noLocal() && message.publisher().equals(session.clientId))) {
        var qos = message.qos().min(options.maximumQos());
        var ids = List.of(held.id());
        copies.add(new NaiveSession.Entry(0, message, qos, true, ids, null, retained.publisher()));
      }
    }
  }

  void moveUnsent(NaiveSession session) {
    var hopeless = new TreeSet<String>();
    for (var entry : session.unsent()) {
      var group = entry.group;
      if (group == null || hopeless.contains(group)) {
        continue;
      }
      var chosen = choose(group, entry.message.qos());
      if (chosen == null || !chosen.online) {
        hopeless.add(group);
      } else {
        session.queue.remove(entry);
        giveMember(chosen, group, entry.message);
      }
    }
  }

  void moveAll(NaiveSession session) {
    for (var entry : session.queue) {
      boolean started =
          entry.released || (entry.qos == QoS.EXACTLY_ONCE && entry.sequence < session.window);
      var group = entry.group;
      var chosen = group == null || started ? null : choose(group, entry.message.qos());
      if (group != null && chosen != null) {
        giveMember(chosen, group, entry.message);
      } else if (!entry.released) {
        broker.events.add(
            EventText.removed(session.clientId, entry.sequence, DropReason.SESSION_ENDED));
      }
    }
  }
}
