package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.codec.Decoding.V311;
import static org.parley.mqtt.codec.Decoding.V5;
import static org.parley.mqtt.codec.Decoding.assertRejected;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;

/** MQTT 5.0 section 1.5.4: UTF-8 Encoded Strings, in each field that is one. */
class TextDecodingTest {
  /** Each field of text in what a client of 5.0 sends. */
  enum Field {
    CLIENT_IDENTIFIER(text -> Bytes.packet(0x10, Decoding.connectHeader(5, 2).u8(0).binary(text))),
    WILL_TOPIC(
        text ->
            Bytes.packet(
                0x10, Decoding.connectHeader(5, 6).u8(0).string("c").u8(0).binary(text).binary())),
    USER_NAME(
        text -> Bytes.packet(0x10, Decoding.connectHeader(5, 0x82).u8(0).string("c").binary(text))),
    AUTHENTICATION_METHOD(text -> Decoding.connect(Bytes.empty().u8(0x15).binary(text))),
    NAME_OF_USER_PROPERTY(
        text -> Decoding.connect(Bytes.empty().u8(0x26).binary(text).string("v"))),
    VALUE_OF_USER_PROPERTY(
        text -> Decoding.connect(Bytes.empty().u8(0x26).string("n").binary(text))),
    TOPIC_NAME(text -> Bytes.packet(0x30, Bytes.empty().binary(text).u8(0))),
    CONTENT_TYPE(text -> publish(Bytes.empty().u8(3).binary(text))),
    RESPONSE_TOPIC(text -> publish(Bytes.empty().u8(8).binary(text))),
    USER_PROPERTY_OF_MESSAGE(text -> publish(Bytes.empty().u8(0x26).string("n").binary(text))),
    FILTER(text -> Bytes.packet(0x82, Bytes.empty().raw("00 01 00").binary(text).u8(0))),
    FILTER_OF_UNSUBSCRIBE(text -> Bytes.packet(0xA2, Bytes.empty().raw("00 01 00").binary(text))),
    REASON_STRING(
        text -> Bytes.packet(0xE0, Bytes.empty().u8(0).block(Bytes.empty().u8(0x1F).binary(text))));

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final PacketOf packet;

    Field(PacketOf packet) {
      this.packet = packet;
    }

    byte[] with(byte[] text) {
      return packet.with(text);
    }

    private static byte[] publish(Bytes properties) {
      return Bytes.packet(0x30, Bytes.empty().string("t").block(properties));
    }

    /** Makes a packet with a text in it. */
    @FunctionalInterface
    interface PacketOf {
      byte[] with(byte[] text);
    }
  }

  private static final List<String> ILL_FORMED =
      List.of(
          "FF",
          "FE",
          "80",
          "BF",
          "C0 80",
          "C1 BF",
          "C2",
          "C3 28",
          "E0 80 80",
          "E0 9F BF",
          "E2 82",
          "E2 28 A1",
          "E2 82 28",
          "ED A0 80",
          "ED BF BF",
          "ED A0 80 ED B0 80",
          "F0 80 80 80",
          "F0 8F BF BF",
          "F0 9F 98",
          "F0 28 8C 80",
          "F0 90 28 80",
          "F0 90 80 28",
          "F4 90 80 80",
          "F5 80 80 80",
          "F8 88 80 80 80",
          "FC 84 80 80 80 80",
          "61 C3",
          "61 F0 9F 98");

  private static final List<String> DISALLOWED =
      List.of(
          "01",
          "1F",
          "0A",
          "7F",
          "C2 80",
          "C2 9F",
          "EF B7 90",
          "EF B7 AF",
          "EF BF BE",
          "EF BF BF",
          "F0 9F BF BE",
          "F4 8F BF BF");

  private static final List<String> WELL_FORMED =
      List.of(
          "20",
          "7E",
          "C2 A0",
          "DF BF",
          "E0 A0 80",
          "ED 9F BF",
          "EE 80 80",
          "EF B7 8F",
          "EF B7 B0",
          "EF BF BD",
          "F0 90 80 80",
          "F0 9F 98 80",
          "F4 8F BF BD",
          "EF BB BF",
          "EF BB BF 61",
          "61 EF BB BF 62");

  @ParameterizedTest
  @EnumSource(Field.class)
  @Tag("MQTT-1.5.4-1")
  @Tag("MQTT-1.5.7-1")
  @Tag("MQTT-3.1.3-4")
  @Tag("MQTT-3.1.3-11")
  @Tag("MQTT-3.1.3-12")
  @Tag("MQTT-3.3.2-1")
  @Tag("MQTT-3.3.2-13")
  @Tag("MQTT-3.3.2-19")
  @Tag("MQTT-3.8.3-1")
  @Tag("MQTT-3.10.3-1")
  void givenTextThatIsNotWellFormed_whenDecoded_thenMalformed(Field field) {
    for (var hex : ILL_FORMED) {
      assertRejected(V5, field.with(Bytes.hex(hex)), ReasonCode.MALFORMED_PACKET);
      assertRejected(V5, field.with(Bytes.hex("61 C3 A4" + hex)), ReasonCode.MALFORMED_PACKET);
    }
  }

