package org.parley.mqtt.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Event.DropReason;

/**
 * The standard as simply as can be, and the choices of this server: what is to come of a command,
 * found by looking through everything each time.
 */
public final class NaiveBroker {
  final StateLimits limits;
  final Map<String, NaiveSession> sessions = new TreeMap<>();
  final Map<String, RetainedMessage> retained = new TreeMap<>();
  final TreeSet<String> toldWills = new TreeSet<>();
  final Map<String, Command.Attach> wills = new TreeMap<>();

  /** Of sessions that outlive their connection: begun, and neither cancelled nor answered. */
  final TreeSet<WillId> keptWills = new TreeSet<>();

  final List<String> events = new ArrayList<>();
  private final NaiveDelivery delivery;
  private long lastEpoch;
  long now;

  /** Begins with nothing. */
  public NaiveBroker(StateLimits limits) {
    this.limits = limits;
    this.delivery = new NaiveDelivery(this);
  }

  /** Returns what is to come of a command. */
  public List<String> apply(long nowMillis, Command command) {
    now = nowMillis;
    events.clear();
    switch (command) {
      case Command.Attach attach -> attach(attach);
      case Command.Detach detach -> detach(detach);
      case Command.Subscribe subscribe -> subscribe(subscribe);
      case Command.Unsubscribe unsubscribe -> unsubscribe(unsubscribe);
      case Command.Publish publish -> publish(publish);
      case Command.Acknowledge acknowledge -> acknowledge(acknowledge);
      case Command.Release release -> release(release);
      case Command.PublishWill(var id) -> publishWill(id);
      case Command.DropWill(var id) -> {
        toldWills.remove(id.toString());
        keptWills.remove(id);
      }
      case Command.EndSession(var clientId) -> {
        var session = sessions.get(clientId);
        if (session != null) {
          end(session, ReasonCode.ADMINISTRATIVE_ACTION);
        }
      }
      case Command.Restart() -> restart();
      case Command.Tick() -> NaiveTime.pass(this);
    }
    endOverflowed();
    return events;
  }

  /** The process has ended, another has read what was kept. */
  private void restart() {
    delivery.forgetTurns();
    lastEpoch = 0;
    sessions.values().removeIf(session -> session.expirySeconds == 0);
    toldWills.removeIf(told -> keptWills.stream().noneMatch(id -> id.toString().equals(told)));
    for (var session : sessions.values()) {
      lastEpoch = Math.max(lastEpoch, session.epoch);
    }
    keptWills.forEach(id -> lastEpoch = Math.max(lastEpoch, id.epoch()));
    for (var id : List.copyOf(keptWills)) {
      if (toldWills.contains(id.toString())) {
        tellAgain(id);
      }
    }
    for (var session : List.copyOf(sessions.values())) {
      session.restart();
      if (session.online) {
        session.window = session.nextSequence;
        disconnected(session, true);
      }
    }
  }

  /** What was not answered is told again: soon by its session if that waits still, or now. */
  private void tellAgain(WillId id) {
    var session = sessions.get(id.clientId());
    if (session != null && !session.online && session.epoch == id.epoch()) {
      toldWills.remove(id.toString());
      session.waitingWill = id;
    } else {
      events.add(EventText.willDue(id));
    }
  }

  private void endOverflowed() {
    while (!delivery.overflowed.isEmpty()) {
      var next = delivery.overflowed.pollFirstEntry().getValue();
      if (next.equals(sessions.get(next.clientId))) {
        end(next, ReasonCode.QUOTA_EXCEEDED);
      }
    }
  }

  @Nullable NaiveSession attached(String clientId, long epoch) {
    var session = sessions.get(clientId);
    return session != null && session.online && session.epoch == epoch ? session : null;
  }

