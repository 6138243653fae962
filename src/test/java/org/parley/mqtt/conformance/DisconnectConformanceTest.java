package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** DISCONNECT of both sides, and errors: MQTT 5.0 sections 3.14 and 4.13. */
class DisconnectConformanceTest extends BrokerUnderTest {

  private Peer watcher() {
    var watcher = peer("watcher");
    watcher.subscribe("#", 0);
    return watcher;
  }

  private Peer withWill() {
    return peer(ConnectBytes.v5("c").resume(60).will("w", "gone", 0, false));
  }

  @ParameterizedTest
  @Tag("MQTT-3.14.1-1")
  @Tag("MQTT-2.1.3-1")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
  void givenReservedBits_whenDisconnect_thenMalformedPacketAndTheWillIsPublished(int flags) {
    var watcher = watcher();

    withWill().send((byte) (0xE0 | flags), (byte) 0).expectDisconnect(ReasonCode.MALFORMED_PACKET);

    assertThat(watcher.nextPublish().topic().text()).isEqualTo("w");
    peer(ConnectBytes.v311("d")).send((byte) (0xE0 | flags), (byte) 0).expectClosed();
  }

  @ParameterizedTest
  @Tag("MQTT-3.14.2-1")
  @ValueSource(
      strings = {
        "01", "02", "10", "11", "18", "19", "84", "85", "86", "87", "88", "89", "8A", "8B", "8C",
        "8D", "8E", "8F", "91", "92", "9A", "9B", "9C", "9D", "9E", "9F", "A0", "A1", "A2", "FF"
      })
  void givenReasonThatNoClientHas_whenDisconnect_thenProtocolErrorAndTheWillIsPublished(
      String reason) {
    var watcher = watcher();

    withWill().sendHex("E0 01" + reason).expectDisconnect(ReasonCode.PROTOCOL_ERROR);

    assertThat(watcher.nextPublish().topic().text()).isEqualTo("w");
  }

