package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;

/** Text and numbers on the wire: MQTT 5.0 sections 1.5 and 2. */
class DataTypeConformanceTest extends BrokerUnderTest {
  /** Stands in a packet where a test puts three other bytes. */
  private static final String HOLE = "@@@";

  /** Never well-formed: no UTF-8, overlong, a surrogate, cut short, beyond U+10FFFF; and U+0000. */
  private static final List<String> BAD =
      List.of(
          "FF 41 41",
          "C0 80 41",
          "41 80 41",
          "E0 80 80",
          "ED A0 80",
          "41 F0 9F",
          "F5 80 80",
          "41 00 41");

  private static Bytes property(int identifier) {
    return Bytes.empty().u8(identifier).string(HOLE);
  }

  private static Bytes name() {
    return Bytes.empty().u8(0x26).string(HOLE).string("v");
  }

  private static Bytes value() {
    return Bytes.empty().u8(0x26).string("n").string(HOLE);
  }

  private static Stream<Arguments> crossed(Stream<ConnectBytes> packets) {
    return packets.flatMap(packet -> BAD.stream().map(bad -> Arguments.of(packet, bad)));
  }

  static Stream<Arguments> connects() {
    return crossed(
        Stream.of(
            ConnectBytes.v5(HOLE),
            ConnectBytes.v5("c").userName(HOLE),
            ConnectBytes.v5("c").will(HOLE, "", 0, false),
            ConnectBytes.v5("c").will("w", "", 0, false).willProperties(property(0x03)),
            ConnectBytes.v5("c").will("w", "", 0, false).willProperties(property(0x08)),
            ConnectBytes.v5("c").will("w", "", 0, false).willProperties(name()),
            ConnectBytes.v5("c").properties(property(0x15)),
            ConnectBytes.v5("c").properties(name()),
            ConnectBytes.v5("c").properties(value())));
  }

  @ParameterizedTest
  @MethodSource("connects")
  @Tag("MQTT-1.5.4-1")
  @Tag("MQTT-1.5.4-2")
  @Tag("MQTT-1.5.7-1")
  @Tag("MQTT-3.1.3-4")
  @Tag("MQTT-3.1.3-11")
  @Tag("MQTT-3.1.3-12")
  @Tag("edge-9")
  @Tag("edge-10")
  void givenTextThatIsIllFormed_whenConnect_thenMalformedPacket(ConnectBytes connect, String bad) {
    open()
        .send(Bytes.replaced(connect.toByteArray(), HOLE, bad))
        .expectRefusal(ReasonCode.MALFORMED_PACKET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FF 41 41",
        "C0 80 41",
        "41 80 41",
        "E0 80 80",
        "ED A0 80",
        "41 F0 9F",
        "41 00 41"
      })
  @Tag("MQTT-1.5.4-1")
  @Tag("MQTT-1.5.4-2")
  @Tag("edge-9")
  @Tag("edge-10")
  void givenTextThatIsIllFormed_whenConnectBefore5_thenClosed(String bad) {
    for (var version : new ProtocolVersion[] {ProtocolVersion.V3_1_1, ProtocolVersion.V3_1}) {
      for (var connect :
          List.of(
              ConnectBytes.of(version, HOLE),
              ConnectBytes.of(version, "c").userName(HOLE),
              ConnectBytes.of(version, "c").will(HOLE, "", 0, false))) {
        open().send(Bytes.replaced(connect.toByteArray(), HOLE, bad)).expectClosed();
      }
    }
  }

  private static byte[] subscribe(int first, Bytes properties, String filter) {
    var body = Bytes.empty().u16(1).block(properties).string(filter);
    return Bytes.packet(first, first == 0x82 ? body.u8(0) : body);
  }

  private static byte[] publish(String topic, Bytes properties) {
    return PublishBytes.of(topic, "x").properties(properties).toByteArray(ProtocolVersion.V5);
  }

  static Stream<Arguments> packets() {
    var none = Bytes.empty();
    return Stream.of(
            publish(HOLE, none),
            publish("t", property(0x03)),
            publish("t", property(0x08)),
            publish("t", name()),
            publish("t", value()),
            subscribe(0x82, none, HOLE),
            subscribe(0x82, name(), "f"),
            subscribe(0x82, value(), "f"),
            subscribe(0xA2, none, HOLE),
            subscribe(0xA2, name(), "f"),
            Bytes.packet(0x40, Bytes.empty().u16(1).u8(0).block(property(0x1F))),
            Bytes.packet(0xE0, Bytes.empty().u8(0).block(property(0x1F))),
            Bytes.packet(0xE0, Bytes.empty().u8(0).block(value())))
        .flatMap(packet -> BAD.stream().map(bad -> Arguments.of(packet, bad)));
  }

  @ParameterizedTest
  @MethodSource("packets")
  @Tag("MQTT-1.5.4-1")
  @Tag("MQTT-1.5.4-2")
  @Tag("MQTT-1.5.7-1")
  void givenTextThatIsIllFormed_whenItComes_thenMalformedPacketAndNobodyHearsIt(
      byte[] packet, String bad) {
    var watcher = peer("watcher");
    watcher.subscribe("#", 0);

    peer("c").send(Bytes.replaced(packet, HOLE, bad)).expectDisconnect(ReasonCode.MALFORMED_PACKET);

    watcher.expectNothing();
  }

