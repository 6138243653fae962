package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.Unsuback;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** Packet Identifiers: MQTT 5.0 section 2.2.1. */
class PacketIdentifierConformanceTest extends BrokerUnderTest {
  private static final int IDENTIFIERS = 65_535;

  @ParameterizedTest
  @Tag("MQTT-2.2.1-3")
  @CsvSource({"V5", "V3_1_1"})
  void givenPacketIdentifier0_whenItComes_thenTheConnectionEnds(ProtocolVersion version) {
    for (int qos = 1; qos <= 2; qos++) {
      connected(version)
          .send(PublishBytes.of("t", "x").qos(qos, 0))
          .expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
    var subscriber = connected(version);
    subscriber.send(subscriber.subscription(0, "t", 0)).expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    var body = Bytes.empty().u16(0);
    if (version == ProtocolVersion.V5) {
      body.varInt(0);
    }
    connected(version)
        .send(Bytes.packet(0xA2, body.string("t")))
        .expectDisconnect(ReasonCode.PROTOCOL_ERROR);
  }

  private Peer connected(ProtocolVersion version) {
    return peer(ConnectBytes.of(version, "c"));
  }

  @ParameterizedTest
  @Tag("MQTT-2.2.1-5")
  @ValueSource(ints = {1, 0x00FF, 0x0100, 0xFF00, 65_535})
  void givenPacketIdentifier_whenPublishIsAcknowledged_thenWithTheSame(int packetId) {
    for (var version : ProtocolVersion.values()) {
      var peer = connected(version);

      peer.send(PublishBytes.of("t", "x").qos(1, packetId));
      assertThat(peer.next(Puback.class).packetId()).isEqualTo(packetId);
      peer.send(PublishBytes.of("t", "x").qos(2, packetId));
      assertThat(peer.next(Pubrec.class).packetId()).isEqualTo(packetId);
      assertThat(peer.pubrel(packetId).next(Pubcomp.class).packetId()).isEqualTo(packetId);
    }
  }

  @Test
  @Tag("MQTT-2.2.1-6")
  void givenManyRequestsAtOnce_whenAnswered_thenEachWithItsIdentifier() {
    for (var version : ProtocolVersion.values()) {
      var peer = connected(version);
      var body = Bytes.empty();
      for (int id : new int[] {1, 256, 65_535}) {
        body.raw(peer.subscription(id, "t" + id, 0));
      }
      var unsubscribe = Bytes.empty().u16(2);
      if (version == ProtocolVersion.V5) {
        unsubscribe.varInt(0);
      }
      body.raw(Bytes.packet(0xA2, unsubscribe.string("t1")));

      peer.send(body.toByteArray());

      assertThat(peer.next(Suback.class).packetId()).isEqualTo(1);
      assertThat(peer.next(Suback.class).packetId()).isEqualTo(256);
      assertThat(peer.next(Suback.class).packetId()).isEqualTo(65_535);
      assertThat(peer.next(Unsuback.class).packetId()).isEqualTo(2);
    }
  }

  @Test
  @Tag("MQTT-2.2.1-4")
  void givenOneMessageThatIsNotAcknowledged_whenMoreThanAllIdentifiersPass_thenItsIsNotUsedAgain() {
    start(options -> options.queuedMessages = 200_000);
    var subscriber = peer("s");
    subscriber.subscribe("t", 1);
    var publisher = peer("p");
    var batch = Bytes.empty();
    int size = 500;
    for (int i = 0; i < size; i++) {
      batch.raw(PublishBytes.of("t", "").qos(1, i + 1).toByteArray(ProtocolVersion.V5));
    }
    int held = 0;
    int received = 0;
    int sent = 0;
    for (; sent < IDENTIFIERS + 2 * size; sent += size) {
      publisher.send(batch.toByteArray());
      for (int i = 0; i < size; i++) {
        publisher.next(Puback.class);
      }
      int arrive = Math.min(size, IDENTIFIERS - received); // behind the one that is held
      var acknowledgements = Bytes.empty();
      for (int i = 0; i < arrive; i++) {
        int packetId = subscriber.nextPublish().packetId(); // the reader refuses 0
        assertThat(packetId).isNotEqualTo(held);
        if (held == 0) {
          held = packetId;
        } else {
          acknowledgements.raw(Bytes.packet(0x40, Bytes.empty().u16(packetId)));
        }
      }
      received += arrive;
      subscriber.send(acknowledgements.toByteArray());
    }
    subscriber.expectNothing(); // identifiers go round in order: the server waits for this one

    subscriber.puback(held);

    for (; received < sent; received++) {
      subscriber.puback(subscriber.nextPublish().packetId());
    }
  }
}
