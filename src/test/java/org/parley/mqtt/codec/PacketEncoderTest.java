package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.mqtt.codec.Decoding.V311;
import static org.parley.mqtt.codec.Decoding.V5;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.Unsuback;
import org.parley.mqtt.packet.UserProperty;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ServerPacketReader;

/** What a server sends: sizes, what is left out, and the forms before 5.0. */
class PacketEncoderTest {
  private static final long UNLIMITED = Long.MAX_VALUE;
  private static final UserProperty USER = new UserProperty("name", "value");
  static final ProblemInformation PROBLEM =
      new ProblemInformation(Optional.of("because"), List.of(USER, USER));

  private final PacketEncoder encoder = new PacketEncoder();

  static Packet withProblem(String kind, ProblemInformation problem) {
    return switch (kind) {
      case "CONNACK" ->
          new Connack(
              false,
              ReasonCode.NOT_AUTHORIZED,
              Connack.Properties.NONE.withProblem(
                  problem.reasonString(), problem.userProperties()));
      case "PUBACK" -> new Puback(1, ReasonCode.SUCCESS, problem);
      case "PUBREC" -> new Pubrec(1, ReasonCode.NOT_AUTHORIZED, problem);
      case "PUBREL" -> new Pubrel(1, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, problem);
      case "PUBCOMP" -> new Pubcomp(1, ReasonCode.SUCCESS, problem);
      case "SUBACK" -> new Suback(1, List.of(ReasonCode.SUCCESS), problem);
      case "UNSUBACK" -> new Unsuback(1, List.of(ReasonCode.SUCCESS), problem);
      case "DISCONNECT" ->
          new Disconnect(
              ReasonCode.SERVER_BUSY, OptionalLong.empty(), problem, Optional.of("other"));
      default -> new Auth(ReasonCode.CONTINUE_AUTHENTICATION, "m", Optional.empty(), problem);
    };
  }

  static Stream<Arguments> answers() {
    return Stream.of(
            "CONNACK",
            "PUBACK",
            "PUBREC",
            "PUBREL",
            "PUBCOMP",
            "SUBACK",
            "UNSUBACK",
            "DISCONNECT",
            "AUTH")
        .map(kind -> argumentSet(kind, kind));
  }

  private Packet encoded(Packet packet, long maximumPacketSize, boolean problemInformation) {
    encoder.reset();
    assertThat(encoder.encode(packet, V5, maximumPacketSize, problemInformation)).isTrue();
    assertThat((long) encoder.size()).isLessThanOrEqualTo(maximumPacketSize);
    return ServerPacketReader.read(bytes(), V5);
  }

  private byte[] bytes() {
    var bytes = new byte[encoder.size()];
    encoder.written().get(bytes);
    return bytes;
  }

  private int size(Packet packet) {
    encoder.reset();
    assertThat(encoder.encode(packet, V5, UNLIMITED, true)).isTrue();
    return encoder.size();
  }

