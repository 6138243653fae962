package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.codec.Decoding.LIMITS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.ServerPacketReader;

/**
 * The codec of mqtt.js as an oracle, by vectors that were made once: each line has a version, who
 * sends it, our bytes, and what the npm package {@code mqtt-packet} made of them when it had parsed
 * and generated them again. {@code src/test/node/mqtt-packet} tells how they are made.
 */
class MqttPacketVectorsTest {
  private static final int OF_EACH_KIND = 250;

  /** Prints the first three columns, for the script. */
  public static void main(String... arguments) {
    for (var version : ProtocolVersion.values()) {
      var packets = new RandomPackets(new Random(2_026), version);
      for (int i = 0; i < OF_EACH_KIND; i++) {
        print(version, "client", packets.ofClient());
        print(version, "server", packets.ofServer());
      }
    }
  }

  private static void print(ProtocolVersion version, String sender, Packet packet) {
    var encoder = new PacketEncoder();
    if (encoder.encode(packet, version, 1_000, true)) {
      System.out.println(version + " " + sender + " " + HexFormat.of().formatHex(bytes(encoder)));
    }
  }

  private static byte[] bytes(PacketEncoder encoder) {
    var bytes = new byte[encoder.size()];
    encoder.written().get(bytes);
    return bytes;
  }

  private static List<String> lines() throws IOException {
    var resource =
        Objects.requireNonNull(
            MqttPacketVectorsTest.class.getResourceAsStream("mqtt-packet-vectors.txt"));
    try (var reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }

  @Test
  void givenVectors_whenReadHere_thenOursAndTheirsAreOnePacket() throws IOException {
    var lines = lines();
    assertThat(lines).hasSizeGreaterThan(300);
    for (var line : lines) {
      var columns = line.split(" ", -1);
      var version = ProtocolVersion.valueOf(columns[0]);
      boolean ofClient = columns[1].equals("client");
      var ours = HexFormat.of().parseHex(columns[2]);
      var theirs = HexFormat.of().parseHex(columns[3]);

      var packet = read(ofClient, version, ours);

      assertThat(read(ofClient, version, theirs)).as(line).isEqualTo(packet);
      var encoder = new PacketEncoder();
      assertThat(encoder.encode(packet, version, Long.MAX_VALUE, true)).isTrue();
      assertThat(bytes(encoder)).as(line).isEqualTo(ours);
    }
  }

  private static Packet read(boolean ofClient, ProtocolVersion version, byte[] bytes) {
    if (!ofClient) {
      return ServerPacketReader.read(bytes, version);
    }
    boolean connect = bytes[0] == 0x10;
    var decoder = connect ? new PacketDecoder(LIMITS) : new PacketDecoder(LIMITS, version);
    var decoded = decoder.decode(ByteBuffer.wrap(bytes));
    assertThat(decoded).isInstanceOf(Decoded.Complete.class);
    var packet = ((Decoded.Complete) decoded).packet();
    assertThat(packet instanceof Connect).isEqualTo(connect);
    return packet;
  }
}
