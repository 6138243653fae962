package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.codec.Decoding.LIMITS;
import static org.parley.mqtt.codec.Decoding.V31;
import static org.parley.mqtt.codec.Decoding.V311;
import static org.parley.mqtt.codec.Decoding.V5;
import static org.parley.mqtt.codec.Decoding.assertRejected;
import static org.parley.mqtt.codec.Decoding.connectOf;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.codec.Decoded.Answer;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.UserProperty;
import org.parley.mqtt.packet.Will;
import org.parley.testing.mqtt.Bytes;

/** CONNECT, section 3.1: the checks in their order, and what each version does. */
class ConnectDecodingTest {
  private static final int RESERVED = 0x01;
  private static final int CLEAN = 0x02;
  private static final int WILL = 0x04;
  private static final int PASSWORD = 0x40;
  private static final int USER_NAME = 0x80;

  private static byte[] hello(String name, int level) {
    return Bytes.packet(
        0x10, Bytes.empty().string(name).u8(level).u8(CLEAN).u16(60).u8(0).string("c"));
  }

  @ParameterizedTest
  @CsvSource({
    "MQTT, 6, V5",
    "MQTT, 99, V5",
    "MQTT, 255, V5",
    "MQTT, 127, V5",
    "MQTT, 133, V5",
    "MQTT, 0, V3_1_1",
    "MQTT, 1, V3_1_1",
    "MQTT, 3, V3_1_1",
    "MQTT, 131, V3_1_1",
    "MQTT, 132, V3_1_1",
    "MQIsdp, 4, V3_1_1",
    "MQIsdp, 5, V3_1_1",
    "MQIsdp, 0, V3_1_1",
    "MQIsdp, 131, V3_1_1",
    "MQIsdp, 255, V3_1_1"
  })
  @Tag("MQTT-3.1.2-2")
  void givenLevelThatIsNotSpoken_whenDecoded_thenConnackInAFormItKnows(
      String name, int level, ProtocolVersion form) {
    var decoder = new PacketDecoder(LIMITS);

    var decoded = decoder.decode(ByteBuffer.wrap(hello(name, level)));

    assertRejected(decoded, ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, Answer.CONNACK);
    assertThat(decoder.version()).contains(form);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MQT", "MQTTX", "mqtt", "MQIsd", "MQisdp", "HTTP", "MQTT\0"})
  @Tag("MQTT-3.1.2-1")
  void givenUnknownName_whenDecoded_thenClosedWithoutAWord(String name) {
    for (int level : new int[] {3, 4, 5}) {
      var decoder = new PacketDecoder(LIMITS);

      var decoded = decoder.decode(ByteBuffer.wrap(hello(name, level)));

      assertRejected(decoded, ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, Answer.NONE);
      assertThat(decoder.version()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"10 00", "10 01 00", "10 05 00 04 4D 51 54", "10 06 00 04 4D 51 54 54"})
  void givenConnectWithoutALevel_whenDecoded_thenClosedWithoutAWord(String hex) {
    var decoder = new PacketDecoder(LIMITS);

    var decoded = (Decoded.Rejected) decoder.decode(ByteBuffer.wrap(Bytes.hex(hex)));

    assertThat(decoded.answer()).isEqualTo(Answer.NONE);
    assertThat(decoder.version()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("MQTT-3.1.2-3")
  void givenReservedFlag_whenDecoded_thenIgnoredIn31Only(ProtocolVersion version) {
    var packet = Decoding.connect(version, RESERVED | CLEAN, bytes -> bytes.string("c"));

    if (version == V31) {
      assertThat(connectOf(version, packet).cleanStart()).isTrue();
    } else {
      assertRejected(version, packet, ReasonCode.MALFORMED_PACKET);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x08, 0x10, 0x18, 0x20, 0x38})
  @Tag("MQTT-3.1.2-11")
  @Tag("MQTT-3.1.2-13")
  void givenBitsOfAWillThatIsNone_whenDecoded_thenIgnoredIn31Only(int bits) {
    assertRejected(
        V5, Decoding.connect(V5, bits, bytes -> bytes.string("c")), ReasonCode.MALFORMED_PACKET);
    assertRejected(
        V311,
        Decoding.connect(V311, bits, bytes -> bytes.string("c")),
        ReasonCode.MALFORMED_PACKET);
    assertThat(connectOf(V31, Decoding.connect(V31, bits, bytes -> bytes.string("c"))).will())
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("MQTT-3.1.2-12")
  void givenWillQos3_whenDecoded_thenMalformed(ProtocolVersion version) {
    var packet =
        Decoding.connect(
            version,
            WILL | 0x18,
            bytes ->
                (version == V5 ? bytes.string("c").u8(0) : bytes.string("c")).string("w").binary());

    assertRejected(version, packet, ReasonCode.MALFORMED_PACKET);
  }

  @Test
  @Tag("MQTT-3.1.2-19")
  void givenPasswordWithoutUserName_whenDecoded_thenRefusedBy311Only() {
    for (var version : ProtocolVersion.values()) {
      var packet =
          Decoding.connect(
              version, PASSWORD, bytes -> bytes.string("c").binary((byte) 0, (byte) 1));

      if (version == V311) {
        assertRejected(version, packet, ReasonCode.MALFORMED_PACKET);
      } else {
        var connect = connectOf(version, packet);
        assertThat(connect.userName()).isEmpty();
        assertThat(connect.password()).contains(BinaryData.of((byte) 0, (byte) 1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {USER_NAME, USER_NAME | PASSWORD})
  @Tag("MQTT-3.1.2-17")
  @Tag("MQTT-3.1.2-19")
  void givenFlaggedFieldThatIsMissing_whenDecoded_thenToleratedIn31Only(int flags) {
    for (var version : ProtocolVersion.values()) {
      var packet = Decoding.connect(version, flags, bytes -> bytes.string("c"));

      if (version == V31) {
        assertThat(connectOf(version, packet).userName()).isEmpty();
        assertThat(connectOf(version, packet).password()).isEmpty();
      } else {
        assertRejected(version, packet, ReasonCode.MALFORMED_PACKET);
      }
    }
  }

  @Test
  void givenUserNameCutShort_whenDecoded_thenMalformedIn31Too() {
    var packet = Decoding.connect(V31, USER_NAME, bytes -> bytes.string("c").raw("00 05 61"));

    assertRejected(V31, packet, ReasonCode.MALFORMED_PACKET);
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("MQTT-3.1.2-16")
  @Tag("MQTT-3.1.2-18")
  void givenFieldsWithoutTheirFlags_whenDecoded_thenMalformed(ProtocolVersion version) {
    var packet = Decoding.connect(version, CLEAN, bytes -> bytes.string("c").string("user"));

    assertRejected(version, packet, ReasonCode.MALFORMED_PACKET);
  }

  @Test
  @Tag("MQTT-3.1.3-1")
  @Tag("MQTT-3.1.2-9")
  void givenConnectWithEverything_whenDecoded_thenAllOfIt() {
    var properties =
        Bytes.empty()
            .u8(0x11)
            .u32(0xFFFFFFFFL)
            .u8(0x21)
            .u16(10)
            .u8(0x27)
            .u32(0x80000000L)
            .u8(0x22)
            .u16(7)
            .u8(0x19)
            .u8(1)
            .u8(0x17)
            .u8(0)
            .u8(0x15)
            .string("SCRAM")
            .u8(0x16)
            .binary((byte) 1)
            .raw("26 00 01 61 00 01 31 26 00 01 61 00 01 32");
    var will =
        Bytes.empty()
            .u8(0x18)
            .u32(5)
            .u8(1)
            .u8(1)
            .u8(2)
            .u32(9)
            .u8(3)
            .string("text")
            .u8(8)
            .string("r/t")
            .u8(9)
            .binary((byte) 9)
            .raw("26 00 01 78 00 01 79");
    var packet =
        Bytes.packet(
            0x10,
            Decoding.connectHeader(5, 0xF4)
                .block(properties)
                .string("id")
                .block(will)
                .string("w/t")
                .binary((byte) 'w')
                .string("user")
                .binary((byte) 0));

    assertThat(connectOf(V5, packet))
        .isEqualTo(
            new Connect(
                V5,
                false,
                60,
                new Connect.Properties(
                    OptionalLong.of(0xFFFFFFFFL),
                    10,
                    OptionalLong.of(0x80000000L),
                    7,
                    true,
                    false,
                    Optional.of("SCRAM"),
                    Optional.of(BinaryData.of((byte) 1)),
                    List.of(new UserProperty("a", "1"), new UserProperty("a", "2"))),
                "id",
                Optional.of(
                    new Will(
                        TopicName.of("w/t"),
                        BinaryData.of((byte) 'w'),
                        QoS.EXACTLY_ONCE,
                        true,
                        5,
                        new MessageProperties(
                            OptionalInt.of(1),
                            OptionalLong.of(9),
                            Optional.of("text"),
                            Optional.of("r/t"),
                            Optional.of(BinaryData.of((byte) 9)),
                            List.of(new UserProperty("x", "y"))))),
                Optional.of("user"),
                Optional.of(BinaryData.of((byte) 0))));
  }

  @ParameterizedTest
  @EnumSource(
      value = ProtocolVersion.class,
      names = {"V3_1", "V3_1_1"})
  void givenWillBeforeFive_whenDecoded_thenWithoutProperties(ProtocolVersion version) {
    var packet =
        Decoding.connect(
            version, WILL | 0x08, bytes -> bytes.string("").string("w").binary((byte) 0, (byte) 1));

    var connect = connectOf(version, packet);

    assertThat(connect.clientId()).isEmpty();
    assertThat(connect.properties()).isEqualTo(Connect.Properties.NONE);
    assertThat(connect.will())
        .contains(
            new Will(
                TopicName.of("w"),
                BinaryData.of((byte) 0, (byte) 1),
                QoS.AT_LEAST_ONCE,
                false,
                0,
                MessageProperties.NONE));
  }

  @Test
  @Tag("MQTT-3.1.2-9")
  void givenWillFlagWithoutItsFields_whenDecoded_thenMalformed() {
    for (var version : ProtocolVersion.values()) {
      assertRejected(
          version,
          Decoding.connect(version, WILL, bytes -> bytes.string("c")),
          ReasonCode.MALFORMED_PACKET);
    }
    assertRejected(
        V5,
        Decoding.connect(V5, WILL, bytes -> bytes.string("c").u8(0).string("w")),
        ReasonCode.MALFORMED_PACKET);
  }

  @Test
  void givenWillTopicThatIsEmptyOrAWildcard_whenDecoded_thenLeftToTheBroker() {
    for (var topic : new String[] {"", "a/#", "$SYS/x"}) {
      var packet =
          Decoding.connect(V5, WILL, bytes -> bytes.string("c").u8(0).string(topic).binary());

      assertThat(connectOf(V5, packet).will().orElseThrow().topic().text()).isEqualTo(topic);
    }
  }

  @Test
  void givenRejectedConnect_whenAskedForTheVersion_thenTheOneThatWasTold() {
    for (var version : ProtocolVersion.values()) {
      var decoder = new PacketDecoder(LIMITS);
      decoder.decode(ByteBuffer.wrap(Decoding.connect(version, CLEAN, bytes -> bytes)));

      assertThat(decoder.version()).contains(version);
    }
  }
}
