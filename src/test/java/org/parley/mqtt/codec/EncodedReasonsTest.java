package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.codec.Decoding.V31;
import static org.parley.mqtt.codec.Decoding.V311;
import static org.parley.mqtt.codec.Decoding.V5;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.Unsuback;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ServerPacketReader;

/** Reasons on the wire: the table of each packet, and what is left of it before 5.0. */
class EncodedReasonsTest {
  private static final long UNLIMITED = Long.MAX_VALUE;
  private static final ProblemInformation PROBLEM = PacketEncoderTest.PROBLEM;

  private final PacketEncoder encoder = new PacketEncoder();

  private static Packet withProblem(String kind, ProblemInformation problem) {
    return PacketEncoderTest.withProblem(kind, problem);
  }

  private Packet encoded(Packet packet) {
    encoder.reset();
    assertThat(encoder.encode(packet, V5, UNLIMITED, true)).isTrue();
    return ServerPacketReader.read(bytes(), V5);
  }

  private byte[] bytes() {
    var bytes = new byte[encoder.size()];
    encoder.written().get(bytes);
    return bytes;
  }

  @Test
  @Tag("MQTT-3.2.2-8")
  void givenEveryReason_whenConnackBefore5_thenItsReturnCodeOrNone() {
    var codes =
        Map.ofEntries(
            Map.entry(0x00, 0),
            Map.entry(0x84, 1),
            Map.entry(0x85, 2),
            Map.entry(0x88, 3),
            Map.entry(0x89, 3),
            Map.entry(0x97, 3),
            Map.entry(0x9C, 3),
            Map.entry(0x9D, 3),
            Map.entry(0x9F, 3),
            Map.entry(0x86, 4),
            Map.entry(0x87, 5),
            Map.entry(0x8A, 5),
            Map.entry(0x8C, 5));
    for (var version : List.of(V31, V311)) {
      for (var reason : ReasonCode.values()) {
        var code = codes.get(reason.value());
        encoder.reset();

        boolean written = encoder.encode(Connack.refused(reason), version, UNLIMITED, true);

        assertThat(written).as("%s", reason).isEqualTo(code != null);
        assertThat(bytes())
            .isEqualTo(code == null ? new byte[0] : new byte[] {0x20, 2, 0, code.byteValue()});
      }
    }
  }

  @Test
  @Tag("MQTT-3.2.2-8")
  @Tag("MQTT-3.4.2-1")
  @Tag("MQTT-3.5.2-1")
  @Tag("MQTT-3.9.3-2")
  @Tag("MQTT-3.11.3-2")
  @Tag("MQTT-3.14.2-1")
  void givenEveryReasonOfATable_whenEncoded_thenAStrictClientTakesIt() {
    for (var reason : ReasonCode.values()) {
      for (var place : ReasonCode.Place.values()) {
        if (reason.mayStandIn(place)) {
          var packet =
              switch (place) {
                case CONNACK -> Connack.refused(reason);
                case PUBACK -> new Puback(1, reason);
                case PUBREC -> new Pubrec(1, reason);
                case PUBREL -> new Pubrel(1, reason);
                case PUBCOMP -> new Pubcomp(1, reason);
                case SUBACK -> new Suback(1, List.of(reason), ProblemInformation.NONE);
                case UNSUBACK -> new Unsuback(1, List.of(reason), ProblemInformation.NONE);
                case DISCONNECT_OF_SERVER -> Disconnect.of(reason);
                case AUTH_OF_SERVER ->
                    new Auth(reason, "m", Optional.empty(), ProblemInformation.NONE);
                case DISCONNECT_OF_CLIENT, AUTH_OF_CLIENT -> Connack.refused(ReasonCode.SUCCESS);
              };

          assertThat(encoded(packet)).isEqualTo(packet);
        }
      }
    }
  }

  @Test
  void givenWhatBefore5NobodyKnows_whenEncoded_thenNotWritten() {
    for (var version : List.of(V31, V311)) {
      assertThat(encoder.encode(withProblem("AUTH", PROBLEM), version, UNLIMITED, true)).isFalse();
      assertThat(
              encoder.encode(
                  Disconnect.of(ReasonCode.SESSION_TAKEN_OVER), version, UNLIMITED, true))
          .isFalse();
    }
    assertThat(encoder.size()).isZero();
  }

  @Test
  void givenAnswersBefore5_whenTheyHaveReasons_thenTheOldForms() {
    assertThat(encoder.encode(withProblem("PUBREC", PROBLEM), V311, 4, true)).isTrue();
    assertThat(encoder.encode(withProblem("UNSUBACK", PROBLEM), V311, 4, true)).isTrue();
    var reasons =
        List.of(
            ReasonCode.SUCCESS,
            ReasonCode.GRANTED_QOS_1,
            ReasonCode.GRANTED_QOS_2,
            ReasonCode.TOPIC_FILTER_INVALID);
    assertThat(encoder.encode(new Suback(1, reasons, PROBLEM), V31, 8, true)).isTrue();

    assertThat(bytes()).isEqualTo(Bytes.hex("50 02 00 01 B0 02 00 01 90 06 00 01 00 01 02 80"));
  }
}