  private void attach(Command.Attach attach) {
    var session = sessions.get(attach.clientId());
    if (session == null && sessions.size() >= limits.sessions()) {
      events.add("#" + attach.connection() + "|refused " + ReasonCode.QUOTA_EXCEEDED);
      return;
    }
    if (session != null && session.online) {
      events.add(EventText.displaced(session.connection, ReasonCode.SESSION_TAKEN_OVER));
      close(session, true);
    }
    if (session != null) {
      tellWillIfDue(session);
      if (attach.cleanStart() || session.endsAt <= now) {
        remove(session);
        session = null;
      }
    }
    boolean present = session != null;
    if (session == null) {
      session = new NaiveSession(attach.clientId());
      sessions.put(attach.clientId(), session);
    }
    if (session.waitingWill != null) {
      keptWills.remove(session.waitingWill);
      session.waitingWill = null;
    }
    delivery.removeExpired(session);
    long sentBefore = session.window;
    open(session, attach);
    events.add(
        EventText.attached(
            session.clientId,
            attach.connection(),
            lastEpoch,
            present,
            sentBefore,
            session.queue.stream().map(NaiveSession.Entry::text).toList(),
            session.inbound,
            session.held.values().stream().map(NaiveSession.Held::filter).toList()));
  }

  private void open(NaiveSession session, Command.Attach attach) {
    lastEpoch++;
    session.online = true;
    session.epoch = lastEpoch;
    session.connection = attach.connection();
    session.expirySeconds = attach.expirySeconds();
    session.endsAt = Long.MAX_VALUE;
    session.receiveMaximum = attach.receiveMaximum();
    session.recordedNext = session.nextSequence;
    session.kept = attach.expirySeconds() > 0;
    session.will = attach.will();
    wills.put(new WillId(session.clientId, lastEpoch).toString(), attach);
    session.widen();
  }

  /** The network connection has ended. */
  private void close(NaiveSession session, boolean keepWill) {
    session.online = false;
    session.endsAt =
        session.expirySeconds == Command.Attach.NEVER
            ? Long.MAX_VALUE
            : now + session.expirySeconds * 1000;
    if (keepWill && session.will.isPresent()) {
      long delay = session.will.get().delaySeconds() * 1000;
      session.waitingWill = new WillId(session.clientId, session.epoch);
      session.willDue = Math.min(now + delay, session.endsAt);
      if (session.kept) {
        keptWills.add(session.waitingWill);
      }
      tellWillIfDue(session);
    }
  }

  void tellWillIfDue(NaiveSession session) {
    if (session.waitingWill != null && session.willDue <= now) {
      tellWill(session);
    }
  }

  private void tellWill(NaiveSession session) {
    if (session.waitingWill != null) {
      events.add(EventText.willDue(session.waitingWill));
      toldWills.add(session.waitingWill.toString());
      session.waitingWill = null;
    }
  }

  private void detach(Command.Detach detach) {
    var session = attached(detach.clientId(), detach.epoch());
    if (session == null) {
      return;
    }
    session.expirySeconds = detach.expirySeconds().orElse(session.expirySeconds);
    disconnected(session, detach.keepWill());
  }

  private void disconnected(NaiveSession session, boolean keepWill) {
    session.recordedNext = session.nextSequence;
    session.kept |= session.expirySeconds > 0;
    close(session, keepWill);
    if (session.endsAt <= now) {
      remove(session);
    } else {
      delivery.moveUnsent(session);
    }
  }

  private void end(NaiveSession session, ReasonCode reason) {
    if (session.online) {
      events.add(EventText.displaced(session.connection, reason));
      close(session, true);
    }
    remove(session);
  }

  /** The session ends with all that it has. */
  void remove(NaiveSession session) {
    sessions.remove(session.clientId);
    delivery.forgetGroups();
    delivery.removeExpired(session);
    delivery.moveAll(session);
    tellWill(session);
    events.add(session.clientId + "|ended");
  }

  private boolean subscriptionsAreFull() {
    return sessions.values().stream().mapToInt(session -> session.held.size()).sum()
        >= limits.allSubscriptions();
  }

