package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.codec.Decoding.LIMITS;
import static org.parley.mqtt.codec.Decoding.V5;
import static org.parley.mqtt.codec.Decoding.assertRejected;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.UserProperty;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ServerPacketReader;

/** Blocks of properties by their length: what one claims, what it holds, how it arrives. */
class PropertyLengthTest {
  private static final int USER_PROPERTY = 0x26;

  /** Feeds a decoder byte by byte, and returns how many it had when it said no; -1 if never. */
  private static int bytesUntilRejected(PacketDecoder decoder, byte[] bytes, ReasonCode reason) {
    for (int length = 1; length <= bytes.length; length++) {
      var decoded = decoder.decode(ByteBuffer.wrap(bytes, 0, length));
      if (decoded instanceof Decoded.Rejected rejected) {
        assertThat(rejected.reason()).isEqualTo(reason);
        return length;
      }
      assertThat(decoded).isInstanceOf(Decoded.NeedMore.class);
    }
    return -1;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "30 FF FF FF 7F 00 01 74 F2 FF FF 7F 26",
        "40 FF FF FF 7F 00 01 00 F2 FF FF 7F 26",
        "82 FF FF FF 7F 00 01 F2 FF FF 7F 26",
        "E0 FF FF FF 7F 00 F2 FF FF 7F 26",
        "F0 FF FF FF 7F 18 F2 FF FF 7F 26"
      })
  @Tag("CVE-2026-44248")
  void givenPropertiesOf256Megabytes_whenDripped_thenRefusedAtTheFixedHeader(String hex) {
    int length =
        bytesUntilRejected(
            new PacketDecoder(LIMITS, V5), Bytes.hex(hex), ReasonCode.PACKET_TOO_LARGE);

    assertThat(length).isEqualTo(5);
  }

  @Test
  @Tag("CVE-2026-44248")
  @Tag("CVE-2021-33175")
  void givenConnectWithPropertiesOf256Megabytes_whenDripped_thenRefusedAtTheFixedHeader() {
    var connect = Bytes.hex("10 FF FF FF 7F 00 04 4D 51 54 54 05 02 00 3C F2 FF FF 7F 26");

    int length =
        bytesUntilRejected(new PacketDecoder(LIMITS), connect, ReasonCode.PACKET_TOO_LARGE);

    assertThat(length).isEqualTo(5);
  }

  /** What is not whole is not looked at: no byte of a body is read twice. */
  @Test
  @Tag("CVE-2026-44248")
  void givenPropertiesThatAreMalformed_whenDripped_thenReadWhenAllIsThereAndOnce() {
    var properties = Bytes.empty().raw("7F").raw(new byte[50_000]);
    var packet = Bytes.packet(0x30, Bytes.empty().string("t").block(properties));

    int length =
        bytesUntilRejected(new PacketDecoder(LIMITS, V5), packet, ReasonCode.MALFORMED_PACKET);

    assertThat(length).isEqualTo(packet.length);
  }

  /** At the bounds of the Variable Byte Integer that is the length. */
  @ParameterizedTest
  @ValueSource(ints = {10, 126, 127, 128, 129, 130, 255, 256, 16_383, 16_384, 16_385, 32_768})
  @Tag("netty-17339")
  void givenBlockOfThatLength_whenThereAndBack_thenItsLastPropertyAndThePayloadToo(int length) {
    var filler = "f".repeat(length - 10);
    var entries = Bytes.empty().u8(USER_PROPERTY).string(filler).string("").raw("02 00 00 00 07");
    var body = Bytes.empty().string("t").block(entries).raw("26 02 00 00 00 09");
    var packet = Bytes.packet(0x30, body);

    var publish = (Publish) Decoding.packet(V5, packet);

    assertThat(entries.toByteArray()).hasSize(length);
    assertThat(publish.properties().userProperties()).containsExactly(new UserProperty(filler, ""));
    assertThat(publish.properties().messageExpiry()).hasValue(7);
    assertThat(publish.payload().toByteArray()).isEqualTo(Bytes.hex("26 02 00 00 00 09"));
    var encoder = new PacketEncoder();
    assertThat(encoder.encode(publish, V5, Long.MAX_VALUE, true)).isTrue();
    assertThat(ServerPacketReader.read(written(encoder), V5)).isEqualTo(publish);
    assertThat(encoder.size()).isEqualTo(packet.length);
  }

  private static byte[] written(PacketEncoder encoder) {
    var bytes = new byte[encoder.size()];
    encoder.written().get(bytes);
    return bytes;
  }

  /**
   * Five bytes, where four are the most: as the last bytes that there are, and with more behind.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "30 08 00 01 74 80 80 80 80 01",
        "30 08 00 01 74 FF FF FF FF 7F",
        "30 0A 00 01 74 FF FF FF FF 7F 00 00",
        "82 0B 00 01 06 0B FF FF FF FF 7F 00 00",
        "82 08 00 01 05 0B FF FF FF FF",
        "A2 07 00 01 FF FF FF FF 7F",
        "40 08 00 01 00 FF FF FF FF 7F",
        "E0 06 00 FF FF FF FF 7F"
      })
  @Tag("CVE-2026-21888")
  void givenIntegerOfFiveBytes_whenDecoded_thenMalformed(String hex) {
    assertRejected(V5, hex, ReasonCode.MALFORMED_PACKET);
  }

  /** The smallest are 5 bytes here, and 48 and more as objects. */
  @Test
  @Tag("CVE-2021-41039")
  @Tag("CVE-2021-34431")
  @Tag("CVE-2021-33176")
  void givenPacketsFullOfUserProperties_whenDecoded_thenRefusedBehindTheLimit() {
    var properties = Bytes.empty();
    for (int i = 0; i <= DecoderLimits.DEFAULT_USER_PROPERTIES; i++) {
      properties.u8(USER_PROPERTY).string("").string("");
    }
    var most = Arrays.copyOf(properties.toByteArray(), properties.toByteArray().length - 5);

    assertRejected(V5, Decoding.connect(properties), ReasonCode.QUOTA_EXCEEDED);
    assertRejected(V5, publish(properties), ReasonCode.QUOTA_EXCEEDED);
    var taken = (Publish) Decoding.packet(V5, publish(Bytes.empty().raw(most)));
    assertThat(taken.properties().userProperties()).hasSize(DecoderLimits.DEFAULT_USER_PROPERTIES);
  }

  private static byte[] publish(Bytes properties) {
    return Bytes.packet(0x30, Bytes.empty().string("t").block(properties));
  }
}
