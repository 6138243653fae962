package org.parley.mqtt.broker;

import java.util.List;
import org.parley.mqtt.broker.InFlight.Sent;
import org.parley.mqtt.broker.InFlight.Sent.Stage;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.broker.MqttCounters.Drop;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Command.Acknowledge.Kind;
import org.parley.mqtt.state.Delivery;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.QueueEntry;
import org.parley.mqtt.state.Session;

/**
 * Messages to one peer: order, Receive Maximum, Topic Aliases, Maximum Packet Size, and what the
 * peer acknowledges (MQTT 5.0 sections 4.3, 4.4 and 4.9). Of one connection; its owner calls.
 */
final class Deliveries {
  /** So many messages are left out or judged before others of the same thread have their turn. */
  private static final int TURN = 250;

  private final MqttConnection connection;
  private final MqttBroker broker;
  private final Access access;
  private final Session session;
  private final long epoch;
  private final int receiveMaximum;
  private final TopicAliases.Outbound aliases;

  private final LazyQueue<Delivery> replay = new LazyQueue<>();
  private final LazyQueue<Delivery> live = new LazyQueue<>();
  private final LazyQueue<QueueEntry> queue = new LazyQueue<>();
  private final InFlight inFlight = new InFlight();
  private final long sentBefore;
  private int quota;
  private long recheckBelow;

  /** So many at the head of each were let in before rights have changed. */
  private int replayToAsk;

  private int liveToAsk;

  /** Messages of the turn at work that were left out, or whose publishers were asked about. */
  private int judged;

  /**
   * @param sentBefore the first sequence that no former connection can have sent
   * @param receiveMaximum what may be unacknowledged, the server's own limit minded
   * @param aliasMaximum aliases to use; 0 for none
   */
  Deliveries(
      MqttConnection connection,
      MqttBroker broker,
      Access access,
      Session session,
      long epoch,
      long sentBefore,
      int receiveMaximum,
      int aliasMaximum) {
    this.connection = connection;
    this.broker = broker;
    this.access = access;
    this.session = session;
    this.epoch = epoch;
    this.receiveMaximum = receiveMaximum;
    this.aliases = TopicAliases.Outbound.upTo(aliasMaximum);
    this.sentBefore = sentBefore;
    this.quota = receiveMaximum;
  }

  /**
   * Takes what the session holds, in order [MQTT-4.4.0-1]. A PUBREL that is owed goes at once: it
   * costs no quota.
   */
  void resume(List<QueueEntry> entries) {
    for (var entry : entries) {
      if (entry.released()) {
        inFlight.add(new Sent(entry, Stage.RELEASED, false));
        connection.send(new Pubrel(entry.packetId(), ReasonCode.SUCCESS));
      } else {
        queue.add(entry);
      }
    }
    recheck();
  }

  /** Adds a message with QoS 1 or 2. */
  void add(QueueEntry entry) {
    if (!live.isEmpty()) {
      pump(broker.now()); // what came first goes first, whatever its QoS
    }
    queue.add(entry);
  }

  /** Adds a message with QoS 0. It does not wait for those that the peer's quota keeps back. */
  void add(Delivery delivery) {
    if (!queue.isEmpty()) {
      pump(broker.now());
    }
    live.add(delivery);
  }

  /** Adds retained messages of a new subscription: nothing newer goes before them. */
  void replay(List<Delivery> retained) {
    replay.addAll(retained);
    connection.backlog().replaying(replay.size());
  }

  /** Returns how many retained messages wait to be sent. */
  int replaying() {
    return replay.size();
  }

  /** The server took an entry away: one near the head, if not all. */
  void remove(QueueEntry entry) {
    for (var all = queue.iterator(); all.hasNext(); ) {
      long sequence = all.next().sequence();
      if (sequence >= entry.sequence()) {
        if (sequence == entry.sequence()) {
          all.remove();
        }
        return;
      }
    }
  }

  /** Rights have changed: what waits is asked about again when its turn comes. */
  void recheck() {
    recheckBelow = queue.isEmpty() ? 0 : queue.last().sequence() + 1;
    replayToAsk = replay.size();
    liveToAsk = live.size();
  }

