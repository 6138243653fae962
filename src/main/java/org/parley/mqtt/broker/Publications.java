package org.parley.mqtt.broker;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
import org.parley.mqtt.state.Event;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.Session;

/**
 * Messages from one peer: the checks of PUBLISH, identifiers of QoS 2, and acknowledgements in the
 * order of what they answer (MQTT 5.0 sections 3.3.4, 4.3 and 4.6). Of one connection; its owner
 * calls.
 */
final class Publications {
  private final MqttConnection connection;
  private final MqttBroker broker;
  private final Access access;
  private final ConnectionAudit audit;
  private final MqttOptions options;
  private final Session session;
  private final long epoch;
  private final TopicAliases.Inbound aliases;

  /** Identifiers of QoS 2 that wait for PUBREL; a HashMap from the first on. */
  private Map<Integer, Open> open = Map.of();

  /** So many of them were opened by this connection: only they count [MQTT-3.3.4-7]. */
  private int openedHere;

  private final LazyQueue<Answer> answers = new LazyQueue<>();
  private int unanswered;

  /** The connection is held until all is answered. */
  private boolean waiting;

  /**
   * An identifier of QoS 2.
   *
   * @param reason what PUBREC said
   * @param here this connection has opened it
   */
  private record Open(ReasonCode reason, boolean here) {}

  /** An acknowledgement that is owed; without a reason until it is known. */
  private static final class Answer {
    private final int packetId;
    private final QoS qos;
    private @Nullable ReasonCode reason;

    Answer(int packetId, QoS qos, @Nullable ReasonCode reason) {
      this.packetId = packetId;
      this.qos = qos;
      this.reason = reason;
    }
  }

  Publications(
      MqttConnection connection,
      MqttBroker broker,
      Access access,
      ConnectionAudit audit,
      Session session,
      long epoch,
      Map<Integer, ReasonCode> open) {
    this.connection = connection;
    this.broker = broker;
    this.access = access;
    this.audit = audit;
    this.options = connection.options();
    this.session = session;
    this.epoch = epoch;
    this.aliases =
        TopicAliases.Inbound.upTo(
            connection.output().version().hasProperties() ? options.topicAliasMaximum() : 0);
    open.forEach((packetId, reason) -> open(packetId, new Open(reason, false)));
  }

  /** PUBLISH, checked in the order in which the reactions are chosen. */
  void publish(Publish publish, long now) {
    var topic = topic(publish);
    if (topic == null) {
      return;
    }
    broker.hold(connection, access.pace());
    if (publish.qos().value() > options.maximumQos()) {
      connection.end(ReasonCode.QOS_NOT_SUPPORTED);
    } else if (publish.retain() && !options.retainAvailable()) {
      connection.end(ReasonCode.RETAIN_NOT_SUPPORTED);
    } else if (publish.qos() == QoS.AT_MOST_ONCE) {
      unacknowledged(publish, topic, now);
    } else {
      acknowledged(publish, topic, now);
    }
  }

  private @Nullable TopicName topic(Publish publish) {
    int alias = publish.topicAlias();
    if (alias == Publish.NO_ALIAS) {
      return publish.topic();
    }
    if (!aliases.allows(alias)) {
      connection.end(ReasonCode.TOPIC_ALIAS_INVALID);
      return null;
    }
    if (!publish.topic().isEmpty()) {
      aliases.set(alias, publish.topic());
      return publish.topic();
    }
    var topic = aliases.topic(alias);
    if (topic == null) {
      connection.end(ReasonCode.PROTOCOL_ERROR);
    }
    return topic;
  }

  private void unacknowledged(Publish publish, TopicName topic, long now) {
    if (refusal(publish, topic) == null) {
      var message = message(publish, topic, now);
      if (publish.retain()) {
        broker.submit(
            new Command.Publish(session.clientId(), epoch, 0, message, access.publisher()),
            connection);
      } else {
        broker.route(message, connection);
      }
    }
  }

