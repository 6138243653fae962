package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import org.parley.mqtt.codec.Decoded.Answer;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;

/** What the tests of the decoder share. */
final class Decoding {
  static final DecoderLimits LIMITS = new DecoderLimits(1_000_000, 100_000, true);
  static final ProtocolVersion V5 = ProtocolVersion.V5;
  static final ProtocolVersion V311 = ProtocolVersion.V3_1_1;
  static final ProtocolVersion V31 = ProtocolVersion.V3_1;

  private Decoding() {}

  /** Returns a decoder of a connection that speaks this version. */
  static PacketDecoder connected(ProtocolVersion version) {
    return new PacketDecoder(LIMITS, version);
  }

  /** Decodes the first packet of a connection if it is CONNECT, or else a later one. */
  static Decoded decode(ProtocolVersion version, byte[] bytes) {
    boolean connect = bytes.length > 0 && (bytes[0] & 0xF0) == 0x10;
    var decoder = connect ? new PacketDecoder(LIMITS) : connected(version);
    return decoder.decode(ByteBuffer.wrap(bytes));
  }

  static Decoded decode(ProtocolVersion version, String hex) {
    return decode(version, Bytes.hex(hex));
  }

  /** Decodes what is one good packet. */
  static Packet packet(ProtocolVersion version, byte[] bytes) {
    var decoded = decode(version, bytes);
    assertThat(decoded).isInstanceOf(Decoded.Complete.class);
    assertThat(((Decoded.Complete) decoded).sizeBytes()).isEqualTo(bytes.length);
    return ((Decoded.Complete) decoded).packet();
  }

  static Packet packet(ProtocolVersion version, String hex) {
    return packet(version, Bytes.hex(hex));
  }

  /** The peer is told, by the packet that its version has for that. */
  static void assertRejected(ProtocolVersion version, byte[] bytes, ReasonCode reason) {
    boolean connect = (bytes[0] & 0xF0) == 0x10;
    var told = connect ? Answer.CONNACK : Answer.DISCONNECT;
    assertRejected(decode(version, bytes), reason, version == V5 ? told : Answer.NONE);
  }

  static void assertRejected(ProtocolVersion version, String hex, ReasonCode reason) {
    assertRejected(version, Bytes.hex(hex), reason);
  }

  static void assertRejected(Decoded decoded, ReasonCode reason, Answer answer) {
    assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
    var rejected = (Decoded.Rejected) decoded;
    assertThat(rejected.reason()).as(rejected.detail()).isEqualTo(reason);
    assertThat(rejected.answer()).isEqualTo(answer);
  }

  /** Returns a CONNECT of 5.0 with these properties and the Client Identifier "c". */
  static byte[] connect(Bytes properties) {
    return Bytes.packet(0x10, connectHeader(5, 2).block(properties).string("c"));
  }

  /** Returns the variable header of CONNECT up to the Keep Alive of 60. */
  static Bytes connectHeader(int level, int flags) {
    return Bytes.empty().string(level == 3 ? "MQIsdp" : "MQTT").u8(level).u8(flags).u16(60);
  }

  /** Returns the CONNECT of a version, its payload given. */
  static byte[] connect(ProtocolVersion version, int flags, UnaryOperator<Bytes> payload) {
    var header = connectHeader(version.level(), flags);
    return Bytes.packet(0x10, payload.apply(version == V5 ? header.u8(0) : header));
  }

  static Connect connectOf(ProtocolVersion version, byte[] bytes) {
    return (Connect) packet(version, bytes);
  }
}
