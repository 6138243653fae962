package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.codec.Decoding.LIMITS;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ServerPacketReader;

/**
 * The codec of Netty as an oracle: a packet goes by our encoder to its decoder, by its encoder back
 * to us, and is still the same. What it is too lenient about is refused here.
 */
class NettyCodecTest {
  private static final int ROUNDS = 1_500;
  private static final int LARGEST = 1 << 20;
  private static final int LONGEST_CLIENT_ID = 65_535;

  /** A channel that knows its version. */
  private static EmbeddedChannel channel(ProtocolVersion version) {
    var channel =
        new EmbeddedChannel(new MqttDecoder(LARGEST, LONGEST_CLIENT_ID), MqttEncoder.INSTANCE);
    through(channel, encode(GoldenPacketsTest.connect(version, "c"), version));
    return channel;
  }

  private static byte[] encode(Packet packet, ProtocolVersion version) {
    var encoder = new PacketEncoder();
    assertThat(encoder.encode(packet, version, Long.MAX_VALUE, true)).isTrue();
    var bytes = new byte[encoder.size()];
    encoder.written().get(bytes);
    return bytes;
  }

  private static byte[] through(EmbeddedChannel channel, byte[] bytes) {
    channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    MqttMessage message = channel.readInbound();
    assertThat(message).isNotNull();
    assertThat(message.decoderResult().cause()).isNull();
    channel.writeOutbound(message);
    var out = Bytes.empty();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      var read = new byte[part.readableBytes()];
      part.readBytes(read).release();
      out.raw(read);
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void givenPacketOfAClient_whenThroughNettyAndBack_thenTheSame(ProtocolVersion version) {
    var packets = new RandomPackets(new Random(42), version);
    for (int i = 0; i < ROUNDS; i++) {
      var packet = packets.ofClient();
      if (isBeyondNetty(packet)) {
        continue;
      }
      var bytes = through(channel(version), encode(packet, version));

      var decoder =
          packet instanceof Connect
              ? new PacketDecoder(LIMITS)
              : new PacketDecoder(LIMITS, version);
      assertThat(decoder.decode(ByteBuffer.wrap(bytes)))
          .isEqualTo(new Decoded.Complete(packet, bytes.length));
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void givenPacketOfAServer_whenThroughNettyAndBack_thenTheSame(ProtocolVersion version) {
    var packets = new RandomPackets(new Random(43), version);
    for (int i = 0; i < ROUNDS; i++) {
      var packet = packets.ofServer();
      if (isBeyondNetty(packet)) {
        continue;
      }
      var bytes = through(channel(version), encode(packet, version));

      assertThat(ServerPacketReader.read(bytes, version)).isEqualTo(packet);
    }
  }

  /** It has a limit for the Client Identifiers of 3.1, and its encoder the rule of 3.1.1. */
  private static boolean isBeyondNetty(Packet packet) {
    return packet instanceof Connect connect
        && connect.version() == ProtocolVersion.V3_1
        && (connect.clientId().isEmpty()
            || connect.clientId().length() > 23
            || (connect.userName().isEmpty() && connect.password().isPresent()));
  }

  @ParameterizedTest
  @CsvSource({
    "empty topic without alias, 30 03 00 00 00, PROTOCOL_ERROR",
    "DUP with QoS 0, 38 04 00 01 74 00, MALFORMED_PACKET",
    "alias 0, 30 07 00 01 74 03 23 00 00, TOPIC_ALIAS_INVALID",
    "identifier of a client, 30 06 00 01 74 02 0B 01, PROTOCOL_ERROR",
    "property twice, 30 08 00 01 74 04 01 00 01 00, PROTOCOL_ERROR",
    "property of another packet, 30 09 00 01 74 05 11 00 00 00 01, MALFORMED_PACKET",
    "payload format 2, 30 06 00 01 74 02 01 02, PROTOCOL_ERROR",
    "padded property length, 30 05 00 01 74 80 00, MALFORMED_PACKET",
    "padded remaining length, C0 80 00, MALFORMED_PACKET",
    "SUBSCRIBE without filter, 82 03 00 01 00, PROTOCOL_ERROR",
    "UNSUBSCRIBE without filter, A2 03 00 01 00, PROTOCOL_ERROR",
    "reserved option bits, 82 07 00 01 00 00 01 74 C0, MALFORMED_PACKET",
    "two identifiers, 82 0B 00 01 04 0B 01 0B 02 00 01 74 00, PROTOCOL_ERROR",
    "CONNACK of a client, 20 03 00 00 00, PROTOCOL_ERROR",
    "Receive Maximum 0, 10 11 00 04 4D 51 54 54 05 02 00 3C 03 21 00 00 00 01 63, PROTOCOL_ERROR",
    "Will QoS 3, 10 14 00 04 4D 51 54 54 05 1E 00 3C 00 00 01 63 00 00 01 77 00 00, "
        + "MALFORMED_PACKET",
    "Will QoS without a Will, 10 0E 00 04 4D 51 54 54 05 0A 00 3C 00 00 01 63, MALFORMED_PACKET",
    "PUBACK 0x55, 40 03 00 01 55, PROTOCOL_ERROR",
    "DISCONNECT 0x8E of a client, E0 01 8E, PROTOCOL_ERROR",
    "block beyond the packet, 30 05 00 01 74 7F 00 C0 00, MALFORMED_PACKET"
  })
  void givenWhatNettyTakes_whenDecodedHere_thenRefused(String what, String hex, ReasonCode reason) {
    assertThat(Decoding.decode(ProtocolVersion.V5, hex))
        .as(what)
        .isInstanceOfSatisfying(
            Decoded.Rejected.class, rejected -> assertThat(rejected.reason()).isEqualTo(reason));
  }

  @Test
  void givenPublishBeforeConnect_whenDecodedHere_thenRefused() {
    var bytes = ByteBuffer.wrap(Bytes.hex("30 04 00 01 74 00"));

    assertThat(new PacketDecoder(LIMITS).decode(bytes)).isInstanceOf(Decoded.Rejected.class);
  }

  @Test
  void givenWillTopicOf40000Bytes_whenDecodedHere_thenWhole() {
    var topic = "w".repeat(40_000);
    var packet =
        Decoding.connect(
            ProtocolVersion.V5, 4, bytes -> bytes.string("c").u8(0).string(topic).binary());

    assertThat(Decoding.connectOf(ProtocolVersion.V5, packet).will().orElseThrow().topic().text())
        .isEqualTo(topic);
  }
}