  @ParameterizedTest
  @EnumSource(Field.class)
  @Tag("MQTT-1.5.4-2")
  @Tag("MQTT-4.7.3-2")
  void givenNulInText_whenDecoded_thenMalformedWhateverTheSwitchSays(Field field) {
    for (var hex : new String[] {"00", "61 00", "00 61", "C3 A4 00"}) {
      var packet = field.with(Bytes.hex(hex));

      assertRejected(V5, packet, ReasonCode.MALFORMED_PACKET);
      assertThat(decodeLeniently(packet)).isInstanceOf(Decoded.Rejected.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Field.class)
  void givenDisallowedCodePoint_whenDecoded_thenTheSwitchDecides(Field field) {
    for (var hex : DISALLOWED) {
      var packet = field.with(Bytes.hex("61" + hex));

      assertRejected(V5, packet, ReasonCode.MALFORMED_PACKET);
      assertThat(decodeLeniently(packet)).as(hex).isInstanceOf(Decoded.Complete.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Field.class)
  void givenWellFormedText_whenDecoded_thenTaken(Field field) {
    for (var hex : WELL_FORMED) {
      assertThat(Decoding.packet(V5, field.with(Bytes.hex(hex)))).as(hex).isNotNull();
    }
  }

  private static Decoded decodeLeniently(byte[] packet) {
    var limits = new DecoderLimits(1_000, 1_000, false);
    boolean connect = (packet[0] & 0xF0) == 0x10;
    var decoder = connect ? new PacketDecoder(limits) : new PacketDecoder(limits, V5);
    return decoder.decode(ByteBuffer.wrap(packet));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EF BB BF 61", "61 EF BB BF", "EF BB BF"})
  @Tag("MQTT-1.5.4-3")
  void givenByteOrderMark_whenDecoded_thenItStays(String hex) {
    var publish = (Publish) Decoding.packet(V5, Field.TOPIC_NAME.with(Bytes.hex(hex)));
    var connect = (Connect) Decoding.packet(V5, Field.CLIENT_IDENTIFIER.with(Bytes.hex(hex)));

    assertThat(publish.topic().text())
        .isEqualTo(new String(Bytes.hex(hex), StandardCharsets.UTF_8));
    assertThat(publish.topic().encodedLength()).isEqualTo(Bytes.hex(hex).length);
    assertThat(connect.clientId()).isEqualTo(publish.topic().text());
  }

  @Test
  @Tag("MQTT-4.7.3-4")
  void givenTextsThatNormalisationWouldMakeOne_whenDecoded_thenTheyDiffer() {
    var composed = (Publish) Decoding.packet(V5, Field.TOPIC_NAME.with(Bytes.hex("C3 A4")));
    var decomposed = (Publish) Decoding.packet(V5, Field.TOPIC_NAME.with(Bytes.hex("61 CC 88")));

    assertThat(composed.topic()).isNotEqualTo(decomposed.topic());
  }

  @Test
  void givenPayloadPasswordAndBinaryData_whenTheyAreNoText_thenTaken() {
    var bad = Bytes.hex("00 FF C0 80");

    assertThat(Decoding.packet(V5, Bytes.packet(0x30, Bytes.empty().string("t").u8(0).raw(bad))))
        .isNotNull();
    assertThat(
            Decoding.packet(
                V5,
                Bytes.packet(0x10, Decoding.connectHeader(5, 0x42).u8(0).string("c").binary(bad))))
        .isNotNull();
    assertThat(
            Decoding.packet(
                V311,
                Bytes.packet(
                    0x10, Decoding.connectHeader(4, 6).string("c").string("w").binary(bad))))
        .isNotNull();
  }

  /** The library's strict decoder is the oracle: all sequences of two bytes, and many of three. */
  @Test
  void givenAllShortSequences_whenJudged_thenAsTheLibraryDoes() {
    var differences = new ArrayList<String>();
    for (int first = 1; first < 256; first++) {
      for (int second = 0x70; second < 256; second++) {
        judge(differences, (byte) first, (byte) second);
        for (int third = 0x7E; third < 0xC3; third += 3) {
          judge(differences, (byte) first, (byte) second, (byte) third);
          judge(differences, (byte) first, (byte) second, (byte) third, (byte) 0xBF);
        }
      }
    }

    assertThat(differences).isEmpty();
  }

  private static void judge(List<String> differences, byte... bytes) {
    var expected = libraryText(bytes);
    var fault = Utf8Text.fault(bytes, false);
    boolean same = expected.isPresent() == (fault == null);
    if (!same || (fault == null && !Utf8Text.decode(bytes, false).equals(expected.get()))) {
      differences.add(HexFormat.of().formatHex(bytes));
    }
  }

  private static Optional<String> libraryText(byte[] bytes) {
    try {
      var decoder = StandardCharsets.UTF_8.newDecoder();
      return Optional.of(decoder.decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }
}