  @ParameterizedTest
  @MethodSource("answers")
  @Tag("MQTT-3.1.2-24")
  @Tag("MQTT-3.2.2-19")
  @Tag("MQTT-3.2.2-20")
  @Tag("MQTT-3.4.2-2")
  @Tag("MQTT-3.4.2-3")
  @Tag("MQTT-3.5.2-2")
  @Tag("MQTT-3.5.2-3")
  @Tag("MQTT-3.6.2-2")
  @Tag("MQTT-3.6.2-3")
  @Tag("MQTT-3.7.2-2")
  @Tag("MQTT-3.7.2-3")
  @Tag("MQTT-3.9.2-1")
  @Tag("MQTT-3.9.2-2")
  @Tag("MQTT-3.11.2-1")
  @Tag("MQTT-3.11.2-2")
  @Tag("MQTT-3.14.2-3")
  @Tag("MQTT-3.14.2-4")
  @Tag("MQTT-3.15.2-2")
  @Tag("MQTT-3.15.2-3")
  void givenEveryMaximumPacketSize_whenAnswered_thenAsMuchAsFits(String kind) {
    var full = withProblem(kind, PROBLEM);
    var reasonOnly = withProblem(kind, new ProblemInformation(PROBLEM.reasonString(), List.of()));
    var bare = withProblem(kind, ProblemInformation.NONE);
    int least = size(bare);
    int most = size(full);
    int middle = size(reasonOnly);
    assertThat(least).isLessThan(middle);
    for (int maximum = least; maximum <= most; maximum++) {
      var expected = maximum < middle ? bare : maximum < most ? reasonOnly : full;

      assertThat(encoded(full, maximum, true)).isEqualTo(expected);
    }
    for (int maximum = 1; maximum < least; maximum++) {
      encoder.reset();
      assertThat(encoder.encode(full, V5, maximum, true)).isFalse();
      assertThat(encoder.size()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("answers")
  @Tag("MQTT-3.1.2-29")
  void givenNoProblemInformationAsked_whenAnswered_thenOnConnackAndDisconnectOnly(String kind) {
    boolean told = kind.equals("CONNACK") || kind.equals("DISCONNECT");

    assertThat(encoded(withProblem(kind, PROBLEM), UNLIMITED, false))
        .isEqualTo(withProblem(kind, told ? PROBLEM : ProblemInformation.NONE));
  }

  @Test
  @Tag("MQTT-3.1.2-29")
  @Tag("MQTT-3.3.2-17")
  void givenNoProblemInformationAsked_whenPublished_thenUserPropertiesStay() {
    var publish = publish(QoS.AT_MOST_ONCE, List.of(USER), new byte[1]);

    assertThat(encoded(publish, UNLIMITED, false)).isEqualTo(publish);
  }

  @Test
  void givenUserPropertiesWithoutReasonString_whenTooBig_thenOnlyTheyAreLeftOut() {
    var full = withProblem("PUBREC", new ProblemInformation(Optional.empty(), List.of(USER)));

    assertThat(encoded(full, 5, true)).isEqualTo(withProblem("PUBREC", ProblemInformation.NONE));
    assertThat(encoder.encode(full, V5, 4, true)).isFalse();
  }

  private static Publish publish(QoS qos, List<UserProperty> user, byte[] payload) {
    return new Publish(
        false,
        qos,
        false,
        TopicName.of("a/b"),
        qos == QoS.AT_MOST_ONCE ? 0 : 3,
        Publish.NO_ALIAS,
        List.of(),
        new MessageProperties(
            OptionalInt.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            user),
        BinaryData.of(payload));
  }

  @ParameterizedTest
  @EnumSource(QoS.class)
  @Tag("MQTT-3.1.2-24")
  void givenPublishThatIsOneByteTooBig_whenEncoded_thenNothingIsWrittenOrLeftOut(QoS qos) {
    for (int length : new int[] {0, 1, 100, 127, 128, 16_380, 16_400}) {
      var publish = publish(qos, List.of(USER), new byte[length]);
      int size = size(publish);
      encoder.reset();

      assertThat(encoder.encode(publish, V5, size - 1L, true)).isFalse();
      assertThat(encoder.size()).isZero();
      assertThat(encoded(publish, size, true)).isEqualTo(publish);
    }
  }

  @Test
  @Tag("MQTT-2.2.1-2")
  @Tag("MQTT-3.3.1-2")
  void givenQos0WithDupAndIdentifier_whenEncoded_thenWithoutThem() {
    boolean written =
        encoder.encodePublish(
            V5,
            UNLIMITED,
            true,
            QoS.AT_MOST_ONCE,
            true,
            TopicName.of("t"),
            7,
            Publish.NO_ALIAS,
            List.of(),
            MessageProperties.NONE,
            BinaryData.EMPTY);

    assertThat(written).isTrue();
    assertThat(bytes()).isEqualTo(Bytes.hex("31 04 00 01 74 00"));
  }

  @Test
  void givenPublishBefore5_whenItHasWhatOnly5Has_thenWithoutIt() {
    boolean written =
        encoder.encodePublish(
            V311,
            UNLIMITED,
            true,
            QoS.EXACTLY_ONCE,
            false,
            TopicName.of("t"),
            0xABCD,
            5,
            List.of(1, 2),
            publish(QoS.AT_MOST_ONCE, List.of(USER), new byte[0]).properties(),
            BinaryData.of((byte) 'x'));

    assertThat(written).isTrue();
    assertThat(bytes()).isEqualTo(Bytes.hex("3C 06 00 01 74 AB CD 78"));
  }

  @Test
  @Tag("MQTT-3.3.4-4")
  void givenAliasAndIdentifiers_whenEncoded_thenAllOfThem() {
    boolean written =
        encoder.encodePublish(
            V5,
            UNLIMITED,
            false,
            QoS.AT_LEAST_ONCE,
            false,
            TopicName.EMPTY,
            1,
            65535,
            List.of(1, 128, 16_384, 268_435_455),
            MessageProperties.NONE,
            BinaryData.EMPTY);

    assertThat(written).isTrue();
    assertThat(bytes())
        .isEqualTo(
            Bytes.hex("32 16 00 00 00 01 11 23 FF FF 0B 01 0B 80 01 0B 80 80 01 0B FF FF FF 7F"));
  }

  @Test
  void givenPublishWithoutIdentifier_whenQos1_thenOurMistake() {
    assertThatThrownBy(
            () ->
                encoder.encodePublish(
                    V5,
                    UNLIMITED,
                    false,
                    QoS.AT_LEAST_ONCE,
                    false,
                    TopicName.of("t"),
                    0,
                    Publish.NO_ALIAS,
                    List.of(),
                    MessageProperties.NONE,
                    BinaryData.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void givenTextOfMoreThan65535Bytes_whenEncoded_thenNeverWritten() {
    var tooLong = "ä".repeat(32_768);
    var longest = "ä".repeat(32_767) + "x";
    var problem = new ProblemInformation(Optional.of(tooLong), List.of());
    var user = new ProblemInformation(Optional.of("r"), List.of(new UserProperty(tooLong, "")));

    assertThat(encoded(withProblem("PUBREC", problem), UNLIMITED, true))
        .isEqualTo(withProblem("PUBREC", ProblemInformation.NONE));
    assertThat(encoded(withProblem("PUBREC", user), UNLIMITED, true))
        .isEqualTo(withProblem("PUBREC", new ProblemInformation(Optional.of("r"), List.of())));
    assertThat(
            encoded(
                withProblem("PUBREC", new ProblemInformation(Optional.of(longest), List.of())),
                UNLIMITED,
                true))
        .isNotEqualTo(withProblem("PUBREC", ProblemInformation.NONE));
    encoder.reset();
    var auth =
        new Auth(
            ReasonCode.SUCCESS,
            "m",
            Optional.of(BinaryData.of(new byte[65_536])),
            ProblemInformation.NONE);
    assertThat(encoder.encode(auth, V5, UNLIMITED, true)).isFalse();
    assertThat(
            encoder.encode(
                publish(QoS.AT_MOST_ONCE, List.of(new UserProperty("", tooLong)), new byte[0]),
                V5,
                UNLIMITED,
                true))
        .isFalse();
    assertThat(encoder.size()).isZero();
  }

  @Test
  void givenTopicOfMoreThan65535Bytes_whenEncoded_thenNotWritten() {
    var topic = TopicName.of("t".repeat(65_536));
    for (var version : ProtocolVersion.values()) {
      assertThat(
              encoder.encodePublish(
                  version,
                  UNLIMITED,
                  false,
                  QoS.AT_MOST_ONCE,
                  false,
                  topic,
                  0,
                  0,
                  List.of(),
                  MessageProperties.NONE,
                  BinaryData.EMPTY))
          .isFalse();
    }
    assertThat(encoder.size()).isZero();
  }

  @Test
  void givenSeveralPackets_whenOneDoesNotFit_thenTheOthersStand() {
    assertThat(encoder.encode(new Puback(1, ReasonCode.SUCCESS), V5, 4, true)).isTrue();
    assertThat(encoder.encode(withProblem("DISCONNECT", PROBLEM), V5, 4, true)).isFalse();
    assertThat(encoder.encode(publish(QoS.AT_LEAST_ONCE, List.of(), new byte[9]), V5, 9, true))
        .isFalse();
    assertThat(encoder.encode(new Puback(2, ReasonCode.SUCCESS), V5, 4, true)).isTrue();

    assertThat(encoder.written()).isEqualTo(ByteBuffer.wrap(Bytes.hex("40 02 00 01 40 02 00 02")));
    encoder.reset();
    assertThat(encoder.written().hasRemaining()).isFalse();
  }

  @Test
  void givenArrayThatGrew_whenReset_thenItIsGivenBack() {
    var writer = new ByteWriter();
    writer.payload(BinaryData.of(new byte[ByteWriter.KEPT + 1]));
    var large = writer.written().array();
    writer.reset();
    writer.octet(1);
    var small = writer.written().array();
    writer.reset();
    writer.octet(2);

    assertThat(large.length).isGreaterThan(ByteWriter.KEPT);
    assertThat(small).hasSize(ByteWriter.SMALL);
    assertThat(writer.written().array()).isSameAs(small);
  }

  @Test
  void givenMaximumConnackProperties_whenEncoded_thenLengthOfSeveralBytes() {
    var many = Collections.nCopies(3_000, USER);
    var connack =
        new Connack(
            true, ReasonCode.SUCCESS, Connack.Properties.NONE.withProblem(Optional.empty(), many));

    assertThat(encoded(connack, UNLIMITED, true)).isEqualTo(connack);
  }
}
