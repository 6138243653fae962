package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.codec.Decoding.V311;
import static org.parley.mqtt.codec.Decoding.V5;
import static org.parley.mqtt.codec.Decoding.assertRejected;
import static org.parley.mqtt.codec.Decoding.connected;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.UserProperty;
import org.parley.testing.mqtt.Bytes;

/** PUBLISH of a client, section 3.3. */
class PublishDecodingTest {
  private static byte[] publish(int first, ProtocolVersion version, String topic) {
    var body = Bytes.empty().string(topic);
    if ((first & 0x06) != 0) {
      body.u16(7);
    }
    return Bytes.packet(first, (version == V5 ? body.u8(0) : body).raw("00 FF"));
  }

  private static Publish decoded(ProtocolVersion version, byte[] bytes) {
    return (Publish) Decoding.packet(version, bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x3A, 0x3B, 0x3C, 0x3D})
  void givenEveryLegalFirstByte_whenDecoded_thenItsFlags(int first) {
    for (var version : ProtocolVersion.values()) {
      var publish = decoded(version, publish(first, version, "a/b"));

      assertThat(publish)
          .isEqualTo(
              new Publish(
                  (first & 8) != 0,
                  QoS.of((first >> 1) & 3),
                  (first & 1) != 0,
                  TopicName.of("a/b"),
                  (first & 6) == 0 ? 0 : 7,
                  Publish.NO_ALIAS,
                  List.of(),
                  MessageProperties.NONE,
                  BinaryData.of((byte) 0, (byte) 0xFF)));
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("MQTT-2.2.1-3")
  void givenPacketIdentifier0_whenDecoded_thenProtocolError(ProtocolVersion version) {
    for (int first : new int[] {0x32, 0x34}) {
      var body = Bytes.empty().string("t").u16(0);
      assertRejected(
          version,
          Bytes.packet(first, version == V5 ? body.u8(0) : body),
          ReasonCode.PROTOCOL_ERROR);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x30, 0x32, 0x34})
  @Tag("MQTT-4.7.3-1")
  void givenEmptyTopicWithoutAlias_whenDecoded_thenProtocolError(int first) {
    for (var version : ProtocolVersion.values()) {
      assertRejected(version, publish(first, version, ""), ReasonCode.PROTOCOL_ERROR);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"#", "+", "a/#", "a/+/b", "a+", "#a"})
  @Tag("MQTT-3.3.2-2")
  void givenWildcardInTopic_whenDecoded_thenTopicNameInvalid(String topic) {
    for (var version : ProtocolVersion.values()) {
      assertRejected(version, publish(0x32, version, topic), ReasonCode.TOPIC_NAME_INVALID);
    }
  }

  @Test
  @Tag("MQTT-3.3.2-2")
  void givenWildcardAndAlias_whenDecodedAgain_thenRefusedEachTime() {
    var packet = Bytes.packet(0x30, Bytes.empty().string("a/#").block(Bytes.empty().raw("230001")));

    assertRejected(V5, packet, ReasonCode.TOPIC_NAME_INVALID);
    assertRejected(V5, packet, ReasonCode.TOPIC_NAME_INVALID);
  }

  @Test
  void givenEmptyTopicWithAlias_whenDecoded_thenLeftToTheBroker() {
    var publish = decoded(V5, Bytes.packet(0x30, Bytes.empty().string("").raw("03 23 FF FF 78")));

    assertThat(publish.topic()).isEqualTo(TopicName.EMPTY);
    assertThat(publish.topicAlias()).isEqualTo(65535);
    assertThat(publish.properties()).isSameAs(MessageProperties.NONE);
  }

  @Test
  @Tag("MQTT-3.3.2-18")
  void givenAllProperties_whenDecoded_thenAllOfThemInTheirOrder() {
    var properties =
        Bytes.empty()
            .raw("26 00 01 62 00 01 31")
            .raw("01 00")
            .raw("02 00 00 00 00")
            .raw("03 00 00")
            .raw("23 00 05")
            .raw("08 00 01 72")
            .raw("09 00 02 00 FF")
            .raw("26 00 01 61 00 00")
            .raw("26 00 01 62 00 01 31");
    var publish =
        decoded(V5, Bytes.packet(0x3D, Bytes.empty().string("t").u16(1).block(properties)));

    assertThat(publish.topicAlias()).isEqualTo(5);
    assertThat(publish.properties())
        .isEqualTo(
            new MessageProperties(
                OptionalInt.of(0),
                OptionalLong.of(0),
                Optional.of(""),
                Optional.of("r"),
                Optional.of(BinaryData.of((byte) 0, (byte) 0xFF)),
                List.of(
                    new UserProperty("b", "1"),
                    new UserProperty("a", ""),
                    new UserProperty("b", "1"))));
    assertThat(publish.payload().isEmpty()).isTrue();
  }

  @Test
  void givenPublishOf311_whenItLooksLikeProperties_thenTheyArePayload() {
    var publish = decoded(V311, Bytes.hex("30 06 00 01 74 02 01 01"));

    assertThat(publish.payload()).isEqualTo(BinaryData.of((byte) 2, (byte) 1, (byte) 1));
  }

  @Test
  void givenTopicAgain_whenDecodedOnOneConnection_thenTheSameName() {
    var decoder = connected(V5);
    var names = new ArrayList<TopicName>();
    for (int i = 0; i < 3; i++) {
      var bytes = ByteBuffer.wrap(publish(0x30, V5, "some/topic/ä"));
      var decoded = (Decoded.Complete) decoder.decode(bytes);
      names.add(((Publish) decoded.packet()).topic());
    }

    assertThat(names.get(1)).isSameAs(names.get(0));
    assertThat(names.get(2)).isSameAs(names.get(0));
    assertThat(names.get(0).text()).isEqualTo("some/topic/ä");
  }

  @Test
  void givenManyTopicsOfAllLengths_whenDecodedTwice_thenEachIsItself() {
    var decoder = connected(V5);
    for (int round = 0; round < 2; round++) {
      for (int i = 1; i < 400; i++) {
        var topic = "t".repeat(i) + (i % 7);
        var decoded = (Decoded.Complete) decoder.decode(ByteBuffer.wrap(publish(0x30, V5, topic)));

        assertThat(((Publish) decoded.packet()).topic()).isEqualTo(TopicName.of(topic));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 127, 128, 129, 65_535})
  void givenTopicOfThatLength_whenDecoded_thenWhole(int length) {
    var topic = "x".repeat(length);

    assertThat(decoded(V5, publish(0x30, V5, topic)).topic().text()).isEqualTo(topic);
  }

  @Test
  void givenTopicLengthBeyondThePacket_whenDecoded_thenMalformed() {
    assertRejected(V5, "30 05 00 04 61 62 63", ReasonCode.MALFORMED_PACKET);
    assertRejected(V5, "30 01 00", ReasonCode.MALFORMED_PACKET);
    assertRejected(V5, "30 00", ReasonCode.MALFORMED_PACKET);
    assertRejected(V5, "32 04 00 01 61 00", ReasonCode.MALFORMED_PACKET);
    assertRejected(V5, "30 03 00 01 61", ReasonCode.MALFORMED_PACKET);
  }
}