  @Test
  @Tag("MQTT-1.5.4-2")
  void givenZeroBytesInPasswordAndPayload_whenTheyCome_thenTheyAreData() {
    var connect = ConnectBytes.v5("c").password("a\0b").will("w", "a\0b", 0, false);
    var peer = peer(connect);
    peer.subscribe("t", 0);

    assertThat(peer.publish("t", "\0\0").nextPublish().payload().length()).isEqualTo(2);
  }

  @Test
  @Tag("MQTT-1.5.4-3")
  void givenByteOrderMarkInNames_whenPublished_thenItIsACharacterLikeOthers() {
    var peer = peer("c");
    peer.subscribe("\uFEFFa", 0);

    peer.publish("a", "no").publish("\uFEFFa", "yes");

    var publish = peer.nextPublish();
    assertThat(publish.topic().text()).isEqualTo("\uFEFFa");
    assertThat(publish.topic().encodedLength()).isEqualTo(4);
    peer.expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-1.5.5-1")
  @ValueSource(
      strings = {
        "C0 80 00", // Remaining Length 0
        "30 85 00 00 01 74 00 78", // Remaining Length 5
        "30 06 00 01 74 80 00 78", // Property Length 0
        "82 08 00 01 80 00 00 01 74 00",
        "82 0B 00 01 03 0B 81 00 00 01 74 00 00", // Subscription Identifier 1
        "30 80 80 80 80 01"
      })
  void givenVariableByteIntegerOfAnotherForm_whenItComes_thenMalformedPacket(String bytes) {
    peer("c").sendHex(bytes).expectDisconnect(ReasonCode.MALFORMED_PACKET);
  }

  @ParameterizedTest
  @Tag("MQTT-1.5.5-1")
  @ValueSource(ints = {122, 123, 124, 125, 16_378, 16_379, 16_380, 16_381})
  void givenMessagesAroundTheBounds_whenForwarded_thenTheirLengthIsInItsShortestForm(int payload) {
    var peer = peer("c");
    peer.subscribe("t", 0);

    peer.publish("t", "x".repeat(payload));

    var bytes = peer.nextBytes(); // which fails for another form
    int remaining = payload + 4;
    assertThat(bytes).hasSize(remaining + (remaining < 128 ? 2 : remaining < 16_384 ? 3 : 4));
  }

  @ParameterizedTest
  @Tag("MQTT-2.1.3-1")
  @ValueSource(ints = {0x40, 0x50, 0x62, 0x70, 0x82, 0xA2})
  void givenReservedBits_whenAPacketComes_thenMalformedPacket(int first) {
    for (int flags = 0; flags < 16; flags++) {
      int wrong = (first & 0xF0) | flags;
      if (wrong != first) {
        var bytes = first >= 0x80 ? subscribe(first, Bytes.empty(), "f") : Bytes.hex("00 02 00 01");
        bytes[0] = (byte) wrong;
        peer("c").send(bytes).expectDisconnect(ReasonCode.MALFORMED_PACKET);
        boolean repeated = flags == 0x0A && (first & 0x0F) == 2;
        if (!repeated) {
          peer(ConnectBytes.v31("d")).send(bytes).expectClosed();
        }
        peer(ConnectBytes.v311("d")).send(bytes).expectClosed();
      }
    }
  }

  @Test
  @Tag("MQTT-2.2.1-2")
  @Tag("MQTT-2.2.2-1")
  void givenMessageWithQos0_whenForwarded_thenItHasNoPacketIdentifier() {
    var five = peer("five");
    five.subscribe("t", 2);
    var four = peer(ConnectBytes.v311("four"));
    four.subscribe("t", 2);

    peer("p").publish("t", "x");

    assertThat(five.nextBytes()).isEqualTo(Bytes.hex("30 05 00 01 74 00 78"));
    assertThat(four.nextBytes()).isEqualTo(Bytes.hex("30 04 00 01 74 78"));
  }

  @Test
  @Tag("MQTT-2.2.2-1")
  void givenRequestsOfEachVersion_whenAnswered_thenThePropertyLengthIsThereWith5Only() {
    var five = peer("five");
    assertThat(five.send(five.subscription(7, "t", 1)).nextBytes())
        .isEqualTo(Bytes.hex("90 04 00 07 00 01"));
    assertThat(five.sendHex("A2 06 00 08 00 00 01 74").nextBytes())
        .isEqualTo(Bytes.hex("B0 04 00 08 00 00"));

    var four = peer(ConnectBytes.v311("four"));
    assertThat(four.send(four.subscription(7, "t", 1)).nextBytes())
        .isEqualTo(Bytes.hex("90 03 00 07 01"));
    assertThat(four.sendHex("A2 05 00 08 00 01 74").nextBytes())
        .isEqualTo(Bytes.hex("B0 02 00 08"));
  }
}
