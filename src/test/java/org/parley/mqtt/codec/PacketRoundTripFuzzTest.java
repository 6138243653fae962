package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.ChosenBytes;
import org.parley.testing.mqtt.ServerPacketReader;

/** Legal packets, chosen by the fuzzer's bytes: there and back they are the same. */
class PacketRoundTripFuzzTest {
  private static final long UNLIMITED = Long.MAX_VALUE;

  @FuzzTest(maxDuration = "10m")
  void givenAnyPacket_whenThereAndBack_thenTheSame(byte[] input) {
    var random = new ChosenBytes(input);
    var version = List.of(ProtocolVersion.values()).get(random.nextInt(3));
    var packets = new RandomPackets(random, version);
    var encoder = new PacketEncoder();

    var ofClient = packets.ofClient();
    assertThat(encoder.encode(ofClient, version, UNLIMITED, true)).isTrue();
    assertThat(decoder(version, ofClient).decode(encoder.written()))
        .isEqualTo(new Decoded.Complete(ofClient, encoder.size()));

    encoder.reset();
    var ofServer = packets.ofServer();
    assertThat(encoder.encode(ofServer, version, UNLIMITED, true)).isTrue();
    var bytes = new byte[encoder.size()];
    encoder.written().get(bytes);
    assertThat(ServerPacketReader.read(bytes, version)).isEqualTo(ofServer);

    encoder.reset();
    int maximum = random.nextInt(100);
    boolean written = encoder.encode(ofServer, version, maximum, random.nextBoolean());
    assertThat(encoder.size()).isLessThanOrEqualTo(written ? maximum : 0);
  }

  private static PacketDecoder decoder(ProtocolVersion version, Packet packet) {
    var limits = new DecoderLimits(1 << 21, 1 << 21, true);
    return packet instanceof Connect
        ? new PacketDecoder(limits)
        : new PacketDecoder(limits, version);
  }
}
