package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** The server as sender with QoS 0, 1 and 2, and what it sends again: MQTT 5.0 4.3 and 4.4. */
class OutboundQosConformanceTest extends BrokerUnderTest {
  private static final long MINUTE = 60;

  private static ConnectBytes kept(ProtocolVersion version) {
    return ConnectBytes.of(version, "s").resume(MINUTE);
  }

  private Peer subscriber(ProtocolVersion version) {
    var subscriber = peer(kept(version));
    subscriber.subscribe("t", 2);
    return subscriber;
  }

  private Peer back(ProtocolVersion version) {
    return Peer.resumed(broker(), kept(version));
  }

  @Test
  @Tag("MQTT-3.3.1-2")
  @Tag("MQTT-4.3.1-1")
  void givenQos0_whenSent_thenItHasNoIdentifierAndDup0() {
    var subscriber = subscriber(ProtocolVersion.V5);

    peer("p").publish("t", "x");

    assertThat(subscriber.nextBytes()).isEqualTo(new byte[] {0x30, 5, 0, 1, 't', 0, 'x'});
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Tag("MQTT-3.3.1-3")
  @Tag("MQTT-4.3.2-2")
  @Tag("MQTT-4.3.3-2")
  @Tag("edge-75")
  void givenPublishWithDup_whenItIsForwarded_thenDupIs0AndTheIdentifierTheServersOwn(int qos) {
    var subscriber = subscriber(ProtocolVersion.V5);

    peer("p").send(PublishBytes.of("t", "x").qos(qos, 4711).dup());

    var publish = subscriber.receive();
    assertThat(publish.dup()).isFalse();
    assertThat(publish.qos().value()).isEqualTo(qos);
    assertThat(publish.packetId()).isNotEqualTo(4711);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Tag("MQTT-4.3.2-1")
  @Tag("MQTT-4.3.3-1")
  void givenUnacknowledgedMessages_whenMoreAreSent_thenEachHasAFreeIdentifier(int qos) {
    var subscriber = subscriber(ProtocolVersion.V5);
    var publisher = peer("p");
    var used = new HashSet<Integer>();

    for (int i = 0; i < 50; i++) {
      publisher.publish("t", "x", qos);
      assertThat(used.add(subscriber.nextPublish().packetId())).isTrue();
    }
  }

  @Test
  @Tag("edge-88")
  void givenWindowThatEmpties_whenMoreIsSent_thenIdentifiersGoOn() {
    var subscriber = subscriber(ProtocolVersion.V5);
    var publisher = peer("p");
    for (int i = 1; i <= 3; i++) {
      publisher.publish("t", "x", 1);
      assertThat(subscriber.receive().packetId()).isEqualTo(i);
    }
    subscriber.expectNothing().disconnect();
    publisher.publish("t", "x", 1);

    assertThat(back(ProtocolVersion.V5).receive().packetId()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"V5,1", "V5,2", "V3_1_1,1", "V3_1_1,2", "V3_1,1", "V3_1,2"})
  @Tag("MQTT-3.3.1-1")
  @Tag("MQTT-4.3.2-3")
  @Tag("MQTT-4.3.3-3")
  @Tag("MQTT-4.4.0-1")
  @Tag("MQTT-4.6.0-1")
  @Tag("edge-74")
  void givenUnacknowledgedMessages_whenTheSessionIsResumed_thenTheyComeAgainInOrder(
      ProtocolVersion version, int qos) {
    var publisher = peer("p");
    try (var subscriber = subscriber(version)) {
      for (int i = 1; i <= 3; i++) {
        publisher.publish("t", "" + i, qos);
        assertThat(subscriber.nextPublish().dup()).isFalse();
      }
      subscriber.reset();
    }

    var back = back(version);
    for (int i = 1; i <= 3; i++) {
      var publish = back.nextPublish();
      assertThat(publish.dup()).isTrue();
      assertThat(publish.packetId()).isEqualTo(i);
      assertThat(publish.qos().value()).isEqualTo(qos);
      assertThat(Peer.text(publish)).isEqualTo("" + i);
    }
    back.expectNothing();
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("MQTT-4.3.3-5")
  @Tag("MQTT-4.3.3-6")
  @Tag("MQTT-4.4.0-1")
  @Tag("edge-72")
  void givenPubrec_whenTheSessionIsResumed_thenPubrelComesAgainAndNoPublish(
      ProtocolVersion version) {
    try (var subscriber = subscriber(version)) {
      peer("p").publish("t", "x", 2);
      subscriber.pubrec(subscriber.nextPublish().packetId());
      subscriber.next(Pubrel.class);
      subscriber.reset();
    }

    for (int i = 0; i < 2; i++) {
      try (var back = back(version)) {
        assertThat(back.next(Pubrel.class)).isEqualTo(new Pubrel(1, ReasonCode.SUCCESS));
        back.expectNothing().disconnect();
      }
    }
    var last = back(version);
    last.next(Pubrel.class);
    last.pubcomp(1).expectNothing().disconnect();
    back(version).expectNothing();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x10})
  @Tag("MQTT-4.3.3-4")
  @Tag("MQTT-3.6.2-1")
  @Tag("MQTT-3.6.1-1")
  void givenPubrecOfSuccess_whenItComes_thenPubrelHasTheSameIdentifier(int reason) {
    var subscriber = subscriber(ProtocolVersion.V5);
    peer("p").publish("t", "x", 2);

    subscriber.acknowledge(0x50, subscriber.nextPublish().packetId(), reason);

    assertThat(subscriber.nextBytes()).isEqualTo(new byte[] {0x62, 2, 0, 1});
    subscriber.pubcomp(1).expectNothing();
  }

  @Test
  @Tag("MQTT-4.3.3-4")
  void givenPubrecThatIsRepeated_whenItComes_thenPubrelIsSentAgain() {
    var subscriber = subscriber(ProtocolVersion.V5);
    peer("p").publish("t", "x", 2);
    subscriber.nextPublish();

    for (int i = 0; i < 2; i++) {
      assertThat(subscriber.pubrec(1).next(Pubrel.class))
          .isEqualTo(new Pubrel(1, ReasonCode.SUCCESS));
    }

    subscriber.pubcomp(1).expectNothing();
  }

  @ParameterizedTest
  @CsvSource({"1,0x40", "2,0x50"})
  @Tag("MQTT-4.3.3-4")
  @Tag("MQTT-4.4.0-2")
  @Tag("edge-77")
  @Tag("edge-78")
  void givenNegativeAcknowledgement_whenItComes_thenTheMessageIsDoneWith(int qos, int firstByte) {
    var publisher = peer("p");
    try (var subscriber = subscriber(ProtocolVersion.V5)) {
      publisher.publish("t", "x", qos);
      subscriber.acknowledge(firstByte, subscriber.nextPublish().packetId(), 0x80);
      subscriber.expectNothing().disconnect();
    }

    back(ProtocolVersion.V5).expectNothing();
    assertThat(Objects.requireNonNull(broker().state().session("s")).queued()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  @Tag("MQTT-4.4.0-1")
  @Tag("edge-90")
  void givenSilentSubscriber_whenTimePasses_thenNothingIsSentAgain(int acknowledged) {
    start(options -> options.maximumKeepAlive = 65_535);
    var subscriber = subscriber(ProtocolVersion.V3_1_1);
    peer(ConnectBytes.v5("p")).publish("t", "x", 2);
    subscriber.nextPublish();
    if (acknowledged == 2) {
      subscriber.pubrec(1).next(Pubrel.class);
    }

    for (int i = 0; i < 10; i++) {
      broker().advance(Duration.ofMinutes(1));
      subscriber.expectNothing();
    }
  }

  @Test
  @Tag("MQTT-4.3.3-7")
  @Tag("edge-76")
  void givenQos2MessageInFlight_whenItsTimeIsOver_thenTheExchangeGoesOn() {
    try (var subscriber = subscriber(ProtocolVersion.V5)) {
      peer("p").publish(PublishBytes.of("t", "x").expiry(1), 2);
      subscriber.nextPublish();
      subscriber.reset();
    }

    broker().advance(Duration.ofSeconds(3));

    var back = back(ProtocolVersion.V5);
    var again = back.receive();
    assertThat(again.dup()).isTrue();
    assertThat(again.properties().messageExpiry()).hasValue(0);
    back.expectNothing();
    assertThat(Objects.requireNonNull(broker().state().session("s")).queued()).isZero();
  }

  @Test
  @Tag("MQTT-4.5.0-1")
  @Tag("MQTT-3.1.2-23")
  void givenSessionsThatAreAway_whenPublished_thenEachGetsEveryMessageOfQos1And2() {
    for (var id : new String[] {"a", "b"}) {
      try (var subscriber = peer(ConnectBytes.v5(id).resume(MINUTE))) {
        subscriber.subscribe("t", 2);
        subscriber.disconnect();
      }
    }
    var publisher = peer("p");
    for (int i = 0; i < 30; i++) {
      publisher.publish("t", "" + i, 1 + i % 2);
    }

    for (var id : new String[] {"a", "b"}) {
      var back = Peer.resumed(broker(), ConnectBytes.v5(id).resume(MINUTE));
      for (int i = 0; i < 30; i++) {
        var publish = back.receive();
        assertThat(Peer.text(publish)).isEqualTo("" + i);
        assertThat(publish.dup()).isFalse();
        assertThat(publish.qos().value()).isEqualTo(1 + i % 2);
      }
      back.expectNothing();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("edge-89")
  void givenUnexpectedAcknowledgements_whenTheyCome_thenTheConnectionStays(
      ProtocolVersion version) {
    var peer = peer(kept(version));

    peer.puback(9).pubcomp(9).expectNothing();
    peer.pubrec(9);

    assertThat(peer.next(Pubrel.class))
        .isEqualTo(
            new Pubrel(
                9,
                version == ProtocolVersion.V5
                    ? ReasonCode.PACKET_IDENTIFIER_NOT_FOUND
                    : ReasonCode.SUCCESS));
    peer.pubcomp(9).expectNothing();
    assertThat(broker().counters().of(Count.UNEXPECTED_ACKNOWLEDGEMENTS)).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"2,0x40", "1,0x50", "1,0x70", "2,0x70"})
  void givenAcknowledgementOfTheWrongKind_whenItComes_thenItIsAProtocolError(
      int qos, int firstByte) {
    var subscriber = subscriber(ProtocolVersion.V5);
    peer("p").publish("t", "x", qos);

    subscriber.acknowledge(firstByte, subscriber.nextPublish().packetId());

    subscriber.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
  }

  @Test
  @Tag("edge-87")
  @Tag("MQTT-2.2.1-4")
  void givenIdentifierInUse_whenAllOthersHaveBeenUsed_thenItIsNotGivenToAnother() {
    var subscriber = subscriber(ProtocolVersion.V5);
    var publisher = peer("p");
    publisher.publish("t", "first", 1);
    int kept = subscriber.nextPublish().packetId();
    var burst = PublishBytes.of("t", "x").qos(1, 1).toByteArray(ProtocolVersion.V5);
    int unique = 0;
    for (int i = 0; i < 65_534; i++) {
      publisher.send(burst);
      int id = subscriber.nextPublish().packetId();
      subscriber.puback(id);
      unique += id == kept ? 0 : 1;
    }
    assertThat(unique).isEqualTo(65_534);

    publisher.send(burst);
    subscriber.expectNothing(); // it would have the identifier that is in use
    subscriber.puback(kept);

    Publish next = subscriber.nextPublish();
    assertThat(next.packetId()).isEqualTo(kept);
    assertThat(next.qos()).isEqualTo(QoS.AT_LEAST_ONCE);
    assertThat(next.dup()).isFalse();
  }
}
