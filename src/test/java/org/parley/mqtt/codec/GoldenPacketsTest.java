package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.Pingreq;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.Subscribe;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.Unsuback;
import org.parley.mqtt.packet.Unsubscribe;

/** Packets written by hand, byte by byte, in both directions. */
class GoldenPacketsTest {
  private static final DecoderLimits LIMITS = new DecoderLimits(1_000_000, 100_000, true);
  private static final ProtocolVersion V5 = ProtocolVersion.V5;
  private static final ProtocolVersion V311 = ProtocolVersion.V3_1_1;
  private static final ProtocolVersion V31 = ProtocolVersion.V3_1;
  private static final ProblemInformation NONE = ProblemInformation.NONE;

  static Connect connect(ProtocolVersion version, String clientId) {
    return new Connect(
        version,
        true,
        60,
        Connect.Properties.NONE,
        clientId,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Publish publish(QoS qos, int packetId) {
    return new Publish(
        false,
        qos,
        false,
        TopicName.of("a/b"),
        packetId,
        Publish.NO_ALIAS,
        List.of(),
        MessageProperties.NONE,
        BinaryData.of((byte) 'x'));
  }

  private static Subscribe subscribe() {
    return new Subscribe(
        1,
        Subscribe.NO_ID,
        List.of(),
        List.of(new Subscribe.Entry("a/b", SubscriptionOptions.of(QoS.AT_LEAST_ONCE))));
  }

  private static Arguments row(ProtocolVersion version, String hex, Packet packet) {
    return argumentSet(version + " " + hex, version, hex, packet);
  }

  static Stream<Arguments> ofClients() {
    return Stream.of(
        row(V5, "10 10 00 04 4D 51 54 54 05 02 00 3C 00 00 03 61 62 63", connect(V5, "abc")),
        row(V311, "10 0F 00 04 4D 51 54 54 04 02 00 3C 00 03 61 62 63", connect(V311, "abc")),
        row(V31, "10 11 00 06 4D 51 49 73 64 70 03 02 00 3C 00 03 61 62 63", connect(V31, "abc")),
        row(V5, "82 09 00 01 00 00 03 61 2F 62 01", subscribe()),
        row(V311, "82 08 00 01 00 03 61 2F 62 01", subscribe()),
        row(V5, "A2 08 00 02 00 00 03 61 2F 62", new Unsubscribe(2, List.of(), List.of("a/b"))),
        row(V311, "A2 07 00 02 00 03 61 2F 62", new Unsubscribe(2, List.of(), List.of("a/b"))),
        row(V5, "C0 00", Pingreq.INSTANCE));
  }

  static Stream<Arguments> ofBoth() {
    return Stream.of(
        row(V5, "30 07 00 03 61 2F 62 00 78", publish(QoS.AT_MOST_ONCE, 0)),
        row(V311, "30 06 00 03 61 2F 62 78", publish(QoS.AT_MOST_ONCE, 0)),
        row(V5, "32 09 00 03 61 2F 62 00 0A 00 78", publish(QoS.AT_LEAST_ONCE, 10)),
        row(V31, "34 08 00 03 61 2F 62 FF FF 78", publish(QoS.EXACTLY_ONCE, 65535)),
        row(V5, "40 02 00 01", new Puback(1, ReasonCode.SUCCESS)),
        row(V5, "40 03 00 01 10", new Puback(1, ReasonCode.NO_MATCHING_SUBSCRIBERS)),
        row(V311, "40 02 00 01", new Puback(1, ReasonCode.SUCCESS)),
        row(V5, "50 02 00 FF", new Pubrec(255, ReasonCode.SUCCESS)),
        row(V5, "62 02 00 01", new Pubrel(1, ReasonCode.SUCCESS)),
        row(V5, "62 03 00 01 92", new Pubrel(1, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND)),
        row(V311, "70 02 FF 00", new Pubcomp(0xff00, ReasonCode.SUCCESS)),
        row(V5, "E0 00", Disconnect.of(ReasonCode.SUCCESS)),
        row(V311, "E0 00", Disconnect.of(ReasonCode.SUCCESS)));
  }

  static Stream<Arguments> ofServers() {
    return Stream.of(
        row(V5, "20 03 00 00 00", new Connack(false, ReasonCode.SUCCESS, Connack.Properties.NONE)),
        row(V311, "20 02 00 00", new Connack(false, ReasonCode.SUCCESS, Connack.Properties.NONE)),
        row(V311, "20 02 01 00", new Connack(true, ReasonCode.SUCCESS, Connack.Properties.NONE)),
        row(V31, "20 02 00 00", new Connack(true, ReasonCode.SUCCESS, Connack.Properties.NONE)),
        row(V5, "20 03 00 84 00", Connack.refused(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION)),
        row(V311, "20 02 00 01", Connack.refused(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION)),
        row(V5, "90 04 00 01 00 01", new Suback(1, List.of(ReasonCode.GRANTED_QOS_1), NONE)),
        row(V311, "90 03 00 01 01", new Suback(1, List.of(ReasonCode.GRANTED_QOS_1), NONE)),
        row(V311, "90 03 00 01 80", new Suback(1, List.of(ReasonCode.NOT_AUTHORIZED), NONE)),
        row(V5, "B0 04 00 02 00 00", new Unsuback(2, List.of(ReasonCode.SUCCESS), NONE)),
        row(V311, "B0 02 00 02", new Unsuback(2, List.of(ReasonCode.SUCCESS), NONE)),
        row(V5, "D0 00", Pingresp.INSTANCE),
        row(V5, "E0 01 8E", Disconnect.of(ReasonCode.SESSION_TAKEN_OVER)));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static PacketDecoder decoder(ProtocolVersion version, Packet packet) {
    return packet instanceof Connect
        ? new PacketDecoder(LIMITS)
        : new PacketDecoder(LIMITS, version);
  }

  @ParameterizedTest
  @MethodSource({"ofClients", "ofBoth"})
  @Tag("MQTT-2.2.1-2")
  @Tag("MQTT-2.2.1-5")
  void givenGoldenBytes_whenDecoded_thenTheirPacket(
      ProtocolVersion version, String hex, Packet packet) {
    var decoder = decoder(version, packet);
    var buffer = ByteBuffer.wrap(bytes(hex));

    var decoded = decoder.decode(buffer);

    assertThat(decoded).isEqualTo(new Decoded.Complete(packet, bytes(hex).length));
    assertThat(buffer.hasRemaining()).isFalse();
    assertThat(decoder.version()).contains(version);
  }

  @ParameterizedTest
  @MethodSource({"ofClients", "ofBoth", "ofServers"})
  @Tag("MQTT-2.1.3-1")
  @Tag("MQTT-2.2.1-5")
  @Tag("MQTT-2.2.1-6")
  @Tag("MQTT-2.2.2-1")
  @Tag("MQTT-3.2.2-1")
  void givenPacket_whenEncoded_thenItsGoldenBytes(
      ProtocolVersion version, String hex, Packet packet) {
    var encoder = new PacketEncoder();
    int size = bytes(hex).length;

    assertThat(encoder.encode(packet, version, size, true)).isTrue();
    assertThat(encoder.written()).isEqualTo(ByteBuffer.wrap(bytes(hex)));
    assertThat(encoder.size()).isEqualTo(size);
    assertThat(encoder.encode(packet, version, size - 1L, true)).isFalse();
    assertThat(encoder.size()).isEqualTo(size);
  }

  @ParameterizedTest
  @MethodSource({"ofClients", "ofBoth"})
  void givenGoldenBytes_whenCutAnywhere_thenMoreIsNeeded(
      ProtocolVersion version, String hex, Packet packet) {
    var whole = bytes(hex);
    var decoder = decoder(version, packet);
    for (int cut = 0; cut < whole.length; cut++) {
      var buffer = ByteBuffer.wrap(whole, 0, cut);

      var decoded = decoder.decode(buffer);

      int missing = whole.length - cut;
      assertThat(decoded).isInstanceOf(Decoded.NeedMore.class);
      assertThat(((Decoded.NeedMore) decoded).missing()).isBetween(1, missing);
      assertThat(cut < 2 || ((Decoded.NeedMore) decoded).missing() == missing).isTrue();
      assertThat(buffer.position()).isZero();
    }
    assertThat(decoder.decode(ByteBuffer.wrap(whole))).isInstanceOf(Decoded.Complete.class);
  }
}
