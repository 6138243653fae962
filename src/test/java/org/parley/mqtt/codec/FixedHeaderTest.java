package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.parley.mqtt.codec.Decoding.LIMITS;
import static org.parley.mqtt.codec.Decoding.V31;
import static org.parley.mqtt.codec.Decoding.V311;
import static org.parley.mqtt.codec.Decoding.V5;
import static org.parley.mqtt.codec.Decoding.assertRejected;
import static org.parley.mqtt.codec.Decoding.connected;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.codec.Decoded.Answer;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;

/** MQTT 5.0 section 2.1: type, flags and Remaining Length, judged before the body. */
class FixedHeaderTest {
  private static final String CONNECT = "10 0E 00 04 4D 51 54 54 05 02 00 3C 00 00 01 63";

  /** The types of a client beside CONNECT and PUBLISH, and their flags. */
  static Stream<Arguments> wrongFlags() {
    return IntStream.of(0x40, 0x50, 0x62, 0x70, 0x82, 0xA2, 0xC0, 0xE0, 0xF0)
        .boxed()
        .flatMap(
            good ->
                IntStream.range(0, 16)
                    .filter(flags -> flags != (good & 0x0F))
                    .mapToObj(flags -> Arguments.of("%02X".formatted((good & 0xF0) | flags))));
  }

  @ParameterizedTest
  @MethodSource("wrongFlags")
  @Tag("MQTT-2.1.3-1")
  @Tag("MQTT-3.6.1-1")
  @Tag("MQTT-3.8.1-1")
  @Tag("MQTT-3.10.1-1")
  @Tag("MQTT-3.14.1-1")
  void givenWrongFlags_whenTheFirstByteIsThere_thenMalformed(String first) {
    assertRejected(V5, first, ReasonCode.MALFORMED_PACKET);
    assertRejected(V5, first + " 02 00 01", ReasonCode.MALFORMED_PACKET);
    if (!first.startsWith("F")) {
      assertRejected(V311, first + " 02 00 01", ReasonCode.MALFORMED_PACKET);
    }
  }