  /** Returns whether something waits that the peer's quota lets go. */
  boolean mayPump() {
    return !live.isEmpty() || !replay.isEmpty() || (quota > 0 && !queue.isEmpty());
  }

  /** Writes what may be written now; the caller flushes. */
  void pump(long now) {
    judged = 0;
    write(now);
    if (judged >= TURN) {
      connection.tell(_ -> {}); // the next turn
    }
  }

  private boolean mayGoOn() {
    return judged < TURN && connection.mayWrite();
  }

  private void write(long now) {
    if (!replay.isEmpty()) {
      while (!replay.isEmpty() && mayGoOn()) {
        writeUnacknowledged(replay.remove(), replayToAsk > 0, now);
        replayToAsk = Math.max(0, replayToAsk - 1);
      }
      connection.backlog().replaying(replay.size());
    }
    if (!replay.isEmpty()) {
      return;
    }
    while (!live.isEmpty() && mayGoOn()) {
      var delivery = live.remove();
      connection.backlog().remove(delivery.message().sizeBytes());
      writeUnacknowledged(delivery, liveToAsk > 0, now);
      liveToAsk = Math.max(0, liveToAsk - 1);
    }
    while (quota > 0 && !queue.isEmpty() && isAttached() && mayGoOn()) {
      var entry = queue.element();
      if (inFlight.isBeyond(entry.sequence())) {
        return;
      }
      queue.remove();
      publish(entry, now);
    }
  }

  /**
   * Returns whether the session is this connection's still. If not, what ends a delivery is not
   * recorded any more: the next connection does not know that more could be sent by that, and would
   * send it without DUP [MQTT-3.3.1-1].
   */
  private boolean isAttached() {
    return connection.equals(session.receiver());
  }

  private void writeUnacknowledged(Delivery delivery, boolean ask, long now) {
    if (isOver(delivery.message(), now)) {
      connection.counters().dropped(Drop.EXPIRED);
    } else if (!isAllowed(delivery, ask)) {
      leaveOut();
    } else if (!write(delivery, false, 0, now)) {
      connection.counters().dropped(Drop.TOO_LARGE);
    }
    broker.latency().done(delivery.message());
  }

  /** By who hears it, if that is to be asked; of what is retained, always by who published it. */
  private boolean isAllowed(Delivery delivery, boolean ask) {
    var message = delivery.message();
    return (!ask || access.mayHear(message.topic().text()))
        && (delivery.publisher().isEmpty() || mayStillPublish(delivery.publisher().get(), message));
  }

  private boolean mayStillPublish(Owner publisher, Message message) {
    judged++;
    return broker.mayStillPublish(publisher, message);
  }

  private void leaveOut() {
    connection.counters().dropped(Drop.NOT_ALLOWED);
    judged++;
  }

  /** An interval of 0 is for those who are there at once: it is never over before the first try. */
  private static boolean isOver(Message message, long now) {
    return message.isExpired(now) && message.expiresAt() > message.receivedAt();
  }

  private void publish(QueueEntry entry, long now) {
    var message = entry.delivery().message();
    boolean again = entry.sequence() < sentBefore;
    if (!again && isOver(message, now)) {
      skip(entry, Drop.EXPIRED);
    } else if (!isAllowed(entry.delivery(), entry.sequence() < recheckBelow)) {
      leaveOut();
      acknowledge(entry, Kind.PUBACK);
    } else if (write(entry.delivery(), again, entry.packetId(), now)) {
      inFlight.add(new Sent(entry, Stage.PUBLISHED, true));
      quota--;
    } else {
      skip(entry, Drop.TOO_LARGE); // as if it had been delivered [MQTT-3.1.2-25]
    }
    broker.latency().done(message);
  }

  private void skip(QueueEntry entry, Drop reason) {
    connection.counters().dropped(reason);
    acknowledge(entry, Kind.PUBACK);
  }

  private boolean write(Delivery delivery, boolean dup, int packetId, long now) {
    var message = delivery.message();
    var topic = message.topic();
    int known = aliases.known(topic);
    if (known != Publish.NO_ALIAS) {
      return encode(delivery, dup, packetId, TopicName.EMPTY, known, now);
    }
    int fresh = aliases.next();
    if (fresh != Publish.NO_ALIAS && encode(delivery, dup, packetId, topic, fresh, now)) {
      aliases.written(topic, fresh);
      return true;
    }
    return encode(delivery, dup, packetId, topic, Publish.NO_ALIAS, now);
  }