  @ParameterizedTest
  @Tag("MQTT-3.14.2-1")
  @Tag("MQTT-3.14.4-2")
  @ValueSource(
      strings = {
        "E0 00", "E0 01 00", "E0 02 00 00", "E0 01 04", "E0 01 80", "E0 01 81", "E0 01 82",
        "E0 01 83", "E0 01 90", "E0 01 93", "E0 01 94", "E0 01 95", "E0 01 96", "E0 01 97",
        "E0 01 98", "E0 01 99", "E0 06 81 04 1F 00 01 61", "E0 09 00 07 26 00 01 61 00 01 62"
      })
  void givenReasonOfAClient_whenDisconnect_thenTheConnectionIsClosedWithoutAnAnswer(String bytes) {
    peer("c").sendHex(bytes).expectClosed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"E0 01 00", "E0 02 00 00"})
  @Tag("MQTT-3.14.1-1")
  void givenDisconnectOf5_whenAClientOf311SendsIt_thenItIsNoneAndTheWillIsPublished(String bytes) {
    var watcher = watcher();

    peer(ConnectBytes.v311("c").will("w", "gone", 0, false)).sendHex(bytes).expectClosed();

    assertThat(watcher.nextPublish().topic().text()).isEqualTo("w");
  }

  @Test
  @Tag("MQTT-3.14.2-2")
  void givenSessionOfAnyExpiry_whenTheServerDisconnects_thenItTellsNone() {
    var peer = peer(ConnectBytes.v5("c").resume(60));

    peer("c");

    // the reader fails for a Session Expiry Interval
    peer.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
  }

  @Test
  @Tag("MQTT-3.14.4-1")
  @Tag("MQTT-3.14.4-2")
  @Tag("MQTT-3.1.4-3")
  void givenTrafficForAClient_whenTheServerHasDisconnectedIt_thenNothingFollows() {
    var peer = peer("c");
    peer.subscribe("t", 0);
    var publisher = peer("p");
    for (int i = 0; i < 50; i++) {
      publisher.publish("t", "x");
    }
    peer("c");
    publisher.publish("t", "later", 1);

    var next = peer.nextBytes();
    while ((next[0] & 0xF0) == 0x30) {
      next = peer.nextBytes();
    }
    assertThat(next).startsWith(0xE0);
    peer.expectClosed();
  }

  @Test
  @Tag("MQTT-3.14.4-1")
  void givenPacketsBehindDisconnect_whenTheyCome_thenTheyAreNotHandled() {
    var watcher = watcher();
    var peer = peer("c");
    var publish = PublishBytes.of("t", "late").toByteArray(peer.version());

    peer.send(Bytes.empty().raw("E0 00").raw(publish).raw("C0 00").toByteArray()).expectClosed();

    watcher.expectNothing();
  }

  @Test
  @Tag("MQTT-3.14.4-1")
  @Tag("MQTT-4.13.1-1")
  void givenPacketsBehindAProtocolError_whenTheyCome_thenTheyAreNotHandled() {
    var watcher = watcher();
    var peer = peer("c");
    var publish = PublishBytes.of("t", "late").toByteArray(peer.version());

    peer.send(Bytes.empty().raw("D0 00").raw(publish).raw("C0 00").toByteArray())
        .expectDisconnect(ReasonCode.PROTOCOL_ERROR);

    watcher.expectNothing();
  }

  @Test
  @Tag("MQTT-3.14.2-2")
  void givenSessionThatEndsWithTheConnection_whenDisconnectWantsItKept_thenProtocolError() {
    var watcher = watcher();
    var peer = peer(ConnectBytes.v5("c").will("w", "gone", 0, false));

    peer.sendHex("E0 07 00 05 11 00 00 00 3C").expectDisconnect(ReasonCode.PROTOCOL_ERROR);

    assertThat(watcher.nextPublish().topic().text()).isEqualTo("w");
    assertThat(open().connect(ConnectBytes.v5("c").resume(60)).sessionPresent()).isFalse();
  }

  @Test
  @Tag("MQTT-3.1.2-23")
  void givenSession_whenDisconnectChangesItsExpiry_thenThatHolds() {
    peer(ConnectBytes.v5("c").resume(60)).sendHex("E0 07 00 05 11 00 00 00 0A").expectClosed();
    peer(ConnectBytes.v5("d").resume(60)).sendHex("E0 07 00 05 11 00 00 00 00").expectClosed();
    broker().advance(Duration.ofSeconds(9));
    assertThat(broker().state().sessionCount()).isOne();

    broker().advance(Duration.ofSeconds(1));

    assertThat(broker().state().sessionCount()).isZero();
  }

  @ParameterizedTest
  @Tag("MQTT-4.13.1-1")
  @Tag("MQTT-4.13.2-1")
  @ValueSource(
      strings = {
        "00 00", // reserved type
        "36 05 00 01 74 00 78", // QoS 3
        "38 05 00 01 74 00 78", // DUP with QoS 0
        "80 07 00 01 00 00 01 74 00", // a SUBSCRIBE without its flags
        "30 06 00 01 74 01 7F 00", // no such property
        "30 03 00 05 74", // a topic that runs out of its packet
        "C0 80 80 80 80 01", // five bytes of length
        "30 05 00 01 74 7F 00" // properties that run out of their packet
      })
  void givenMalformedPacket_whenItComes_thenOnlyThatConnectionEnds(String bytes) {
    expectEnd(bytes, ReasonCode.MALFORMED_PACKET);
  }

  @ParameterizedTest
  @Tag("MQTT-4.13.1-1")
  @Tag("MQTT-4.13.2-1")
  @ValueSource(
      strings = {
        "20 03 00 00 00", // of a server
        "90 04 00 01 00 00",
        "B0 04 00 01 00 00",
        "D0 00",
        "82 03 00 01 00", // no filter
        "A2 03 00 01 00",
        "32 06 00 01 74 00 00 00", // Packet Identifier 0
        "82 07 00 00 00 00 01 74 00",
        "A2 06 00 00 00 00 01 74",
        "30 08 00 01 74 04 01 00 01 00", // Payload Format Indicator twice
        "30 06 00 01 74 02 0B 01", // Subscription Identifier of a client
        "30 03 00 00 00" // no topic, no alias
      })
  void givenProtocolError_whenItComes_thenOnlyThatConnectionEnds(String bytes) {
    expectEnd(bytes, ReasonCode.PROTOCOL_ERROR);
  }

  private void expectEnd(String bytes, ReasonCode reason) {
    var other = peer(ConnectBytes.v5("other"));
    other.subscribe("o", 1);

    peer("c").sendHex(bytes).expectDisconnect(reason);

    peer("p").publish("o", "x", 1);
    assertThat(other.nextPublish().topic().text()).isEqualTo("o");
  }

  @ParameterizedTest
  @Tag("MQTT-3.14.0-1")
  @ValueSource(
      strings = {
        "10 10 00 04 4D 51 54 54 05 03 00 3C 00 00 03 61 62 63", // reserved flag
        "10 10 00 04 4D 51 54 54 63 02 00 3C 00 00 03 61 62 63", // level 99
        "10 10 00 04 4D 51 54 54 05 02 00 3C 00 00 03 61 00 63", // U+0000
        "10 13 00 04 4D 51 54 54 05 02 00 3C 03 21 00 00 00 03 61 62 63", // Receive Maximum 0
        "10 FF FF FF 7F 00 04 4D 51 54 54 05" // too large
      })
  void givenConnectThatIsRefused_whenTheServerSaysWhy_thenWithConnackAndNeverDisconnect(
      String bytes) {
    var peer = open().sendHex(bytes);

    assertThat(peer.nextBytes()).startsWith(0x20);
    peer.expectClosed();
  }
}
