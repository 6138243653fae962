package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.codec.Decoding.V31;
import static org.parley.mqtt.codec.Decoding.V311;
import static org.parley.mqtt.codec.Decoding.V5;
import static org.parley.mqtt.codec.Decoding.assertRejected;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.UserProperty;
import org.parley.testing.mqtt.Bytes;

/** PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT and AUTH of a client. */
class AnswerDecodingTest {
  private static final ProblemInformation PROBLEM =
      new ProblemInformation(Optional.of("why"), List.of(new UserProperty("a", "b")));
  private static final String PROBLEM_BLOCK = "0D 1F 00 03 77 68 79 26 00 01 61 00 01 62";

  @ParameterizedTest
  @CsvSource({
    "40, 00 10 80 83 87 90 91 97 99",
    "50, 00 10 80 83 87 90 91 97 99",
    "62, 00 92",
    "70, 00 92"
  })
  @Tag("MQTT-3.4.2-1")
  @Tag("MQTT-3.5.2-1")
  @Tag("MQTT-3.6.2-1")
  @Tag("MQTT-3.7.2-1")
  void givenEveryCode_whenInAnAcknowledgement_thenThoseOfItsTable(String first, String table) {
    for (int code = 0; code < 256; code++) {
      var hex = "%02X".formatted(code);
      if (table.contains(hex)) {
        for (var form : new String[] {"03 00 01 " + hex, "04 00 01 " + hex + " 00"}) {
          var packet = (Acknowledgement) Decoding.packet(V5, first + " " + form);

          assertThat(packet.reason().value()).isEqualTo(code);
          assertThat(packet.problem()).isEqualTo(ProblemInformation.NONE);
        }
      } else {
        assertRejected(V5, first + " 03 00 01 " + hex, ReasonCode.PROTOCOL_ERROR);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"40", "50", "62", "70"})
  void givenAcknowledgementWithProperties_whenDecoded_thenThoseToo(String first) {
    var packet = (Acknowledgement) Decoding.packet(V5, first + " 11 FF FF 00 " + PROBLEM_BLOCK);

    assertThat(packet.packetId()).isEqualTo(65535);
    assertThat(packet.problem()).isEqualTo(PROBLEM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"40", "50", "62", "70"})
  void givenAcknowledgementWithoutWhatItNeeds_whenDecoded_thenRefused(String first) {
    for (var version : List.of(V31, V311, V5)) {
      assertRejected(version, first + " 00", ReasonCode.MALFORMED_PACKET);
      assertRejected(version, first + " 01 00", ReasonCode.MALFORMED_PACKET);
      assertRejected(version, first + " 02 00 00", ReasonCode.PROTOCOL_ERROR);
    }
    assertRejected(V311, first + " 03 00 01 00", ReasonCode.MALFORMED_PACKET);
    assertRejected(V31, first + " 04 00 01 00 00", ReasonCode.MALFORMED_PACKET);
  }

  @Test
  @Tag("MQTT-3.14.2-1")
  void givenEveryCode_whenInDisconnect_thenThoseOfAClient() {
    var table =
        List.of(0, 4, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99);
    for (int code = 0; code < 256; code++) {
      var hex = "E0 01 %02X".formatted(code);
      if (table.contains(code)) {
        assertThat(((Disconnect) Decoding.packet(V5, hex)).reason().value()).isEqualTo(code);
      } else {
        assertRejected(V5, hex, ReasonCode.PROTOCOL_ERROR);
      }
    }
  }

  @Test
  void givenDisconnectWithProperties_whenDecoded_thenThoseToo() {
    var disconnect =
        Decoding.packet(V5, "E0 14 04 12 11 FF FF FF FF " + PROBLEM_BLOCK.substring(3));

    assertThat(disconnect)
        .isEqualTo(
            new Disconnect(
                ReasonCode.DISCONNECT_WITH_WILL,
                OptionalLong.of(0xFFFFFFFFL),
                PROBLEM,
                Optional.empty()));
    assertThat(Decoding.packet(V5, "E0 02 00 00")).isEqualTo(Disconnect.of(ReasonCode.SUCCESS));
  }

  @Test
  void givenDisconnectWithABody_whenBefore5_thenMalformed() {
    assertRejected(V311, "E0 01 00", ReasonCode.MALFORMED_PACKET);
    assertRejected(V31, "E0 02 00 00", ReasonCode.MALFORMED_PACKET);
  }

  @Test
  @Tag("MQTT-3.15.2-1")
  void givenEveryCode_whenInAuth_thenThoseOfAClient() {
    for (int code = 0; code < 256; code++) {
      var hex = "F0 06 %02X 04 15 00 01 6D".formatted(code);
      if (code == 0x18 || code == 0x19) {
        assertThat(((Auth) Decoding.packet(V5, hex)).reason().value()).isEqualTo(code);
      } else {
        assertRejected(V5, hex, ReasonCode.PROTOCOL_ERROR);
      }
    }
  }

  @Test
  void givenAuthWithEverything_whenDecoded_thenAllOfIt() {
    var properties =
        Bytes.empty().raw("15 00 01 6D 16 00 02 00 FF").raw(PROBLEM_BLOCK.substring(3));
    var auth = Bytes.packet(0xF0, Bytes.empty().u8(0x19).block(properties));

    assertThat(Decoding.packet(V5, auth))
        .isEqualTo(
            new Auth(
                ReasonCode.REAUTHENTICATE,
                "m",
                Optional.of(BinaryData.of((byte) 0, (byte) 0xFF)),
                PROBLEM));
  }

  @Test
  void givenAuthWithoutAMethod_whenDecoded_thenRefused() {
    assertRejected(V5, "F0 00", ReasonCode.PROTOCOL_ERROR);
    assertRejected(V5, "F0 02 18 00", ReasonCode.PROTOCOL_ERROR);
    assertRejected(V5, "F0 01 18", ReasonCode.MALFORMED_PACKET);
  }
}
