package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** The server as receiver with QoS 0, 1 and 2: MQTT 5.0 sections 3.3.4, 3.4 to 3.7 and 4.3. */
class InboundQosConformanceTest extends BrokerUnderTest {

  private static PublishBytes message(int qos, int packetId) {
    return PublishBytes.of("t", "x").qos(qos, packetId);
  }

  private Peer subscriber() {
    var subscriber = peer("s");
    subscriber.subscribe("t", 2);
    return subscriber;
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("MQTT-3.3.4-1")
  @Tag("MQTT-4.3.2-4")
  @Tag("MQTT-4.3.3-8")
  @Tag("MQTT-4.3.3-11")
  void givenPublish_whenOwned_thenTheAnswerIsThatOfItsQos(ProtocolVersion version) {
    var subscriber = subscriber();
    var publisher = peer(ConnectBytes.of(version, "p"));

    publisher.send(message(0, 0)).expectNothing();
    var puback = publisher.send(message(1, 65_535)).next(Puback.class);
    var pubrec = publisher.send(message(2, 1)).next(Pubrec.class);
    var pubcomp = publisher.pubrel(1).next(Pubcomp.class);

    assertThat(puback).isEqualTo(new Puback(65_535, ReasonCode.SUCCESS));
    assertThat(pubrec).isEqualTo(new Pubrec(1, ReasonCode.SUCCESS));
    assertThat(pubcomp).isEqualTo(new Pubcomp(1, ReasonCode.SUCCESS));
    publisher.expectNothing();
    for (int qos = 0; qos <= 2; qos++) {
      assertThat(subscriber.receive().qos().value()).isEqualTo(qos);
    }
  }

  @Test
  @Tag("MQTT-4.3.2-5")
  void givenPuback_whenTheIdentifierComesAgain_thenItIsANewMessageWhateverDupSays() {
    var subscriber = subscriber();
    var publisher = peer("p");

    publisher.send(message(1, 5)).next(Puback.class);
    publisher.send(message(1, 5).dup()).next(Puback.class);
    publisher.send(message(1, 5)).next(Puback.class);

    for (int i = 0; i < 3; i++) {
      assertThat(subscriber.receive().dup()).isFalse();
    }
    subscriber.expectNothing();
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("MQTT-4.3.3-10")
  @Tag("edge-69")
  @Tag("edge-70")
  void givenOpenIdentifier_whenThePublishIsRepeated_thenPubrecEachTimeAndOneDelivery(
      ProtocolVersion version) {
    var subscriber = subscriber();
    var publisher = peer(ConnectBytes.of(version, "p"));

    for (int i = 0; i < 4; i++) {
      publisher.send(i == 0 ? message(2, 5) : message(2, 5).dup());
      assertThat(publisher.next(Pubrec.class)).isEqualTo(new Pubrec(5, ReasonCode.SUCCESS));
    }
    publisher.pubrel(5).next(Pubcomp.class);

    subscriber.receive();
    subscriber.expectNothing();
  }

  @Test
  @Tag("MQTT-4.3.3-10")
  @Tag("edge-69")
  void givenOneWrite_whenItHasThePublishThreeTimes_thenThreePubrecs() {
    var subscriber = subscriber();
    var publisher = peer("p");
    var packet = message(2, 5).toByteArray(ProtocolVersion.V5);
    var again = message(2, 5).dup().toByteArray(ProtocolVersion.V5);

    publisher.send(Bytes.empty().raw(packet).raw(again).raw(again).toByteArray());

    for (int i = 0; i < 3; i++) {
      assertThat(publisher.next(Pubrec.class)).isEqualTo(new Pubrec(5, ReasonCode.SUCCESS));
    }
    publisher.expectNothing();
    subscriber.receive();
    subscriber.expectNothing();
  }

  @Test
  @Tag("MQTT-4.3.3-10")
  @Tag("edge-70")
  void givenOutcomeWithACode_whenThePublishIsRepeated_thenItIsToldAgain() {
    var publisher = peer("p");
    publisher.send(message(2, 5));
    assertThat(publisher.next(Pubrec.class).reason()).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
    var subscriber = subscriber();

    publisher.send(message(2, 5).dup());

    assertThat(publisher.next(Pubrec.class).reason()).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
    subscriber.expectNothing();
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("MQTT-4.3.3-10")
  @Tag("edge-71")
  @Tag("edge-73")
  void givenOpenIdentifier_whenRepeatedAfterAReconnect_thenStillOneDelivery(
      ProtocolVersion version) {
    var subscriber = subscriber();
    try (var publisher = peer(ConnectBytes.of(version, "p").resume(60))) {
      publisher.send(message(2, 5)).next(Pubrec.class);
      publisher.reset();
    }

    var again = Peer.resumed(broker(), ConnectBytes.of(version, "p").resume(60));
    again.send(message(2, 5).dup());
    assertThat(again.next(Pubrec.class)).isEqualTo(new Pubrec(5, ReasonCode.SUCCESS));
    assertThat(again.pubrel(5).next(Pubcomp.class)).isEqualTo(new Pubcomp(5, ReasonCode.SUCCESS));

    subscriber.receive();
    subscriber.expectNothing();
  }

  @Test
  @Tag("MQTT-4.3.3-11")
  @Tag("edge-73")
  void givenPubrelThatWasAnswered_whenItComesAgainAfterAReconnect_thenPubcomp92() {
    try (var publisher = peer(ConnectBytes.v5("p").resume(60))) {
      publisher.publish("t", "x", 2);
      publisher.disconnect();
    }

    var again = Peer.resumed(broker(), ConnectBytes.v5("p").resume(60));
    again.pubrel(1);

    assertThat(again.next(Pubcomp.class).reason())
        .isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    again.expectNothing();
  }

  @Test
  @Tag("MQTT-4.3.3-10")
  void givenNewSession_whenTheIdentifierOfTheFormerOneComes_thenItIsANewMessage() {
    var subscriber = subscriber();
    try (var publisher = peer(ConnectBytes.v5("p").resume(60))) {
      publisher.send(message(2, 5)).next(Pubrec.class);
      publisher.disconnect();
    }

    peer("p").send(message(2, 5)).next(Pubrec.class);

    subscriber.receive();
    subscriber.receive();
    subscriber.expectNothing();
  }

  @Test
  @Tag("MQTT-4.3.3-12")
  void givenWholeExchange_whenTheIdentifierComesAgain_thenItIsANewMessage() {
    var subscriber = subscriber();
    var publisher = peer("p");

    for (int i = 0; i < 2; i++) {
      publisher.send(message(2, 5)).next(Pubrec.class);
      publisher.pubrel(5).next(Pubcomp.class);
    }

    subscriber.receive();
    subscriber.receive();
    subscriber.expectNothing();
  }

  @Test
  @Tag("MQTT-4.3.3-13")
  @Tag("edge-76")
  void givenMessageThatExpires_whenPubrelComesLate_thenTheExchangeIsFinished() {
    var publisher = peer("p");
    publisher.send(message(2, 5).expiry(1)).next(Pubrec.class);

    broker().advance(Duration.ofSeconds(3));

    assertThat(publisher.send(message(2, 5).expiry(1).dup()).next(Pubrec.class).packetId())
        .isEqualTo(5);
    assertThat(publisher.pubrel(5).next(Pubcomp.class))
        .isEqualTo(new Pubcomp(5, ReasonCode.SUCCESS));
  }

  @ParameterizedTest
  @CsvSource({"1,0x87", "2,0x87"})
  @Tag("MQTT-3.3.4-1")
  @Tag("MQTT-3.4.2-1")
  @Tag("MQTT-3.5.2-1")
  @Tag("MQTT-4.3.3-9")
  @Tag("edge-79")
  void givenRefusal_whenTheIdentifierIsUsedAgain_thenItIsANewMessage(int qos, int code) {
    var subscriber = subscriber();
    broker().access().denied.add("secret");
    var publisher = peer("p");

    publisher.send(PublishBytes.of("secret", "x").qos(qos, 5));
    var reason =
        qos == 1 ? publisher.next(Puback.class).reason() : publisher.next(Pubrec.class).reason();
    assertThat(reason.value()).isEqualTo(code);
    publisher.send(message(qos, 5));

    assertThat(subscriber.receive().qos().value()).isEqualTo(qos);
  }

  @ParameterizedTest
  @CsvSource({"V3_1_1,1", "V3_1_1,2", "V3_1,1", "V3_1,2"})
  void givenRefusalBefore5_whenAnswered_thenItIsAcknowledgedAndNotDelivered(
      ProtocolVersion version, int qos) {
    var subscriber = peer("s");
    subscriber.subscribe("#", 2);
    broker().access().denied.add("secret");
    var publisher = peer(ConnectBytes.of(version, "p"));

    publisher.publish("secret", "x", qos).publish("$x", "x", qos);

    subscriber.expectNothing();
  }

  @Test
  @Tag("MQTT-3.3.4-1")
  void givenRefusalWithQos0_whenPublished_thenItIsDroppedAndTheConnectionStays() {
    var subscriber = peer("s");
    subscriber.subscribe("#", 2);
    broker().access().denied.add("secret");

    var publisher = peer("p").publish("secret", "x").publish("$x", "x").publish("t", "y");

    publisher.expectNothing();
    assertThat(subscriber.nextText()).isEqualTo("y");
    subscriber.expectNothing();
  }

  @Test
  void givenIdentifierOpenForQos2_whenAQos1PublishHasIt_thenPuback91() {
    var subscriber = subscriber();
    var publisher = peer("p");
    publisher.send(message(2, 5)).next(Pubrec.class);
    subscriber.receive();

    publisher.send(message(1, 5));

    assertThat(publisher.next(Puback.class).reason())
        .isEqualTo(ReasonCode.PACKET_IDENTIFIER_IN_USE);
    subscriber.expectNothing();
    publisher.pubrel(5).next(Pubcomp.class);
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("MQTT-3.3.1-4")
  void givenQos3_whenPublished_thenItIsMalformedAndNobodyGetsIt(ProtocolVersion version) {
    var subscriber = subscriber();
    var publisher = peer(ConnectBytes.of(version, "p"));

    publisher.send(message(3, 5));

    publisher.expectDisconnect(ReasonCode.MALFORMED_PACKET);
    subscriber.expectNothing();
  }

  @Test
  @Tag("MQTT-3.3.1-2")
  void givenDupWithQos0_whenPublished_thenItIsMalformed() {
    var publisher = peer("p");

    publisher.send(message(0, 0).dup());

    publisher.expectDisconnect(ReasonCode.MALFORMED_PACKET);
  }

  @Test
  @Tag("MQTT-2.2.1-3")
  void givenPacketIdentifier0_whenPublished_thenItIsAProtocolError() {
    var publisher = peer("p");

    publisher.send(message(1, 0));

    publisher.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
  }
}
