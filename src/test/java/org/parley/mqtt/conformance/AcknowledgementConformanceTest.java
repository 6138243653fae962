package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** The forms and codes of PUBACK, PUBREC, PUBREL and PUBCOMP: MQTT 5.0 sections 3.4 to 3.7. */
class AcknowledgementConformanceTest extends BrokerUnderTest {

  private static PublishBytes message(int qos, int packetId) {
    return PublishBytes.of("t", "x").qos(qos, packetId);
  }

  private Peer subscriber() {
    var subscriber = peer("s");
    subscriber.subscribe("t", 2);
    return subscriber;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Tag("MQTT-3.4.2-1")
  @Tag("MQTT-3.5.2-1")
  @Tag("edge-94")
  @Tag("edge-96")
  void givenSuccess_whenAnswered_thenThePacketHasItsShortestForm(int qos) {
    var subscriber = subscriber();
    var publisher = peer("p");

    publisher.send(message(qos, 7));

    assertThat(publisher.nextBytes())
        .isEqualTo(new byte[] {(byte) (qos == 1 ? 0x40 : 0x50), 2, 0, 7});
    assertThat(subscriber.receive().qos().value()).isEqualTo(qos);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Tag("MQTT-3.4.2-1")
  @Tag("MQTT-3.5.2-1")
  @Tag("edge-96")
  void givenNobodyWhoHears_whenPublished_thenTheAnswerSaysSo(int qos) {
    var publisher = peer("p");
    publisher.send(message(qos, 7));

    var reason =
        qos == 1 ? publisher.next(Puback.class).reason() : publisher.next(Pubrec.class).reason();

    assertThat(reason).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
    try (var offline = peer(ConnectBytes.v5("away").resume(60))) {
      offline.subscribe("t", 2);
      offline.disconnect();
    }
    publisher.publish("t", "kept for one who is away", 1);
    publisher.send(message(1, 8));
    assertThat(publisher.next(Puback.class).reason()).isEqualTo(ReasonCode.SUCCESS);
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("MQTT-3.7.2-1")
  @Tag("MQTT-4.3.3-11")
  @Tag("edge-89")
  void givenUnknownIdentifier_whenPubrelComes_thenPubcompAndTheConnectionStays(
      ProtocolVersion version) {
    var publisher = peer(ConnectBytes.of(version, "p"));

    publisher.pubrel(77);

    var reason =
        version == ProtocolVersion.V5 ? ReasonCode.PACKET_IDENTIFIER_NOT_FOUND : ReasonCode.SUCCESS;
    assertThat(publisher.next(Pubcomp.class)).isEqualTo(new Pubcomp(77, reason));
    publisher.expectNothing();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x92})
  @Tag("MQTT-3.6.2-1")
  void givenOpenIdentifier_whenPubrelHasEitherCode_thenTheExchangeEnds(int reason) {
    var publisher = peer("p");
    publisher.send(message(2, 5)).next(Pubrec.class);

    publisher.acknowledge(0x62, 5, reason);

    assertThat(publisher.next(Pubcomp.class)).isEqualTo(new Pubcomp(5, ReasonCode.SUCCESS));
  }

  @ParameterizedTest
  @CsvSource({"0x62,0x10", "0x62,0x80", "0x70,0x10", "0x40,0x92", "0x50,0x93", "0x40,0x01"})
  @Tag("MQTT-3.4.2-1")
  @Tag("MQTT-3.5.2-1")
  @Tag("MQTT-3.6.2-1")
  @Tag("MQTT-3.7.2-1")
  void givenReasonOutsideTheTable_whenItIsReceived_thenTheConnectionEnds(
      int firstByte, int reason) {
    var peer = peer("p");

    peer.acknowledge(firstByte, 5, reason);

    peer.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x60, 0x61, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F
      })
  @Tag("MQTT-3.6.1-1")
  void givenPubrelWithOtherFlags_whenItIsReceived_thenItIsMalformed(int firstByte) {
    var peer = peer("p");
    peer.send(message(2, 5)).next(Pubrec.class);

    peer.acknowledge(firstByte, 5);

    peer.expectDisconnect(ReasonCode.MALFORMED_PACKET);
  }

  @Test
  void givenVersion31_whenPubrelIsRepeatedWithDup_thenItIsAccepted() {
    var peer = peer(ConnectBytes.v31("p"));
    peer.send(message(2, 5)).next(Pubrec.class);

    peer.acknowledge(0x6A, 5);

    assertThat(peer.next(Pubcomp.class).packetId()).isEqualTo(5);
    var strict = peer(ConnectBytes.v311("q"));
    strict.acknowledge(0x6A, 5);
    strict.expectClosed();
  }

  @ParameterizedTest
  @CsvSource({"40 02 00 07", "40 03 00 07 00", "40 04 00 07 00 00", "40 04 00 07 10 00"})
  @Tag("edge-94")
  @Tag("MQTT-3.4.2-1")
  void givenAnyLengthOfPuback_whenItIsReceived_thenItFreesTheIdentifier(String form) {
    var subscriber = peer(ConnectBytes.v5("s").receiveMaximum(1));
    subscriber.subscribe("t", 1);
    var publisher = peer("p");
    for (int i = 1; i <= 8; i++) {
      publisher.publish("t", "" + i, 1);
    }
    for (int i = 1; i <= 6; i++) {
      subscriber.receive();
    }
    assertThat(subscriber.nextPublish().packetId()).isEqualTo(7);

    subscriber.sendHex(form);

    assertThat(subscriber.nextText()).isEqualTo("8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"40 01 07", "40 00", "50 01 07", "62 00", "70 01 07"})
  void givenAcknowledgementWithoutIdentifier_whenItIsReceived_thenItIsMalformed(String bytes) {
    var peer = peer("p");
    peer.sendHex(bytes).expectDisconnect(ReasonCode.MALFORMED_PACKET);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Tag("MQTT-3.4.2-1")
  @Tag("MQTT-3.5.2-1")
  @Tag("edge-80")
  void givenServerTopicOrAFullStore_whenPublished_thenTheAnswerHasItsCode(int qos) {
    start(options -> options.retainedMessages = 0);
    var publisher = peer("p");

    publisher.send(PublishBytes.of("$SYS/x", "x").qos(qos, 5));
    publisher.send(PublishBytes.of("t", "x").retain().qos(qos, 6));

    if (qos == 1) {
      assertThat(publisher.next(Puback.class).reason()).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
      assertThat(publisher.next(Puback.class).reason()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    } else {
      assertThat(publisher.next(Pubrec.class).reason()).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
      assertThat(publisher.next(Pubrec.class).reason()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Tag("MQTT-3.4.2-2")
  @Tag("MQTT-3.4.2-3")
  @Tag("MQTT-3.5.2-2")
  @Tag("MQTT-3.5.2-3")
  @Tag("edge-161")
  void givenSmallMaximumPacketSize_whenPublishIsRefused_thenTheAnswerFits(int qos) {
    var topic = "secret/" + "x".repeat(2000);
    broker().access().denied.add(topic);
    var publisher = peer(ConnectBytes.v5("p").maximumPacketSize(40));

    publisher.send(PublishBytes.of(topic, "x").qos(qos, 5));

    assertThat(publisher.nextBytes())
        .hasSizeLessThanOrEqualTo(40)
        .startsWith(qos == 1 ? 0x40 : 0x50)
        .containsSubsequence(0, 5, 0x87);
  }

  @Test
  @Tag("MQTT-3.6.2-2")
  @Tag("MQTT-3.6.2-3")
  @Tag("MQTT-3.7.2-2")
  @Tag("MQTT-3.7.2-3")
  void givenSmallMaximumPacketSize_whenIdentifiersAreUnknown_thenPubrelAndPubcompFit() {
    var peer = peer(ConnectBytes.v5("p").maximumPacketSize(40));

    peer.pubrel(5);
    assertThat(peer.nextBytes())
        .hasSizeLessThanOrEqualTo(40)
        .startsWith(0x70)
        .containsSubsequence(0, 5, 0x92);
    peer.pubrec(6);
    assertThat(peer.nextBytes())
        .hasSizeLessThanOrEqualTo(40)
        .startsWith(0x62)
        .containsSubsequence(0, 6, 0x92);
  }

  @Test
  @Tag("edge-95")
  @Tag("MQTT-3.14.2-1")
  void givenDisconnectInItsLongForm_whenItIsReceived_thenItIsAsGoodAsTheShortOne() {
    var watcher = peer("watcher");
    watcher.subscribe("wills", 1);
    var peer = peer(ConnectBytes.v5("p").will("wills", "x", 1, false));

    peer.sendHex("E0 02 00 00").expectClosed();

    watcher.expectNothing();
  }
}
