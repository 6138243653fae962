package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;

/** CONNECT and what is wrong with it: MQTT 5.0 sections 3.1.0 to 3.1.3. */
class ConnectConformanceTest extends BrokerUnderTest {
  private static final String MQTT = "00 04 4D 51 54 54";
  private static final String MQISDP = "00 06 4D 51 49 73 64 70";

  /** A CONNECT of this protocol name and level that is right otherwise, with an empty id. */
  private static byte[] connect(String name, int level) {
    return Bytes.packet(0x10, Bytes.empty().raw(name).u8(level).raw("02 00 00 00 00 00"));
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.0-1")
  @Tag("edge-21")
  @ValueSource(
      strings = {
        "00 00",
        "20 03 00 00 00",
        "30 07 00 03 61 2F 62 00 78",
        "40 02 00 01",
        "50 02 00 01",
        "62 02 00 01",
        "70 02 00 01",
        "82 09 00 01 00 00 03 61 2F 62 01",
        "90 04 00 01 00 01",
        "A2 08 00 02 00 00 03 61 2F 62",
        "B0 04 00 02 00 00",
        "C0 00",
        "D0 00",
        "E0 00",
        "F0 08 18 06 15 00 03 61 62 63"
      })
  void givenNoConnect_whenAnotherPacketComesFirst_thenTheConnectionIsClosedWithoutAWord(
      String first) {
    var watcher = peer("watcher");
    watcher.subscribe("#", 0);

    open().sendHex(first).expectClosed();

    watcher.expectNothing();
    assertThat(broker().state().sessionCount()).isOne();
  }

  @Test
  @Tag("MQTT-3.1.0-2")
  @Tag("edge-20")
  void givenConnection_whenASecondConnectComes_thenItIsAProtocolErrorAndTheWillIsPublished() {
    var watcher = peer("watcher");
    watcher.subscribe("will", 0);
    var peer = peer(ConnectBytes.v5("twice").will("will", "gone", 0, false));

    peer.send(ConnectBytes.v5("twice")).expectDisconnect(ReasonCode.PROTOCOL_ERROR);

    assertThat(watcher.nextPublish().topic().text()).isEqualTo("will");
  }

  @Test
  @Tag("MQTT-3.1.0-2")
  void givenConnectionBefore5_whenASecondConnectComes_thenTheConnectionIsClosed() {
    peer(ConnectBytes.v311("twice")).send(ConnectBytes.v311("twice")).expectClosed();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-1")
  @CsvSource({"'00 04 4D 51 54 58'", "'00 04 6D 71 74 74'", "'00 00'", "'00 05 4D 51 54 54 00'"})
  void givenAnotherProtocolName_whenConnect_thenTheConnectionIsClosed(String name) {
    open().send(connect(name, 5)).expectClosed();
  }

  @Test
  @Tag("MQTT-3.1.2-1")
  void givenTheLongestProtocolName_whenConnect_thenTheConnectionIsClosed() {
    var name = Bytes.empty().binary(new byte[65_535]).u8(5).raw("02 00 00 00 00 00");

    open().send(Bytes.packet(0x10, name)).expectClosed();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-2")
  @Tag("edge-1")
  @Tag("edge-2")
  @ValueSource(ints = {6, 99, 127, 255})
  void givenALevelAbove5_whenConnect_thenConnackSays84InTheFormOf5(int level) {
    var peer = open().send(connect(MQTT, level));

    assertThat(peer.nextBytes()).isEqualTo(Bytes.hex("20 03 00 84 00"));
    peer.expectClosed();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-1")
  @Tag("MQTT-3.1.2-2")
  @Tag("edge-2")
  @Tag("edge-3")
  @CsvSource({
    "'" + MQTT + "', 0",
    "'" + MQTT + "', 1",
    "'" + MQTT + "', 2",
    "'" + MQTT + "', 3",
    "'" + MQISDP + "', 4",
    "'" + MQISDP + "', 5",
    "'" + MQISDP + "', 2"
  })
  void givenAnotherUnknownLevel_whenConnect_thenConnackSays1InTheFormOf311(String name, int level) {
    var peer = open().send(connect(name, level));

    assertThat(peer.nextBytes()).isEqualTo(Bytes.hex("20 02 00 01"));
    peer.expectClosed();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-2")
  @ValueSource(ints = {0x83, 0x84})
  void givenTheBitOfABridge_whenConnect_thenItIsToldToTryWithoutIt(int level) {
    var peer = open().send(connect(level == 0x83 ? MQISDP : MQTT, level));

    assertThat(peer.nextBytes()).isEqualTo(Bytes.hex("20 02 00 01"));
    peer.expectClosed();
  }

  @Test
  @Tag("edge-25")
  void givenOneConnectionOfEachVersion_whenAnswered_thenEachInItsOwnForm() {
    var five = open().send(ConnectBytes.v5("five"));
    var four = open().send(ConnectBytes.v311("four"));
    var three = open().send(ConnectBytes.v31("three"));

    assertThat(five.nextBytes()).hasSizeGreaterThan(4).startsWith(0x20);
    assertThat(four.nextBytes()).isEqualTo(Bytes.hex("20 02 00 00"));
    assertThat(three.nextBytes()).isEqualTo(Bytes.hex("20 02 00 00"));
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-3")
  @Tag("MQTT-3.1.4-1")
  @Tag("MQTT-3.1.2-11")
  @Tag("MQTT-3.1.2-12")
  @Tag("MQTT-3.1.2-13")
  @Tag("edge-11")
  @Tag("edge-12")
  @ValueSource(ints = {0x01, 0x08, 0x10, 0x18, 0x20, 0x28})
  void givenFlagsThatBreakARule_whenConnect_thenMalformedPacket(int bits) {
    open()
        .send(ConnectBytes.v5("flags").flippedFlags(bits))
        .expectRefusal(ReasonCode.MALFORMED_PACKET);
    open().send(ConnectBytes.v311("flags").flippedFlags(bits)).expectClosed();
  }

  @Test
  @Tag("MQTT-3.1.2-12")
  @Tag("edge-11")
  void givenWillQos3_whenConnect_thenMalformedPacket() {
    open()
        .send(ConnectBytes.v5("flags").will("t", "", 3, false))
        .expectRefusal(ReasonCode.MALFORMED_PACKET);
    open().send(ConnectBytes.v311("flags").will("t", "", 3, false)).expectClosed();
    open().send(ConnectBytes.v31("flags").will("t", "", 3, false)).expectClosed();
  }

  @ParameterizedTest
  @Tag("edge-4")
  @ValueSource(ints = {0x01, 0x08, 0x20})
  void givenFlagsThat31GivesNoRules_whenConnectOf31_thenAccepted(int bits) {
    peer(ConnectBytes.v31("flags").flippedFlags(bits)).expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-2.1.3-1")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
  void givenReservedBitsOfTheFixedHeader_whenConnect_thenTheConnectionIsClosed(int flags) {
    var connect = ConnectBytes.v5("flags").toByteArray();
    connect[0] |= (byte) flags;

    open().send(connect).expectClosed();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-9")
  @Tag("MQTT-3.1.2-17")
  @Tag("MQTT-3.1.2-19")
  @Tag("MQTT-3.1.3-1")
  @Tag("edge-7")
  @Tag("edge-8")
  @ValueSource(ints = {0x04, 0x80, 0xC0})
  void givenAFlagWithoutItsFields_whenConnect_thenMalformedPacket(int bits) {
    open()
        .send(ConnectBytes.v5("cut").flippedFlags(bits))
        .expectRefusal(ReasonCode.MALFORMED_PACKET);
    open().send(ConnectBytes.v311("cut").flippedFlags(bits)).expectClosed();
  }

  @Test
  @Tag("edge-7")
  void givenUserNameFlagWithoutUserName_whenConnectOf31_thenItsLengthDecides() {
    peer(ConnectBytes.v31("cut").flippedFlags(0xC0)).expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.2-9")
  @Tag("edge-8")
  void givenAConnectCutAnywhere_whenItsLengthSaysSo_thenItIsNeverAccepted() {
    var whole =
        ConnectBytes.v5("id").will("t", "p", 1, false).userName("u").password("p").toByteArray();
    for (int length = 0; length < whole.length - 2; length++) {
      var cut = Bytes.empty();
      for (int i = 0; i < length; i++) {
        cut.u8(whole[2 + i]);
      }
      var peer = open().send(Bytes.packet(0x10, cut));
      if (length >= 7) { // the level was seen
        peer.expectRefusal(ReasonCode.MALFORMED_PACKET);
      } else {
        peer.expectClosed();
      }
    }
  }

  @Test
  @Tag("MQTT-3.1.2-16")
  @Tag("MQTT-3.1.2-18")
  void givenFieldsThatNoFlagTells_whenConnect_thenMalformedPacket() {
    var extra = Bytes.empty().string("user");

    open().send(ConnectBytes.v5("more").trailing(extra)).expectRefusal(ReasonCode.MALFORMED_PACKET);
    open()
        .send(ConnectBytes.v5("more").userName("user").trailing(extra))
        .expectRefusal(ReasonCode.MALFORMED_PACKET);
    open().send(ConnectBytes.v311("more").trailing(extra)).expectClosed();
  }

  @Test
  @Tag("MQTT-3.1.3-3")
  void givenNoPayload_whenConnect_thenMalformedPacket() {
    open().sendHex("10 0B " + MQTT + "05 02 00 3C 00").expectRefusal(ReasonCode.MALFORMED_PACKET);
    open().sendHex("10 0A " + MQTT + "04 02 00 3C").expectClosed();
  }

  @Test
  @Tag("MQTT-3.1.3-1")
  void givenAllFields_whenConnect_thenTheyAreReadInTheOrderOfTheStandard() {
    broker().access().passwords.put("u", "p");
    var watcher = peer("watcher");
    watcher.subscribe("wt", 0);

    var peer = open();
    peer.sendHex(
        "10 21 "
            + MQTT
            + "05 C6 00 3C 00" // Property Length 0
            + "00 03 61 62 63" // Client Identifier
            + "02 01 01" // Will Properties: Payload Format Indicator
            + "00 02 77 74" // Will Topic
            + "00 02 68 69" // Will Payload
            + "00 01 75" // User Name
            + "00 01 70"); // Password
    assertThat(peer.next(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
    peer.sendHex("E0 01 04").expectClosed();

    assertThat(watcher.nextPublish().payload().length()).isEqualTo(2);
  }

  @Test
  @Tag("edge-5")
  @Tag("MQTT-3.1.2-19")
  void givenPasswordWithoutUserName_whenConnect_thenOnly311RefusesIt() {
    open().send(ConnectBytes.v311("p").password("x")).expectClosed();
    peer(ConnectBytes.v5("p5").password("x")).expectNothing();
    peer(ConnectBytes.v31("p31").password("x")).expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.4-1")
  @Tag("edge-13")
  @Tag("edge-14")
  @Tag("edge-15")
  @ValueSource(
      strings = {
        "11 00 00 00 01 11 00 00 00 01", // Session Expiry Interval twice
        "21 00 00", // Receive Maximum 0
        "21 00 05 21 00 05",
        "22 00 01 22 00 01",
        "27 00 00 00 00", // Maximum Packet Size 0
        "27 00 00 08 34 27 00 00 04 00",
        "17 02",
        "17 01 17 01",
        "19 02",
        "19 00 19 00",
        "16 00 01 78", // Authentication Data without Method
        "15 00 01 61 15 00 01 61"
      })
  void givenPropertiesThatAreAProtocolError_whenConnect_thenConnackSaysSo(String properties) {
    open()
        .send(ConnectBytes.v5("p").properties(Bytes.empty().raw(properties)))
        .expectRefusal(ReasonCode.PROTOCOL_ERROR);
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.4-1")
  @ValueSource(
      strings = {
        "00", // no such property
        "01 00", // of PUBLISH
        "18 00 00 00 01", // of the Will
        "12 00 01 61", // of CONNACK
        "7F 00",
        "11 00 00", // cut
        "26 00 01 61" // a name without a value
      })
  void givenPropertiesThatCannotBeRead_whenConnect_thenMalformedPacket(String properties) {
    open()
        .send(ConnectBytes.v5("p").properties(Bytes.empty().raw(properties)))
        .expectRefusal(ReasonCode.MALFORMED_PACKET);
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.4-1")
  @ValueSource(strings = {"18 00 00 00 01 18 00 00 00 01", "01 02", "08 00 03 61 2F 23"})
  void givenWillPropertiesThatAreAProtocolError_whenConnect_thenConnackSaysSo(String properties) {
    open()
        .send(
            ConnectBytes.v5("p")
                .will("t", "p", 0, false)
                .willProperties(Bytes.empty().raw(properties)))
        .expectRefusal(ReasonCode.PROTOCOL_ERROR);
  }

  @Test
  @Tag("edge-22")
  @Tag("MQTT-3.2.2-15")
  void givenAHugeRemainingLength_whenConnectBegins_thenRefusedBeforeItsBodyArrives() {
    open().sendHex("10 FF FF FF 7F").expectClosed();
    open()
        .sendHex("10 FF FF FF 7F" + MQTT + "05 02 00 00")
        .expectRefusal(ReasonCode.PACKET_TOO_LARGE);
  }

  @Test
  @Tag("edge-22")
  void givenNoWholeConnect_whenTheTimeIsOver_thenTheConnectionIsClosed() {
    var silent = open();
    var slow = open().sendHex("10 10 00 04");
    broker().awaitConnections(2);

    broker().advance(Duration.ofSeconds(6));
    slow.sendHex("4D 51");
    peer("other").expectNothing();
    broker().advance(Duration.ofSeconds(4));

    silent.expectClosed();
    slow.expectClosed(); // bytes now and then do not help
  }

  @Test
  @Tag("edge-24")
  void givenMalformedConnects_whenThereAreMany_thenNothingOfThemIsLeft() {
    var malformed =
        ConnectBytes.v5("p")
            .properties(Bytes.empty().raw("26").string("a").string("b").raw("FF"))
            .toByteArray();
    for (int i = 0; i < 300; i++) {
      try (var peer = Peer.open(broker())) {
        peer.send(malformed).expectRefusal(ReasonCode.MALFORMED_PACKET);
      }
    }

    broker().awaitConnections(0);
    assertThat(broker().state().sessionCount()).isZero();
  }

  @ParameterizedTest
  @Tag("MQTT-4.2-1")
  @CsvSource({"V5", "V3_1_1", "V3_1"})
  void givenOrderedBytesOfTcp_whenAPacketComesByteByByte_thenItIsOnePacket(
      ProtocolVersion version) {
    var peer = open().speaking(version);
    for (byte one : ConnectBytes.of(version, "slow").toByteArray()) {
      peer.send(one);
    }

    assertThat(peer.next(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
    peer.expectNothing();
  }
}
