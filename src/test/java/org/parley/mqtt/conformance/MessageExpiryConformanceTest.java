package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.broker.MqttCounters.Drop;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** Message Expiry Interval, MQTT 5.0 section 3.3.2.3.3. */
class MessageExpiryConformanceTest extends BrokerUnderTest {

  private static ConnectBytes kept(ProtocolVersion version) {
    return ConnectBytes.of(version, "s").resume(3600);
  }

  private void subscribeAndLeave(ProtocolVersion version) {
    try (var subscriber = peer(kept(version))) {
      subscriber.subscribe("t", 2);
      subscriber.disconnect();
    }
  }

  private Peer back(ProtocolVersion version) {
    return Peer.resumed(broker(), kept(version));
  }

  private static PublishBytes brief(String payload, long seconds) {
    return PublishBytes.of("t", payload).expiry(seconds);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  @Tag("MQTT-3.3.2-6")
  void givenNoWaiting_whenForwarded_thenTheIntervalIsAsReceived(int qos) {
    var subscriber = peer("s");
    subscriber.subscribe("t", 2);

    peer("p").publish(brief("x", 4_294_967_295L), qos);

    assertThat(subscriber.receive().properties().messageExpiry()).hasValue(4_294_967_295L);
  }

  @ParameterizedTest
  @CsvSource({"0,10", "2900,8", "3000,7", "9999,1"})
  @Tag("MQTT-3.3.2-6")
  @Tag("edge-102")
  void givenTimeInTheQueue_whenForwarded_thenTheIntervalIsLessByIt(long waitedMillis, int rest) {
    subscribeAndLeave(ProtocolVersion.V5);
    peer("p").publish(brief("x", 10), 1);

    broker().advance(Duration.ofMillis(waitedMillis));

    assertThat(back(ProtocolVersion.V5).receive().properties().messageExpiry()).hasValue(rest);
  }

  @ParameterizedTest
  @CsvSource({"V5,1", "V5,2", "V3_1_1,1", "V3_1_1,2", "V3_1,2"})
  @Tag("MQTT-3.3.2-5")
  void givenMessageInTheQueue_whenItsTimeIsOver_thenItIsNotDelivered(
      ProtocolVersion version, int qos) {
    subscribeAndLeave(version);
    var publisher = peer("p");
    publisher.publish(brief("gone", 1), qos).publish(brief("stays", 100), qos);

    broker().advance(Duration.ofSeconds(2));

    var back = back(version);
    assertThat(Peer.text(back.receive())).isEqualTo("stays");
    back.expectNothing();
    assertThat(broker().counters().drops(Drop.EXPIRED)).isEqualTo(1);
  }

  @Test
  @Tag("edge-103")
  @Tag("MQTT-3.3.2-5")
  void givenExpiredMessagesInAFullQueue_whenMoreComes_thenThereIsRoom() {
    start(options -> options.queuedMessages = 3);
    subscribeAndLeave(ProtocolVersion.V5);
    var publisher = peer("p");
    for (int i = 0; i < 3; i++) {
      publisher.publish(brief("old", 1), 1);
    }
    assertThat(Objects.requireNonNull(broker().state().session("s")).queued()).isEqualTo(3);

    broker().advance(Duration.ofSeconds(2));

    assertThat(Objects.requireNonNull(broker().state().session("s")).queued()).isZero();
    assertThat(Objects.requireNonNull(broker().state().session("s")).queuedBytes()).isZero();
    publisher.publish("t", "new", 1);
    assertThat(Peer.text(back(ProtocolVersion.V5).receive())).isEqualTo("new");
    assertThat(broker().counters().drops(Drop.QUEUE_FULL)).isZero();
  }

  @Test
  @Tag("MQTT-3.3.2-5")
  @Tag("edge-103")
  void givenClosedWindow_whenWaitingMessagesExpire_thenTheyAreNotSentAndLeaveRoom() {
    start(options -> options.queuedMessages = 4);
    var subscriber = peer(ConnectBytes.v5("s").receiveMaximum(1));
    subscriber.subscribe("t", 1);
    var publisher = peer("p");
    publisher.publish("t", "sent", 1);
    int packetId = subscriber.nextPublish().packetId();
    for (int i = 0; i < 3; i++) {
      publisher.publish(brief("brief", 1), 1);
    }

    broker().advance(Duration.ofSeconds(2));
    publisher.publish("t", "a", 1).publish("t", "b", 1).publish("t", "c", 1);

    subscriber.puback(packetId);
    for (var expected : new String[] {"a", "b", "c"}) {
      assertThat(Peer.text(subscriber.receive())).isEqualTo(expected);
    }
    subscriber.expectNothing();
    assertThat(broker().counters().drops(Drop.EXPIRED)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void givenInterval0_whenPublished_thenWhoIsThereGetsItAndNobodyElse(int qos) {
    subscribeAndLeave(ProtocolVersion.V5);
    var live = peer("live");
    live.subscribe("t", 2);

    peer("p").publish(brief("now", 0).retain(), qos).expectNothing();

    var publish = live.receive();
    assertThat(Peer.text(publish)).isEqualTo("now");
    assertThat(publish.properties().messageExpiry()).hasValue(0);
    back(ProtocolVersion.V5).expectNothing();
    var late = peer("late");
    late.subscribe("t", 2);
    late.expectNothing();
  }

  @ParameterizedTest
  @EnumSource(
      value = ProtocolVersion.class,
      names = {"V3_1_1", "V3_1"})
  @Tag("MQTT-3.3.2-5")
  void givenRetainedMessageOfVersion5_whenItsTimeIsOver_thenOlderVersionsDoNotGetIt(
      ProtocolVersion version) {
    peer("p").publish(brief("x", 5).retain(), 1);
    var early = peer(ConnectBytes.of(version, "early"));
    early.subscribe("t", 1);
    assertThat(Peer.text(early.receive())).isEqualTo("x");

    broker().advance(Duration.ofSeconds(5));

    var late = peer(ConnectBytes.of(version, "late"));
    late.subscribe("t", 1);
    late.expectNothing();
  }

  @Test
  @Tag("MQTT-3.3.2-6")
  void givenEachCopy_whenItWaits_thenItsIntervalIsItsOwn() {
    subscribeAndLeave(ProtocolVersion.V5);
    var live = peer("live");
    live.subscribe("t", 1);
    peer("p").publish(brief("x", 10), 1);
    assertThat(live.receive().properties().messageExpiry()).hasValue(10);

    broker().advance(Duration.ofSeconds(4));

    assertThat(back(ProtocolVersion.V5).receive().properties().messageExpiry()).hasValue(6);
  }

  @Test
  @Tag("MQTT-3.3.2-5")
  void givenMessageInFlight_whenItsTimeIsOverAndTheSessionIsResumed_thenItIsSentAgain() {
    try (var subscriber = peer(kept(ProtocolVersion.V5))) {
      subscriber.subscribe("t", 1);
      peer("p").publish(brief("x", 1), 1);
      subscriber.nextPublish(); // delivery has started: it does not expire any more
      subscriber.disconnect();
    }

    broker().advance(Duration.ofSeconds(2));

    var again = back(ProtocolVersion.V5).receive();
    assertThat(again.dup()).isTrue();
    assertThat(again.properties().messageExpiry()).hasValue(0);
  }
}