  @Test
  @Tag("MQTT-2.1.3-1")
  void givenConnectWithFlags_whenDecoded_thenClosedWithoutAWord() {
    for (int flags = 1; flags < 16; flags++) {
      var decoder = new PacketDecoder(LIMITS);
      var bytes = Bytes.hex(CONNECT);
      bytes[0] |= (byte) flags;

      assertRejected(
          decoder.decode(ByteBuffer.wrap(bytes)), ReasonCode.MALFORMED_PACKET, Answer.NONE);
      assertThat(decoder.version()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"36", "37", "3E", "3F"})
  @Tag("MQTT-3.3.1-4")
  void givenQos3_whenDecoded_thenMalformed(String first) {
    assertRejected(V5, first + " 07 00 01 74 00 01 00 78", ReasonCode.MALFORMED_PACKET);
    assertRejected(V311, first, ReasonCode.MALFORMED_PACKET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"38", "39"})
  @Tag("MQTT-3.3.1-2")
  void givenDupWithQos0_whenDecoded_thenMalformed(String first) {
    assertRejected(V5, first + " 05 00 01 74 00 78", ReasonCode.MALFORMED_PACKET);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 9, 11, 13})
  @Tag("CVE-2021-28166")
  void givenTypeThatNoClientSends_whenDecoded_thenRefused(int type) {
    var expected = type == 0 ? ReasonCode.MALFORMED_PACKET : ReasonCode.PROTOCOL_ERROR;
    for (int flags = 0; flags < 16; flags++) {
      assertRejected(V5, new byte[] {(byte) ((type << 4) | flags)}, expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "V3_1, 6A, true",
    "V3_1, 8A, true",
    "V3_1, AA, true",
    "V3_1_1, 6A, false",
    "V3_1_1, 8A, false",
    "V3_1_1, AA, false",
    "V5, 6A, false",
    "V5, 8A, false",
    "V5, AA, false"
  })
  void givenDupOfRepeatedRequest_whenDecoded_thenTakenIn31Only(
      ProtocolVersion version, String first, boolean taken) {
    var body = Bytes.empty().u16(1);
    if (!first.startsWith("6")) {
      body.string("f");
    }
    if (first.startsWith("8")) {
      body.u8(1);
    }
    var packet = Bytes.packet(Integer.parseInt(first, 16), body);

    if (taken) {
      assertThat(Decoding.packet(version, packet)).isNotNull();
    } else {
      assertRejected(version, packet, ReasonCode.MALFORMED_PACKET);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void givenAuthBeforeFive_whenDecoded_thenClosed(ProtocolVersion version) {
    var auth = "F0 06 18 04 15 00 01 6D";

    if (version == V5) {
      assertThat(Decoding.packet(V5, auth)).isNotNull();
    } else {
      assertRejected(version, auth, ReasonCode.PROTOCOL_ERROR);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
  @Tag("MQTT-3.1.0-1")
  @Tag("CVE-2023-0809")
  void givenFirstPacketThatIsNotConnect_whenItsFirstByteIsThere_thenClosedWithoutAWord(int type) {
    var decoder = new PacketDecoder(LIMITS);

    var decoded = decoder.decode(ByteBuffer.wrap(new byte[] {(byte) (type << 4)}));

    assertRejected(decoded, ReasonCode.PROTOCOL_ERROR, Answer.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"16 03 01 02 00 01 00", "47 45 54 20 2F 20", "53 53 48 2D"})
  void givenAnotherProtocol_whenItsFirstByteIsThere_thenClosedWithoutAWord(String hex) {
    var decoded = new PacketDecoder(LIMITS).decode(ByteBuffer.wrap(Bytes.hex(hex)));

    assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
    assertThat(((Decoded.Rejected) decoded).answer()).isEqualTo(Answer.NONE);
  }

  @Test
  @Tag("MQTT-3.1.0-2")
  void givenSecondConnect_whenDecoded_thenProtocolError() {
    var decoder = new PacketDecoder(LIMITS);
    var twice = ByteBuffer.wrap(Bytes.hex(CONNECT + CONNECT));

    assertThat(decoder.decode(twice)).isInstanceOf(Decoded.Complete.class);
    assertThat(twice.position()).isEqualTo(16);
    assertRejected(decoder.decode(twice), ReasonCode.PROTOCOL_ERROR, Answer.DISCONNECT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80 00",
        "80 80 00",
        "80 80 80 00",
        "82 00",
        "FF 80 00",
        "80 80 80 80",
        "FF FF FF FF",
        "80 80 80 80 01",
        "FF FF FF FF 7F 30 05 00 01 74 00 78"
      })
  @Tag("MQTT-1.5.5-1")
  @Tag("CVE-2025-66168")
  @Tag("CVE-2026-40046")
  @Tag("CVE-2026-21888")
  void givenRemainingLengthThatIsNotMinimalOrTooLong_whenDecoded_thenMalformed(String length) {
    assertRejected(V5, "C0 " + length, ReasonCode.MALFORMED_PACKET);
    assertRejected(V5, "30 " + length, ReasonCode.MALFORMED_PACKET);
    assertRejected(
        new PacketDecoder(LIMITS).decode(ByteBuffer.wrap(Bytes.hex("10 " + length))),
        ReasonCode.MALFORMED_PACKET,
        Answer.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 3_000_000})
  void givenLengthsAtTheBoundsOfTheInteger_whenDecoded_thenWhole(int length) {
    var limits = new DecoderLimits(DecoderLimits.GREATEST_PACKET, 100, true);
    int payload = Math.max(0, length - 4);
    var body = Bytes.empty().raw("00 01 74 00").raw(new byte[payload]);
    var packet = Bytes.packet(0x30, body);

    var decoded = new PacketDecoder(limits, V5).decode(ByteBuffer.wrap(packet));

    assertThat(decoded).isInstanceOf(Decoded.Complete.class);
    assertThat(((Decoded.Complete) decoded).sizeBytes()).isEqualTo(packet.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C0 01 00", "C0 02 00 00", "C0 7F"})
  void givenPingreqWithBody_whenItsHeaderIsThere_thenMalformed(String hex) {
    assertRejected(V5, hex, ReasonCode.MALFORMED_PACKET);
  }

  @Test
  void givenPacketOfTheMaximumSize_whenOneByteMore_thenTooLargeBeforeTheBody() {
    var limits = new DecoderLimits(200, 50, true);
    var most = ByteBuffer.wrap(Bytes.hex("30 C5 01")); // 1 + 2 + 197
    var more = ByteBuffer.wrap(Bytes.hex("30 C6 01"));

    assertThat(new PacketDecoder(limits, V5).decode(most)).isEqualTo(new Decoded.NeedMore(197));
    assertRejected(
        new PacketDecoder(limits, V5).decode(more), ReasonCode.PACKET_TOO_LARGE, Answer.DISCONNECT);
    more.rewind();
    assertRejected(
        new PacketDecoder(limits, V311).decode(more), ReasonCode.PACKET_TOO_LARGE, Answer.NONE);
  }

  @Test
  void givenGreatestRemainingLength_whenItsHeaderIsThere_thenTooLargeWithoutABody() {
    assertRejected(V5, "30 FF FF FF 7F", ReasonCode.PACKET_TOO_LARGE);
  }

  @Test
  void givenConnectBeyondItsLimit_whenItsVersionIsThere_thenFiveIsTold() {
    var limits = new DecoderLimits(1_000_000, 50, true);

    assertTooLarge(limits, "10 31", Answer.NONE);
    assertTooLarge(limits, "10 FF FF FF 7F", Answer.NONE);
    assertTooLarge(limits, "10 31 00 04 4D 51 54 54", Answer.NONE);
    assertTooLarge(limits, "10 31 00 04 4D 51 54 54 05", Answer.CONNACK, V5);
    assertTooLarge(limits, "10 31 00 04 4D 51 54 54 04 02", Answer.NONE, V311);
    assertTooLarge(limits, "10 31 00 06 4D 51 49 73 64 70 03", Answer.NONE, V31);
    assertTooLarge(limits, "10 31 00 04 4D 51 54 54 09", Answer.NONE);
    assertThat(new PacketDecoder(limits).decode(ByteBuffer.wrap(Bytes.hex("10 30"))))
        .isEqualTo(new Decoded.NeedMore(48));
  }

  private static void assertTooLarge(
      DecoderLimits limits, String hex, Answer answer, ProtocolVersion... version) {
    var decoder = new PacketDecoder(limits);

    var decoded = decoder.decode(ByteBuffer.wrap(Bytes.hex(hex)));

    assertRejected(decoded, ReasonCode.PACKET_TOO_LARGE, answer);
    assertThat(decoder.version().stream()).containsExactly(version);
  }

  @Test
  @Tag("netty-16776")
  void givenSmallPacketsInOneRead_whenEachIsWithinTheLimit_thenAllAreTaken() {
    var limits = new DecoderLimits(10, 50, true);
    var pings = new byte[64 * 1024];
    for (int i = 0; i < pings.length; i += 2) {
      pings[i] = (byte) 0xC0;
    }
    var buffer = ByteBuffer.wrap(pings);
    var decoder = new PacketDecoder(limits, V5);
    int packets = 0;
    while (buffer.hasRemaining()) {
      assertThat(decoder.decode(buffer)).isInstanceOf(Decoded.Complete.class);
      packets++;
    }

    assertThat(packets).isEqualTo(32 * 1024);
    assertThat(decoder.decode(buffer)).isEqualTo(new Decoded.NeedMore(2));
  }

  @Test
  void givenRejectedPacket_whenAnotherFollows_thenItIsNeverRead() {
    var decoder = connected(V5);
    var buffer = ByteBuffer.wrap(Bytes.hex("40 02 00 00 C0 00"));

    var decoded = decoder.decode(buffer);

    assertRejected(decoded, ReasonCode.PROTOCOL_ERROR, Answer.DISCONNECT);
    assertThat(buffer.hasRemaining()).isFalse();
    assertThat(decoder.decode(ByteBuffer.wrap(Bytes.hex("C0 00")))).isEqualTo(decoded);
  }

  @Test
  void givenPacketInTheMiddleOfADirectBuffer_whenDecoded_thenOnlyItIsRead() {
    var packet = Bytes.hex("30 07 00 03 61 2F 62 00 78");
    var buffer = ByteBuffer.allocateDirect(100).position(17).put(packet).put((byte) 0xC0);
    buffer.limit(17 + packet.length + 1).position(17);

    var decoded = connected(V5).decode(buffer);

    assertThat(decoded).isEqualTo(new Decoded.Complete(Decoding.packet(V5, packet), 9));
    assertThat(buffer.position()).isEqualTo(17 + 9);
  }

  @Test
  void givenEveryTruncation_whenTheLengthSaysComplete_thenMalformed() {
    for (var hex :
        new String[] {
          "10 0E 00 04 4D 51 54 54 05 02 00 3C 00 00 01 63",
          "32 0D 00 01 74 00 01 06 08 00 03 61 2F 62",
          "82 09 00 01 00 00 03 61 2F 62 01",
          "A2 08 00 02 00 00 03 61 2F 62",
          "E0 05 00 03 1F 00 00",
          "F0 06 18 04 15 00 01 6D"
        }) {
      var whole = Bytes.hex(hex);
      for (int length = 1; length < whole.length - 2; length++) {
        var body = Bytes.empty().raw(Arrays.copyOfRange(whole, 2, 2 + length));
        var packet = Bytes.packet(whole[0] & 0xFF, body);

        var decoded = Decoding.decode(V5, packet);

        if (decoded instanceof Decoded.Complete) {
          // a PUBLISH is what is left as payload, a DISCONNECT may end behind its reason
          assertThat(hex).as("%d", length).startsWith("E0");
          assertThat(length).isEqualTo(1);
        } else {
          assertThat(decoded).as("%s %d", hex, length).isInstanceOf(Decoded.Rejected.class);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10 0F 00 04 4D 51 54 54 05 02 00 3C 00 00 01 63 00",
        "40 05 00 01 00 00 00",
        "82 0A 00 01 00 00 03 61 2F 62 01 00",
        "A2 09 00 02 00 00 03 61 2F 62 00",
        "E0 03 00 00 00",
        "F0 07 18 04 15 00 01 6D 00"
      })
  void givenBytesBehindTheLastField_whenDecoded_thenMalformed(String hex) {
    assertRejected(V5, hex, ReasonCode.MALFORMED_PACKET);
  }

  @Test
  void givenLimitsThatHoldNothing_whenMade_thenOurMistake() {
    assertThatThrownBy(() -> new DecoderLimits(1, 100, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DecoderLimits(100, 268_435_461, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DecoderLimits(100, 100, true, -1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DecoderLimits(100, 100, true, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