  private void subscribe(Command.Subscribe subscribe) {
    var session = attached(subscribe.clientId(), subscribe.epoch());
    if (session == null) {
      return;
    }
    var reasons = new ArrayList<ReasonCode>();
    var copies = new ArrayList<NaiveSession.Entry>();
    for (var request : subscribe.requests()) {
      var text = request.filter().text();
      boolean held = session.held.containsKey(text);
      if (!held && (session.held.size() >= limits.subscriptions() || subscriptionsAreFull())) {
        reasons.add(ReasonCode.QUOTA_EXCEEDED);
        continue;
      }
      var subscription =
          new NaiveSession.Held(request.filter(), request, subscribe.subscriptionId());
      session.held.put(text, subscription);
      reasons.add(ReasonCode.granted(request.options().maximumQos()));
      delivery.addRetained(session, subscription, held, copies);
    }
    var atOnce =
        copies.stream()
            .filter(copy -> copy.qos == QoS.AT_MOST_ONCE)
            .map(NaiveSession.Entry::copy)
            .sorted()
            .toList();
    events.add(EventText.subscribed(session.clientId, reasons, atOnce));
    for (var copy : copies) {
      if (copy.qos != QoS.AT_MOST_ONCE) {
        delivery.enqueue(session, copy, StateLimits.Overflow.DROP_NEW);
      }
    }
  }

  private void unsubscribe(Command.Unsubscribe unsubscribe) {
    var session = attached(unsubscribe.clientId(), unsubscribe.epoch());
    if (session == null) {
      return;
    }
    var reasons = new ArrayList<ReasonCode>();
    for (var filter : unsubscribe.filters()) {
      boolean held = session.held.remove(filter.text()) != null;
      reasons.add(held ? ReasonCode.SUCCESS : ReasonCode.NO_SUBSCRIPTION_EXISTED);
      delivery.forgetGroups();
    }
    events.add(session.clientId + "|unsubscribed " + reasons);
  }

  private void publish(Command.Publish publish) {
    var message = publish.message();
    var session = attached(publish.clientId(), publish.epoch());
    if (publish.epoch() != Command.NO_EPOCH && session == null) {
      return;
    }
    if (session == null || message.qos() == QoS.AT_MOST_ONCE) {
      delivery.deliver(message, publish.publisher());
      return;
    }
    var reason = session.inbound.get(publish.packetId());
    if (reason != null && message.qos() == QoS.AT_LEAST_ONCE) {
      reason = ReasonCode.PACKET_IDENTIFIER_IN_USE;
    } else if (reason == null
        && message.retain()
        && !delivery.canRetain(message, publish.publisher())) {
      reason = ReasonCode.QUOTA_EXCEEDED;
    } else if (reason == null) {
      boolean heard = delivery.deliver(message, publish.publisher());
      reason = heard || message.retain() ? ReasonCode.SUCCESS : ReasonCode.NO_MATCHING_SUBSCRIBERS;
      if (message.qos() == QoS.EXACTLY_ONCE) {
        session.inbound.put(publish.packetId(), reason);
      }
    }
    events.add(EventText.published(session.clientId, session.epoch, publish.packetId(), reason));
  }

  private void publishWill(WillId id) {
    var attach = wills.get(id.toString());
    keptWills.remove(id);
    if (toldWills.remove(id.toString()) && attach != null) {
      var will = attach.will().orElseThrow();
      delivery.deliver(
          Message.received(
              id.clientId(),
              will.topic(),
              will.qos(),
              will.retain(),
              will.properties(),
              will.payload(),
              now),
          Optional.of(attach.owner()));
    }
  }

  private void acknowledge(Command.Acknowledge acknowledge) {
    var session = attached(acknowledge.clientId(), acknowledge.epoch());
    if (session == null) {
      return;
    }
    long sequence = acknowledge.sequence();
    var entry = session.find(sequence);
    boolean received = acknowledge.kind() == Command.Acknowledge.Kind.PUBREC;
    if (received) {
      events.add(session.clientId + "|recorded " + session.epoch + " " + sequence);
    }
    if (entry != null) {
      session.window = Math.max(session.window, sequence + 1);
      entry.released |= received;
      if (!received) {
        session.queue.remove(entry);
      }
    }
    if (!received) {
      session.widen();
    }
  }

  private void release(Command.Release release) {
    var session = attached(release.clientId(), release.epoch());
    if (session != null) {
      boolean found = session.inbound.remove(release.packetId()) != null;
      events.add(
          session.clientId + "|released " + session.epoch + " " + release.packetId() + " " + found);
    }
  }

  void removeExpired(NaiveSession session) {
    delivery.removeExpired(session);
  }

  void drop(String clientId, Message message, DropReason reason) {
    events.add(EventText.dropped(clientId, message, reason));
  }
}
