package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;

/** Keep Alive and PINGREQ: MQTT 5.0 sections 3.1.2.10, 3.2.2.3.14 and 3.12. */
class KeepAliveConformanceTest extends BrokerUnderTest {

  private void advanceMillis(long millis) {
    broker().advance(Duration.ofMillis(millis));
  }

  /** It lives at one and a half of this time less a millisecond, and then it does not. */
  private void expectKeepAlive(Peer peer, int seconds) {
    peer.expectNothing();
    advanceMillis(seconds * 1500L - 1);
    peer.expectNothing();
    advanceMillis(seconds * 1500L);
    peer.expectDisconnect(ReasonCode.KEEP_ALIVE_TIMEOUT);
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-22")
  @Tag("MQTT-3.2.2-22")
  @Tag("edge-164")
  @CsvSource({"V5,2", "V5,1", "V5,1800", "V3_1_1,2", "V3_1_1,3600", "V3_1,5"})
  void givenKeepAlive_whenSilentForOneAndAHalfOfIt_thenTheConnectionIsClosed(
      ProtocolVersion version, int seconds) {
    var connect = ConnectBytes.of(version, "c").keepAlive(seconds);
    var peer = open();
    assertThat(peer.connect(connect).properties().serverKeepAlive()).isEmpty();

    expectKeepAlive(peer, seconds);
  }

  @Test
  @Tag("MQTT-3.1.2-22")
  void givenKeepAlive_whenSilentForTooLong_thenTheWillIsPublished() {
    var watcher = peer(ConnectBytes.v5("watcher").keepAlive(1000));
    watcher.subscribe("w", 0);
    var peer = peer(ConnectBytes.v5("c").keepAlive(2).will("w", "gone", 0, false));

    advanceMillis(3000);

    peer.expectDisconnect(ReasonCode.KEEP_ALIVE_TIMEOUT);
    assertThat(watcher.nextPublish().topic().text()).isEqualTo("w");
  }

  @Test
  @Tag("MQTT-3.1.2-22")
  void givenKeepAlive_whenAnyPacketComesInTime_thenTheConnectionStays() {
    var peer = peer(ConnectBytes.v5("c").keepAlive(2));
    for (int i = 0; i < 5; i++) {
      advanceMillis(2900);
      peer.expectNothing();
      advanceMillis(2900);
      peer.publish("t", "x", 1);
    }
  }

  @Test
  @Tag("MQTT-3.1.2-22")
  void givenKeepAlive_whenOnlyTheServerSends_thenThatDoesNotCount() {
    var publisher = peer(ConnectBytes.v5("p").keepAlive(1000));
    var peer = peer(ConnectBytes.v5("c").keepAlive(2));
    peer.subscribe("t", 0);
    for (int i = 0; i < 2; i++) {
      advanceMillis(1499);
      publisher.publish("t", "x", 1);
      peer.nextPublish();
    }

    advanceMillis(2);

    peer.expectDisconnect(ReasonCode.KEEP_ALIVE_TIMEOUT);
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-22")
  @CsvSource({"V5", "V3_1_1", "V3_1"})
  void givenNoKeepAliveAndNoMaximum_whenSilentForADay_thenTheConnectionStays(
      ProtocolVersion version) {
    start(options -> options.maximumKeepAlive = 0);
    var peer = open();
    assertThat(
            peer.connect(ConnectBytes.of(version, "c").keepAlive(0)).properties().serverKeepAlive())
        .isEmpty();

    broker().advance(Duration.ofDays(1));

    peer.expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.2-22")
  void givenNoKeepAliveBefore5_whenThereIsAMaximum_thenTheClientHasWhatItWants() {
    var peer = peer(ConnectBytes.v311("c").keepAlive(0));

    broker().advance(Duration.ofDays(1));

    peer.expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-22")
  @Tag("edge-163")
  @Tag("edge-165")
  @CsvSource({"0", "21", "65535"})
  @Tag("CVE-2020-13849")
  void givenKeepAliveThatTheServerDoesNotWant_whenConnect_thenItsOwnIsToldAndHolds(int asked) {
    start(options -> options.maximumKeepAlive = 20);
    var peer = open();

    var connack = peer.connect(ConnectBytes.v5("c").keepAlive(asked));

    assertThat(connack.properties().serverKeepAlive()).isEqualTo(OptionalInt.of(20));
    expectKeepAlive(peer, 20);
  }

  @ParameterizedTest
  @Tag("MQTT-3.2.2-22")
  @Tag("edge-165")
  @CsvSource({"20", "19", "1"})
  void givenKeepAliveUpToTheMaximum_whenConnect_thenItIsTheClients(int asked) {
    start(options -> options.maximumKeepAlive = 20);
    var peer = open();

    var connack = peer.connect(ConnectBytes.v5("c").keepAlive(asked));

    assertThat(connack.properties().serverKeepAlive()).isEmpty();
    expectKeepAlive(peer, asked);
  }

  @Test
  @Tag("edge-166")
  void givenKeepAlive_whenTheWallClockIsSet_thenNothingHappens() {
    var peer = peer(ConnectBytes.v5("c").keepAlive(2));

    broker().clock().correct(Duration.ofDays(400));
    broker().advance(Duration.ofSeconds(1));
    peer.expectNothing();
    broker().clock().correct(Duration.ofDays(-800));
    broker().advance(Duration.ofSeconds(1));
    peer.expectNothing();

    broker().advance(Duration.ofSeconds(3));
    peer.expectDisconnect(ReasonCode.KEEP_ALIVE_TIMEOUT);
  }

  @ParameterizedTest
  @Tag("MQTT-3.12.4-1")
  @CsvSource({"V5", "V3_1_1", "V3_1"})
  void givenConnection_whenPingreq_thenPingresp(ProtocolVersion version) {
    var peer = peer(ConnectBytes.of(version, "c"));

    assertThat(peer.sendHex("C0 00").nextBytes()).containsExactly(0xD0, 0x00);
    peer.sendHex("C0 00 C0 00 C0 00");
    for (int i = 0; i < 3; i++) {
      peer.next(Pingresp.class);
    }
  }

  @Test
  @Tag("MQTT-3.12.4-1")
  void givenNoQuotaLeft_whenPingreq_thenPingresp() {
    var peer = peer(ConnectBytes.v5("c").receiveMaximum(1));
    peer.subscribe("t", 1);
    peer("p").publish("t", "1", 1).publish("t", "2", 1);
    int first = peer.nextPublish().packetId();

    peer.expectNothing();

    peer.puback(first).nextPublish();
  }

  @ParameterizedTest
  @Tag("MQTT-2.1.3-1")
  @CsvSource({"C1 00", "C2 00", "C8 00", "CF 00", "C0 01 00"})
  void givenPingreqOfAnotherForm_whenItComes_thenMalformedPacket(String bytes) {
    peer("c").sendHex(bytes).expectDisconnect(ReasonCode.MALFORMED_PACKET);
    peer(ConnectBytes.v311("d")).sendHex(bytes).expectClosed();
  }
}
