package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.codec.Decoding.LIMITS;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.ServerPacketReader;

/** Packets by chance, seeded: there and back, whole and in pieces. */
class RoundTripTest {
  private static final long UNLIMITED = Long.MAX_VALUE;
  private static final int ROUNDS = 3_000;

  private static byte[] encode(PacketEncoder encoder, Packet packet, ProtocolVersion version) {
    encoder.reset();
    assertThat(encoder.encode(packet, version, UNLIMITED, true)).isTrue();
    var bytes = new byte[encoder.size()];
    encoder.written().get(bytes);
    return bytes;
  }

  private static PacketDecoder decoder(ProtocolVersion version, Packet packet) {
    return packet instanceof Connect
        ? new PacketDecoder(LIMITS)
        : new PacketDecoder(LIMITS, version);
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void givenPacketOfAClient_whenThereAndBack_thenTheSame(ProtocolVersion version) {
    var packets = new RandomPackets(new Random(4_711), version);
    var encoder = new PacketEncoder();
    for (int i = 0; i < ROUNDS; i++) {
      var packet = packets.ofClient();
      var bytes = encode(encoder, packet, version);

      var decoded = decoder(version, packet).decode(ByteBuffer.wrap(bytes));

      assertThat(decoded).isEqualTo(new Decoded.Complete(packet, bytes.length));
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void givenPacketOfAServer_whenReadByAStrictClient_thenTheSame(ProtocolVersion version) {
    var packets = new RandomPackets(new Random(815), version);
    var encoder = new PacketEncoder();
    for (int i = 0; i < ROUNDS; i++) {
      var packet = packets.ofServer();

      assertThat(ServerPacketReader.read(encode(encoder, packet, version), version))
          .isEqualTo(packet);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void givenStreamOfPackets_whenItArrivesInPieces_thenTheSamePackets(ProtocolVersion version) {
    var random = new Random(99);
    var packets = new RandomPackets(random, version);
    var encoder = new PacketEncoder();
    var sent = new ArrayList<Packet>();
    while (sent.size() < 300) {
      var packet = packets.ofClient();
      if (packet instanceof Connect == sent.isEmpty()) {
        sent.add(packet);
        assertThat(encoder.encode(packet, version, UNLIMITED, true)).isTrue();
      }
    }
    var stream = encoder.written();
    for (int largest : new int[] {1, 2, 3, 7, 100, 5_000}) {
      var decoder = new PacketDecoder(LIMITS);
      var received = receive(decoder, stream.duplicate(), largest, random);

      assertThat(received).isEqualTo(sent);
    }
  }

  /** Feeds pieces of at most so many bytes, and asks again only when what is missing is there. */
  private static List<Packet> receive(
      PacketDecoder decoder, ByteBuffer stream, int largest, Random random) {
    var received = new ArrayList<Packet>();
    int begin = 0;
    int end = 0;
    int wanted = 1;
    while (begin < stream.capacity()) {
      end = Math.min(stream.capacity(), end + 1 + random.nextInt(largest));
      if (end - begin < wanted && end < stream.capacity()) {
        continue;
      }
      stream.limit(end).position(begin);
      switch (decoder.decode(stream)) {
        case Decoded.Complete(var packet, var size) -> {
          received.add(packet);
          assertThat(stream.position()).isEqualTo(begin + size);
          begin += size;
          wanted = 0;
        }
        case Decoded.NeedMore(var missing) -> {
          assertThat(stream.position()).isEqualTo(begin);
          wanted = end - begin + missing;
        }
        case Decoded.Rejected rejected -> throw new AssertionError(rejected);
      }
    }
    return received;
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void givenPacketCutAnywhere_whenDecoded_thenMoreIsNeeded(ProtocolVersion version) {
    var packets = new RandomPackets(new Random(5), version);
    var encoder = new PacketEncoder();
    for (int i = 0; i < 300; i++) {
      var packet = packets.ofClient();
      var bytes = encode(encoder, packet, version);
      var decoder = decoder(version, packet);
      int step = 1 + bytes.length / 50;
      for (int cut = 0; cut < bytes.length; cut += step) {
        assertThat(decoder.decode(ByteBuffer.wrap(bytes, 0, cut)))
            .isInstanceOf(Decoded.NeedMore.class);
      }
      assertThat(decoder.decode(ByteBuffer.wrap(bytes))).isInstanceOf(Decoded.Complete.class);
    }
  }

  /** A byte changed anywhere never makes an exception, and what is still a packet has one form. */
  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void givenPacketWithAByteChanged_whenDecoded_thenAValue(ProtocolVersion version) {
    var random = new Random(17);
    var packets = new RandomPackets(random, version);
    var encoder = new PacketEncoder();
    for (int i = 0; i < ROUNDS; i++) {
      var packet = packets.ofClient();
      var bytes = encode(encoder, packet, version);
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      var decoder = decoder(version, packet);

      if (decoder.decode(ByteBuffer.wrap(bytes)) instanceof Decoded.Complete(var changed, _)) {
        var spoken = decoder.version().orElseThrow();
        var again = encode(encoder, changed, spoken);
        assertThat(decoder(spoken, changed).decode(ByteBuffer.wrap(again)))
            .isEqualTo(new Decoded.Complete(changed, again.length));
      }
    }
  }
}