  private boolean encode(
      Delivery delivery, boolean dup, int packetId, TopicName topic, int alias, long now) {
    var message = delivery.message();
    var properties = message.properties();
    if (properties.messageExpiry().isPresent()) {
      properties = properties.withMessageExpiry(message.remainingExpiry(now));
    }
    return connection
        .output()
        .publish(
            dup,
            delivery.qos(),
            retain(delivery),
            topic,
            packetId,
            alias,
            delivery.subscriptionIds(),
            properties,
            message.payload());
  }

  /**
   * Before 5.0 a live message never has the flag, whatever a client of 5.0 has asked for in the
   * same session; 3.1.1: [MQTT-3.3.1-9].
   */
  private boolean retain(Delivery delivery) {
    return delivery.retain()
        && (delivery.replayed() || connection.output().version().hasProperties());
  }

  /** PUBACK of any reason ends a delivery with QoS 1 [MQTT-4.4.0-2]. */
  void puback(Puback puback) {
    var sent = inFlight.find(puback.packetId());
    if (sent == null) {
      connection.counters().count(Count.UNEXPECTED_ACKNOWLEDGEMENTS);
    } else if (sent.entry().delivery().qos() == QoS.AT_LEAST_ONCE) {
      finish(sent, Kind.PUBACK);
    } else {
      connection.end(ReasonCode.PROTOCOL_ERROR);
    }
  }

  /** PUBREC: PUBREL follows when it is recorded; a failure ends the delivery [MQTT-4.3.3-4]. */
  void pubrec(Pubrec pubrec) {
    var sent = inFlight.find(pubrec.packetId());
    if (sent == null) {
      connection.counters().count(Count.UNEXPECTED_ACKNOWLEDGEMENTS);
      connection.send(new Pubrel(pubrec.packetId(), ReasonCode.PACKET_IDENTIFIER_NOT_FOUND));
    } else if (sent.entry().delivery().qos() != QoS.EXACTLY_ONCE) {
      connection.end(ReasonCode.PROTOCOL_ERROR);
    } else if (pubrec.reason().isFailure()) {
      finish(sent, Kind.PUBREC_FAILURE);
    } else {
      switch (sent.stage()) {
        case PUBLISHED -> {
          sent.stage(Stage.RECEIVED);
          acknowledge(sent.entry(), Kind.PUBREC);
        }
        case RECEIVED -> {} // the PUBREL is on its way
        case RELEASED -> connection.send(new Pubrel(pubrec.packetId(), ReasonCode.SUCCESS));
      }
    }
  }

  /** A PUBREC is recorded. */
  void recorded(long sequence) {
    var sent = inFlight.find(sequence);
    if (sent != null && sent.stage() == Stage.RECEIVED) {
      sent.stage(Stage.RELEASED);
      connection.send(new Pubrel(sent.entry().packetId(), ReasonCode.SUCCESS));
    }
  }

  /** PUBCOMP of any reason ends a delivery with QoS 2. */
  void pubcomp(Pubcomp pubcomp) {
    var sent = inFlight.find(pubcomp.packetId());
    if (sent == null) {
      connection.counters().count(Count.UNEXPECTED_ACKNOWLEDGEMENTS);
    } else if (sent.stage() == Stage.RELEASED) {
      finish(sent, Kind.PUBCOMP);
    } else {
      connection.end(ReasonCode.PROTOCOL_ERROR);
    }
  }

  private void finish(Sent sent, Kind kind) {
    inFlight.remove(sent);
    if (sent.usesQuota()) {
      quota = Math.min(receiveMaximum, quota + 1);
    }
    acknowledge(sent.entry(), kind);
  }

  private void acknowledge(QueueEntry entry, Kind kind) {
    broker.submit(new Command.Acknowledge(session.clientId(), epoch, entry.sequence(), kind));
  }

  /** Returns how many deliveries with QoS 1 and 2 are begun and not finished. */
  int inFlight() {
    return inFlight.size();
  }
}
