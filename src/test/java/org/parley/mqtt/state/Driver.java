package org.parley.mqtt.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.RetainHandling;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.routing.TopicFilter;

/** A machine with a clock of its own, and short words for what is done to it. */
final class Driver {
  static final StateLimits LIMITS =
      new StateLimits(100, 100, 1_000_000, StateLimits.Overflow.DROP_NEW, 10, 10, 1_000_000);
  static final Owner OWNER =
      new Owner(Optional.empty(), Optional.of("user"), "mqtt-v5", "tcp", "192.0.2.1");

  final StateMachine state;
  long now = 1_000_000;
  private long connections;

  Driver() {
    this(LIMITS);
  }

  Driver(StateLimits limits) {
    state = new StateMachine(limits);
  }

  List<Event> apply(Command command) {
    return state.apply(now, command);
  }

  static <T extends Event> List<T> only(List<Event> events, Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  static <T extends Event> T one(List<Event> events, Class<T> type) {
    var found = only(events, type);
    assertThat(found).as("%s", events).hasSize(1);
    return found.getFirst();
  }

  /** Attaches by the next connection: 1, 2, 3 … */
  List<Event> attaching(
      String clientId, boolean clean, long expiry, int receiveMaximum, @Nullable Will will) {
    connections++;
    return apply(
        new Command.Attach(
            clientId,
            connections,
            clean,
            expiry,
            receiveMaximum,
            OWNER,
            Optional.ofNullable(will)));
  }

  Event.Attached attach(String clientId, boolean clean, long expiry) {
    return attach(clientId, clean, expiry, 65_535, null);
  }

  Event.Attached attach(
      String clientId, boolean clean, long expiry, int receiveMaximum, @Nullable Will will) {
    return one(attaching(clientId, clean, expiry, receiveMaximum, will), Event.Attached.class);
  }

  List<Event> detach(Event.Attached attached) {
    return detach(attached, OptionalLong.empty(), true);
  }

  List<Event> detach(Event.Attached attached, OptionalLong expiry, boolean keepWill) {
    return apply(
        new Command.Detach(attached.session().clientId(), attached.epoch(), expiry, keepWill));
  }

  List<Event> subscribe(Event.Attached attached, String filter, QoS qos) {
    return subscribe(attached, 0, request(filter, qos));
  }

  List<Event> subscribe(Event.Attached attached, int id, Command.Subscribe.Request... requests) {
    return apply(
        new Command.Subscribe(
            attached.session().clientId(), attached.epoch(), 1, id, Arrays.asList(requests)));
  }

  static Command.Subscribe.Request request(String filter, QoS qos) {
    return request(filter, new SubscriptionOptions(qos, false, false, RetainHandling.SEND));
  }

  static Command.Subscribe.Request request(String filter, SubscriptionOptions options) {
    return new Command.Subscribe.Request(filter(filter), options);
  }

  static TopicFilter filter(String text) {
    return TopicFilter.parse(text).orElseThrow();
  }

  List<Event> unsubscribe(Event.Attached attached, String... filters) {
    return apply(
        new Command.Unsubscribe(
            attached.session().clientId(),
            attached.epoch(),
            2,
            Arrays.stream(filters).map(Driver::filter).toList()));
  }

  /** Publishes as the server. */
  List<Event> publish(String topic, QoS qos, String payload) {
    return publish(message("", topic, qos, false, payload));
  }

  List<Event> publish(Message message) {
    return apply(new Command.Publish("", Command.NO_EPOCH, 0, message));
  }

  List<Event> publish(Event.Attached attached, int packetId, Message message) {
    return apply(
        new Command.Publish(attached.session().clientId(), attached.epoch(), packetId, message));
  }

  Message message(String publisher, String topic, QoS qos, boolean retain, String payload) {
    return message(publisher, topic, qos, retain, payload, OptionalLong.empty());
  }

  Message message(
      String publisher,
      String topic,
      QoS qos,
      boolean retain,
      String payload,
      OptionalLong expiry) {
    return Message.received(
        publisher,
        TopicName.of(topic),
        qos,
        retain,
        MessageProperties.NONE.withMessageExpiry(expiry),
        BinaryData.of(payload.getBytes(StandardCharsets.UTF_8)),
        now);
  }

  List<Event> acknowledge(Event.Attached attached, long sequence, Command.Acknowledge.Kind kind) {
    return apply(
        new Command.Acknowledge(attached.session().clientId(), attached.epoch(), sequence, kind));
  }

  /** Lets time pass and all that is due happen; returns what came of it. */
  List<Event> pass(long millis) {
    now += millis;
    return apply(new Command.Tick());
  }

  static Will will(String topic, long delaySeconds) {
    return new Will(
        TopicName.of(topic),
        BinaryData.of((byte) 'w'),
        QoS.AT_LEAST_ONCE,
        false,
        delaySeconds,
        MessageProperties.NONE);
  }

  static String text(Delivery delivery) {
    return new String(delivery.message().payload().toByteArray(), StandardCharsets.UTF_8);
  }

  static List<String> texts(List<QueueEntry> queue) {
    return queue.stream().map(entry -> text(entry.delivery())).toList();
  }
}
