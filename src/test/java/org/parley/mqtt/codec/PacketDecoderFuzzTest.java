package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;

/**
 * Any bytes at all: the decoder answers with a value, reads no further than it says, does not care
 * how the bytes were cut, and what it took can be written and read again. The first byte of an
 * input says where the connection stands: bits 0 and 1 before CONNECT, or the version; bit 2
 * lenient text; bit 3 small limits.
 */
class PacketDecoderFuzzTest {
  private static final int LENIENT = 4;
  private static final int SMALL = 8;

  private static PacketDecoder decoder(int mode) {
    boolean strict = (mode & LENIENT) == 0;
    var limits =
        (mode & SMALL) == 0
            ? new DecoderLimits(1 << 20, 1 << 16, strict)
            : new DecoderLimits(64, 40, strict, 2, 2);
    return switch (mode & 3) {
      case 0 -> new PacketDecoder(limits);
      case 1 -> new PacketDecoder(limits, ProtocolVersion.V3_1);
      case 2 -> new PacketDecoder(limits, ProtocolVersion.V3_1_1);
      default -> new PacketDecoder(limits, ProtocolVersion.V5);
    };
  }

  @FuzzTest(maxDuration = "10m")
  void givenAnyBytes_whenDecoded_thenAValue(byte[] input) {
    if (input.length == 0) {
      return;
    }
    var stream = Arrays.copyOfRange(input, 1, input.length);
    var decoder = decoder(input[0]);

    var whole = decodeWhole(decoder, stream);

    assertThat(decodeByteByByte(decoder(input[0]), stream)).isEqualTo(whole);
    for (var decoded : whole) {
      if (decoded instanceof Decoded.Complete(var packet, _)) {
        assertHasOneForm(packet, decoder.version().orElseThrow());
      }
    }
  }

  private static List<Decoded> decodeWhole(PacketDecoder decoder, byte[] stream) {
    var seen = new ArrayList<Decoded>();
    var bytes = ByteBuffer.wrap(stream);
    while (true) {
      int before = bytes.position();
      var decoded = decoder.decode(bytes);
      switch (decoded) {
        case Decoded.Complete(_, var size) -> {
          assertThat(bytes.position()).isEqualTo(before + size);
          seen.add(decoded);
        }
        case Decoded.NeedMore(var missing) -> {
          assertThat(missing).isPositive();
          assertThat(bytes.position()).isEqualTo(before);
          return seen;
        }
        case Decoded.Rejected rejected -> {
          seen.add(withoutAnswer(rejected));
          return seen;
        }
      }
    }
  }

  private static List<Decoded> decodeByteByByte(PacketDecoder decoder, byte[] stream) {
    var seen = new ArrayList<Decoded>();
    int begin = 0;
    int wanted = 1;
    for (int end = 1; end <= stream.length; end++) {
      if (end - begin < wanted) {
        continue;
      }
      var decoded = decoder.decode(ByteBuffer.wrap(stream, begin, end - begin));
      switch (decoded) {
        case Decoded.Complete(_, var size) -> {
          assertThat(size).as("no byte too late").isEqualTo(end - begin);
          seen.add(decoded);
          begin = end;
          wanted = 1;
        }
        case Decoded.NeedMore(var missing) -> wanted = end - begin + missing;
        case Decoded.Rejected rejected -> {
          seen.add(withoutAnswer(rejected));
          return seen;
        }
      }
    }
    return seen;
  }

  /** Whether a CONNECT that is too large is told so depends on how much of it is there. */
  private static Decoded withoutAnswer(Decoded.Rejected rejected) {
    return rejected.reason() == ReasonCode.PACKET_TOO_LARGE
        ? new Decoded.Rejected(rejected.reason(), rejected.detail(), Decoded.Answer.NONE)
        : rejected;
  }

  private static void assertHasOneForm(Packet packet, ProtocolVersion version) {
    var encoder = new PacketEncoder();
    assertThat(encoder.encode(packet, version, Long.MAX_VALUE, true)).isTrue();
    var limits = new DecoderLimits(1 << 21, 1 << 21, false);
    var decoder =
        packet instanceof Connect ? new PacketDecoder(limits) : new PacketDecoder(limits, version);
    assertThat(decoder.decode(encoder.written()))
        .isEqualTo(new Decoded.Complete(packet, encoder.size()));
    if (packet instanceof Publish publish) {
      assertThat(publish.topic().hasWildcard()).isFalse();
      assertThat(publish.topic().isEmpty() && publish.topicAlias() == Publish.NO_ALIAS).isFalse();
    }
  }
}