  private void acknowledged(Publish publish, TopicName topic, long now) {
    int packetId = publish.packetId();
    var outcome = open.get(packetId);
    if (outcome != null) {
      // The same message again [MQTT-4.3.3-10], or an identifier that is not free.
      answer(
          new Answer(
              packetId,
              publish.qos(),
              publish.qos() == QoS.EXACTLY_ONCE
                  ? outcome.reason()
                  : ReasonCode.PACKET_IDENTIFIER_IN_USE));
      return;
    }
    if (isPending(packetId, publish.qos())) {
      await(new Answer(packetId, publish.qos(), null)); // what the first of them is told
      return;
    }
    if (connection.output().version().hasProperties()
        && unanswered + openedHere >= options.receiveMaximum()) {
      connection.end(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
      return;
    }
    var refusal = refusal(publish, topic);
    if (refusal == ReasonCode.QUOTA_EXCEEDED && !connection.output().version().hasProperties()) {
      // Before 5.0 any answer makes the message ours; without one the client keeps it.
      connection.end(refusal);
      return;
    }
    if (refusal != null) {
      answer(new Answer(packetId, publish.qos(), refusal));
      return;
    }
    unanswered++;
    await(new Answer(packetId, publish.qos(), null));
    broker.submit(
        new Command.Publish(
            session.clientId(),
            epoch,
            packetId,
            message(publish, topic, now),
            publish.retain() ? access.publisher() : Optional.empty()),
        connection);
  }

  /**
   * Owes an answer. Who sends more before it is answered than it may, or than it would know before
   * 5.0, is not listened to until it is.
   */
  private void await(Answer answer) {
    answers.add(answer);
    if (answers.size() > options.receiveMaximum()) {
      waiting = true;
      connection.hold();
    }
  }

  private boolean isPending(int packetId, QoS qos) {
    if (qos == QoS.EXACTLY_ONCE && unanswered > 0) {
      for (var answer : answers) {
        if (answer.packetId == packetId && answer.qos == qos && answer.reason == null) {
          return true;
        }
      }
    }
    return false;
  }

  private @Nullable ReasonCode refusal(Publish publish, TopicName topic) {
    if (topic.text().charAt(0) == '$') {
      return ReasonCode.TOPIC_NAME_INVALID;
    }
    if (!access.mayPublish(topic.text(), publish.retain())) {
      connection.counters().count(Count.NOT_AUTHORIZED);
      audit.deniedPublish(
          topic.text(), () -> access.ruleAgainstPublish(topic.text(), publish.retain()));
      return ReasonCode.NOT_AUTHORIZED;
    }
    if (options.checkPayloadFormat()
        && !PayloadFormat.holds(publish.properties(), publish.payload())) {
      return ReasonCode.PAYLOAD_FORMAT_INVALID;
    }
    if (broker.diskIsFull() && (publish.retain() || publish.qos() != QoS.AT_MOST_ONCE)) {
      connection.counters().dropped(Drop.DISK_FULL);
      return ReasonCode.QUOTA_EXCEEDED;
    }
    return null;
  }

  private Message message(Publish publish, TopicName topic, long now) {
    var message =
        Message.received(
            session.clientId(),
            topic,
            publish.qos(),
            publish.retain(),
            publish.properties(),
            publish.payload(),
            now);
    broker.latency().arrived(message, connection.silence().heardNanos());
    return message;
  }

  /** The server owns a message, or has refused it. */
  void published(Event.Published published) {
    if (published.packetId() == 0) {
      return;
    }
    unanswered--;
    if (published.reason() == ReasonCode.QUOTA_EXCEEDED) {
      connection.counters().count(Count.PUBLISHES_OVER_LIMIT);
    }
    for (var answer : answers) {
      if (answer.reason == null
          && answer.packetId == published.packetId()
          && answer.qos == published.qos()) {
        answer.reason = published.reason();
        if (answer.qos == QoS.AT_LEAST_ONCE) {
          break; // with QoS 2 all that repeat it are told the same [MQTT-4.3.3-10]
        }
      }
    }
    if (published.qos() == QoS.EXACTLY_ONCE && !published.reason().isFailure()) {
      var former = open(published.packetId(), new Open(published.reason(), true));
      openedHere += former != null && former.here() ? 0 : 1;
    }
    sendAnswers();
    if (waiting && answers.isEmpty()) {
      waiting = false;
      connection.proceed();
    }
  }

  private @Nullable Open open(int packetId, Open as) {
    if (!(open instanceof HashMap)) {
      open = new HashMap<>();
    }
    return open.put(packetId, as);
  }

  private void answer(Answer answer) {
    answers.add(answer);
    sendAnswers();
  }

  private void sendAnswers() {
    for (var first = answers.peek();
        first != null && first.reason != null;
        first = answers.peek()) {
      answers.remove();
      connection.send(
          first.qos == QoS.AT_LEAST_ONCE
              ? new Puback(first.packetId, first.reason)
              : new Pubrec(first.packetId, first.reason));
    }
  }

  /** PUBREL: answered when it is recorded that the identifier is free. */
  void pubrel(Pubrel pubrel) {
    broker.submit(new Command.Release(session.clientId(), epoch, pubrel.packetId()));
  }

  /** An identifier is free again, or was not in use. */
  void released(Event.Released released) {
    var former = open.isEmpty() ? null : open.remove(released.packetId());
    openedHere -= former != null && former.here() ? 1 : 0;
    connection.send(
        new Pubcomp(
            released.packetId(),
            released.found() ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND));
  }
}
