package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.broker.MqttCounters.Drop;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.StateLimits.Overflow;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;

/** The queue of a session with QoS 1 and 2: its limits, and each policy when it is full. */
class QueueConformanceTest extends BrokerUnderTest {
  private static final ConnectBytes KEPT = ConnectBytes.v5("s").resume(60);

  private void limit(int messages, Overflow overflow) {
    start(
        options -> {
          options.queuedMessages = messages;
          options.overflow = overflow;
        });
  }

  private void subscribeAndLeave() {
    try (var subscriber = peer(KEPT)) {
      subscriber.subscribe("t", 2);
      subscriber.disconnect();
    }
  }

  private void publish(int from, int to, int qos) {
    var publisher = peer("p");
    for (int i = from; i <= to; i++) {
      publisher.publish("t", "" + i, qos); // acknowledged: one slow subscriber refuses nobody
    }
    publisher.disconnect();
  }

  private static void expect(Peer peer, List<Integer> numbers) {
    for (int number : numbers) {
      assertThat(Peer.text(peer.receive())).isEqualTo("" + number);
    }
    peer.expectNothing();
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  @Tag("edge-93")
  @Tag("MQTT-4.5.0-1")
  void givenFullQueue_whenThePolicyIsDropNew_thenTheOldOnesStay(int qos) {
    limit(3, Overflow.DROP_NEW);
    subscribeAndLeave();

    publish(1, 5, qos);

    assertThat(broker().counters().drops(Drop.QUEUE_FULL)).isEqualTo(2);
    expect(Peer.resumed(broker(), KEPT), List.of(1, 2, 3));
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  @Tag("edge-93")
  void givenFullQueue_whenThePolicyIsDropOldest_thenTheNewOnesStay(int qos) {
    limit(3, Overflow.DROP_OLDEST);
    subscribeAndLeave();

    publish(1, 5, qos);

    assertThat(broker().counters().drops(Drop.QUEUE_FULL)).isEqualTo(2);
    expect(Peer.resumed(broker(), KEPT), List.of(3, 4, 5));
  }

  @Test
  @Tag("edge-93")
  void givenFullQueueAway_whenThePolicyIsEndSession_thenTheClientSeesIt() {
    limit(3, Overflow.END_SESSION);
    subscribeAndLeave();

    publish(1, 4, 1);

    assertThat(broker().state().session("s")).isNull();
    var back = Peer.open(broker());
    assertThat(back.connect(KEPT).sessionPresent()).isFalse();
    back.expectNothing();
  }

  @Test
  @Tag("edge-93")
  void givenFullQueueOnline_whenThePolicyIsEndSession_thenTheClientIsTold() {
    limit(3, Overflow.END_SESSION);
    var subscriber = peer(KEPT);
    subscriber.subscribe("t", 1);
    var other = peer("other");
    other.subscribe("t", 0);

    publish(1, 4, 1);

    for (int i = 1; i <= 3; i++) {
      assertThat(subscriber.nextText()).isEqualTo("" + i);
    }
    subscriber.expectDisconnect(ReasonCode.QUOTA_EXCEEDED);
    expect(other, List.of(1, 2, 3, 4));
    assertThat(broker().state().session("s")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"DROP_NEW,1 2 3", "DROP_OLDEST,1 4 5"})
  @Tag("edge-93")
  void givenFullQueueOnline_whenOneIsInFlight_thenThatOneIsNeverDropped(
      Overflow overflow, String expected) {
    limit(3, overflow);
    var subscriber = peer(ConnectBytes.v5("s").receiveMaximum(1));
    subscriber.subscribe("t", 1);

    publish(1, 5, 1);

    assertThat(broker().counters().drops(Drop.QUEUE_FULL)).isEqualTo(2);
    expect(subscriber, List.of(expected.split(" ")).stream().map(Integer::valueOf).toList());
  }

  @Test
  @Tag("edge-93")
  void givenQueueFullOfMessagesInFlight_whenThePolicyIsDropOldest_thenTheNewOneIsDropped() {
    limit(3, Overflow.DROP_OLDEST);
    var subscriber = peer("s");
    subscriber.subscribe("t", 1);

    publish(1, 5, 1);

    expect(subscriber, List.of(1, 2, 3));
    publish(6, 6, 1);
    expect(subscriber, List.of(6));
  }

  @ParameterizedTest
  @EnumSource(
      value = Overflow.class,
      names = {"DROP_NEW", "DROP_OLDEST"})
  void givenQueueFullByBytes_whenMoreComes_thenThePolicyHolds(Overflow overflow) {
    start(
        options -> {
          options.queuedBytes = 10_000;
          options.overflow = overflow;
        });
    subscribeAndLeave();
    var publisher = peer("p");

    for (int i = 1; i <= 5; i++) {
      publisher.publish("t", ("" + i).repeat(3000), 1);
    }
    publisher.publish("t", "x".repeat(11_000), 1); // larger than the whole queue

    assertThat(Objects.requireNonNull(broker().state().session("s")).queuedBytes())
        .isLessThanOrEqualTo(10_000);
    assertThat(broker().counters().drops(Drop.QUEUE_FULL)).isEqualTo(3);
    var back = Peer.resumed(broker(), KEPT);
    for (int i = 0; i < 3; i++) {
      assertThat(Peer.text(back.receive()))
          .startsWith(overflow == Overflow.DROP_NEW ? "" + (1 + i) : "" + (3 + i));
    }
    back.expectNothing();
  }

  @Test
  @Tag("edge-98")
  @Tag("MQTT-4.3.1-1")
  void givenNoRoomForQos1_whenPublishedWithQos0_thenItIsDelivered() {
    limit(0, Overflow.DROP_NEW);
    var subscriber = peer("s");
    subscriber.subscribe("t", 1);
    var publisher = peer("p");

    publisher.publish("t", "QoS 1", 1).publish("t", "QoS 0").expectNothing();

    assertThat(subscriber.nextText()).isEqualTo("QoS 0");
    subscriber.expectNothing();
  }

  @Test
  void givenOfflineSession_whenPublishedWithQos0_thenItIsNotKeptAndCounted() {
    subscribeAndLeave();

    peer("p").publish("t", "x").expectNothing();

    assertThat(broker().counters().drops(Drop.OFFLINE)).isEqualTo(1);
    Peer.resumed(broker(), KEPT).expectNothing();
  }

  @Test
  void givenOnlineSubscriberThatDoesNotAcknowledge_whenItsQueueFills_thenThePublisherIsSlowed() {
    limit(20, Overflow.DROP_NEW);
    var subscriber = peer(ConnectBytes.v5("s").receiveMaximum(1));
    subscriber.subscribe("t", 1);
    var other = peer("other");
    other.subscribe("t", 0);

    publish(1, 9, 1);
    assertThat(broker().counters().of(Count.PUBLISHER_HOLDS)).isZero();
    publish(10, 15, 1);

    assertThat(broker().counters().of(Count.PUBLISHER_HOLDS)).isPositive();
    expect(other, List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    expect(subscriber, List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    assertThat(broker().counters().drops(Drop.QUEUE_FULL)).isZero();
  }
}
