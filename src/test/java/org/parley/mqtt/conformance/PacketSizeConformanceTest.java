package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** Maximum Packet Size in both directions: MQTT 5.0 sections 3.1.2.11.4 and 3.2.2.3.6. */
class PacketSizeConformanceTest extends BrokerUnderTest {

  /** Returns the size of a PUBLISH to a subscriber of the topic {@code t}, all of it. */
  private static int sizeOfDelivery(int payload, int qos) {
    int body = 3 + (qos == 0 ? 0 : 2) + 1 + payload;
    return 1 + (body < 128 ? 1 : body < 16_384 ? 2 : 3) + body;
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-24")
  @Tag("MQTT-3.1.2-25")
  @Tag("edge-157")
  @Tag("edge-159")
  @Tag("edge-160")
  @CsvSource({"30,0", "30,1", "30,2", "129,0", "200,1", "200,2", "16390,0", "20000,1"})
  void givenMaximumPacketSize_whenMessagesAreAtItAndAboveIt_thenOnlyTheFormerArrive(
      int maximum, int qos) {
    var peer = peer(ConnectBytes.v5("c").maximumPacketSize(maximum).receiveMaximum(1));
    peer.subscribe("t", qos);
    int fits = maximum;
    while (sizeOfDelivery(fits, qos) > maximum) {
      fits--;
    }

    peer("p")
        .publish("t", "x".repeat(fits + 1), qos)
        .publish("t", "x".repeat(fits), qos)
        .publish("t", "x".repeat(fits + 1), qos)
        .publish("t", "last", qos);

    assertThat(received(peer)).isEqualTo(fits);
    assertThat(received(peer)).isEqualTo(4);
    peer.expectNothing();
  }

  /** Takes a message and sees the exchange through; returns the size of its payload. */
  private static int received(Peer peer) {
    var publish = peer.nextPublish();
    if (publish.qos() == QoS.AT_LEAST_ONCE) {
      peer.puback(publish.packetId());
    } else if (publish.qos() == QoS.EXACTLY_ONCE) {
      peer.pubrec(publish.packetId());
      peer.next();
      peer.pubcomp(publish.packetId());
    }
    return publish.payload().length();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-25")
  @Tag("edge-159")
  @Tag("edge-160")
  @CsvSource({"1", "2"})
  void givenQueueOfASessionWithALargeMessageAtItsHead_whenResumed_thenTheNextOneArrives(int qos) {
    var connect = ConnectBytes.v5("c").resume(60);
    var before = peer(connect);
    before.subscribe("t", qos);
    before.disconnect();
    peer("p").publish("t", "x".repeat(100), qos).publish("t", "small", qos);

    var back = peer(ConnectBytes.v5("c").resume(60).maximumPacketSize(50).receiveMaximum(1));

    assertThat(received(back)).isEqualTo(5);
    back.disconnect();
    peer(ConnectBytes.v5("c").resume(60)).expectNothing(); // the large one is done with
  }

  @Test
  @Tag("MQTT-3.1.2-24")
  void givenMaximumPacketSizeThatSubackExceeds_whenSubscribe_thenPacketTooLarge() {
    var peer = peer(ConnectBytes.v5("c").maximumPacketSize(20));
    var filters = Bytes.empty().u16(1).varInt(0);
    for (int i = 0; i < 30; i++) {
      filters.string("t" + i).u8(0);
    }

    peer.send(Bytes.packet(0x82, filters)).expectDisconnect(ReasonCode.PACKET_TOO_LARGE);
  }

  @Test
  @Tag("MQTT-3.1.2-24")
  @Tag("MQTT-3.14.0-1")
  void givenMaximumPacketSizeThatConnackExceeds_whenConnect_thenRefusedAndNothingTaken() {
    var online = peer(ConnectBytes.v5("c"));

    open()
        .send(ConnectBytes.v5("c").maximumPacketSize(10))
        .expectRefusal(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
    open().send(ConnectBytes.v5("c").maximumPacketSize(4)).expectClosed();
    open().send(ConnectBytes.v5("c").maximumPacketSize(1)).expectClosed();

    online.expectNothing();
  }

  @Test
  @Tag("MQTT-3.2.2-19")
  @Tag("MQTT-3.2.2-20")
  @Tag("edge-26")
  void givenSmallMaximumPacketSize_whenConnectIsRefused_thenConnackIsNotLarger() {
    var access = broker().access();
    access.passwords.put("user", "right");
    access.banned.add("banned");

    var wrong = ConnectBytes.v5("c").userName("user").password("wrong").maximumPacketSize(5);
    assertThat(open().send(wrong).nextBytes()).isEqualTo(Bytes.hex("20 03 00 86 00"));
    var banned = ConnectBytes.v5("banned").maximumPacketSize(5);
    assertThat(open().send(banned).nextBytes()).isEqualTo(Bytes.hex("20 03 00 87 00"));
    var method = ConnectBytes.v5("c").authentication("X-NONE", "").maximumPacketSize(5);
    assertThat(open().send(method).nextBytes()).isEqualTo(Bytes.hex("20 03 00 8C 00"));
  }

  @Test
  @Tag("MQTT-3.14.2-3")
  @Tag("MQTT-3.14.2-4")
  void givenSmallMaximumPacketSize_whenTakenOver_thenDisconnectIsNotLarger() {
    var peer = peer(ConnectBytes.v5("c").maximumPacketSize(20));

    peer("c").expectNothing();

    assertThat(peer.nextBytes()).hasSizeLessThanOrEqualTo(20).startsWith(0xE0);
    peer.expectClosed();
  }

  @Test
  @Tag("edge-161")
  void givenTopicOfTheGreatestLength_whenPublishIsRefused_thenTheAnswerIsSmall() {
    var topic = "x".repeat(65_000);
    broker().access().denied.add(topic);
    var peer = peer(ConnectBytes.v5("c").maximumPacketSize(20));

    peer.send(PublishBytes.of(topic, "").qos(1, 7));

    assertThat(peer.nextBytes()).hasSizeLessThanOrEqualTo(20).startsWith(0x40);
    peer.expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-3.2.2-15")
  @Tag("edge-158")
  @ValueSource(ints = {100, 129, 130, 16_386, 16_387, 70_000})
  void givenTheServersMaximumPacketSize_whenPublish_thenTheWholePacketCounts(int maximum) {
    start(options -> options.maximumPacketSize = maximum);
    for (var version : ProtocolVersion.values()) {
      int overhead = version == ProtocolVersion.V5 ? 4 : 3;
      int fits = maximum;
      while (PublishBytes.of("t", new byte[fits]).toByteArray(version).length > maximum) {
        fits--;
      }
      assertThat(fits).isGreaterThan(maximum - overhead - 6);
      var exact = peer(ConnectBytes.of(version, "c"));
      exact.send(PublishBytes.of("t", new byte[fits])).expectNothing();

      exact
          .send(PublishBytes.of("t", new byte[fits + 2]))
          .expectDisconnect(ReasonCode.PACKET_TOO_LARGE);
    }
  }

  @Test
  @Tag("MQTT-3.2.2-15")
  @Tag("edge-162")
  void givenTheServersMaximumPacketSize_whenOtherPacketsAreAtIt_thenTheyAreTaken() {
    start(options -> options.maximumPacketSize = 1000);
    var peer = peer("c");
    int filter = 1000 - 3 - 2 - 1 - 2 - 1;

    peer.subscribe("f".repeat(filter), 0);

    peer.send(peer.subscription(9, "f".repeat(filter + 1), 0))
        .expectDisconnect(ReasonCode.PACKET_TOO_LARGE);
  }

  @Test
  @Tag("MQTT-3.2.2-15")
  void givenTheServersMaximumPacketSize_whenOnlyTheFixedHeaderHasCome_thenPacketTooLarge() {
    peer("c").sendHex("30 FF FF FF 7F").expectDisconnect(ReasonCode.PACKET_TOO_LARGE);
    peer(ConnectBytes.v311("d")).sendHex("30 FF FF FF 7F").expectClosed();
  }

  @Test
  @Tag("MQTT-3.2.2-15")
  void givenTheServersMaximumForConnect_whenConnectIsLarger_thenConnackSaysSo() {
    start(options -> options.maximumConnectSize = 300);

    open()
        .send(ConnectBytes.v5("c").userName("u".repeat(300)))
        .expectRefusal(ReasonCode.PACKET_TOO_LARGE);
    open().send(ConnectBytes.v311("c").userName("u".repeat(300))).expectClosed();
    peer(ConnectBytes.v5("c").userName("u".repeat(200))).expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.2-24")
  void givenNoMaximumPacketSize_whenALargeMessageIsPublished_thenItArrives() {
    var peer = peer("c");
    peer.subscribe("t", 0);

    peer("p").publish("t", "x".repeat(500_000));

    assertThat(peer.nextPublish().payload().length()).isEqualTo(500_000);
    peer.sendHex("C0 00").next(Pingresp.class);
  }
}
