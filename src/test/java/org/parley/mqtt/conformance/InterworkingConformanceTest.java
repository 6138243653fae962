package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** Clients of 5.0, 3.1.1 and 3.1 with each other, in one broker. */
class InterworkingConformanceTest extends BrokerUnderTest {
  private static final int RETAIN_AS_PUBLISHED = 0x08;
  private static final int NO_LOCAL = 0x04;

  static Stream<Arguments> everyPair() {
    return Stream.of(ProtocolVersion.values())
        .flatMap(from -> Stream.of(ProtocolVersion.values()).map(to -> Arguments.of(from, to)));
  }

  private static PublishBytes withAllProperties(String topic) {
    return PublishBytes.of(topic, "payload")
        .expiry(100)
        .properties(
            Bytes.empty().u8(0x01).u8(1).u8(0x03).string("text/plain").u8(0x08).string("reply"))
        .properties(Bytes.empty().u8(0x09).binary(new byte[] {1, 2}))
        .properties(Bytes.empty().u8(0x26).string("a").string("b"));
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  @Tag("edge-181")
  @Tag("edge-108")
  void givenAnyTwoVersions_whenPublishedLiveWithAnyQos_thenTheMessageArrives(
      ProtocolVersion from, ProtocolVersion to) {
    var subscriber = peer(ConnectBytes.of(to, "s"));
    subscriber.subscribe("t", 2);
    var publisher = peer(ConnectBytes.of(from, "p"));

    for (int qos = 0; qos <= 2; qos++) {
      publisher.publish(withAllProperties("t").retain(), qos);

      var publish = subscriber.receive();
      assertThat(Peer.text(publish)).isEqualTo("payload");
      assertThat(publish.topic().text()).isEqualTo("t");
      assertThat(publish.qos().value()).isEqualTo(qos);
      assertThat(publish.retain()).isFalse();
      assertProperties(from, to, publish.properties());
    }
  }

  private static void assertProperties(
      ProtocolVersion from, ProtocolVersion to, MessageProperties properties) {
    if (from == ProtocolVersion.V5 && to == ProtocolVersion.V5) {
      assertThat(properties.contentType()).contains("text/plain");
      assertThat(properties.userProperties()).hasSize(1);
    } else {
      assertThat(properties).isEqualTo(MessageProperties.NONE);
    }
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  @Tag("edge-113")
  void givenAnyTwoVersions_whenRetained_thenTheMessageIsSentAtSubscribe(
      ProtocolVersion from, ProtocolVersion to) {
    peer(ConnectBytes.of(from, "p")).publish(withAllProperties("t").retain(), 1);
    var subscriber = peer(ConnectBytes.of(to, "s"));

    subscriber.subscribe("t", 2);

    var publish = subscriber.receive();
    assertThat(Peer.text(publish)).isEqualTo("payload");
    assertThat(publish.retain()).isTrue();
    assertProperties(from, to, publish.properties());
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void givenAnyTwoVersions_whenAWillIsPublished_thenItArrives(
      ProtocolVersion from, ProtocolVersion to) {
    var subscriber = peer(ConnectBytes.of(to, "s"));
    subscriber.subscribe("t", 1);

    peer(ConnectBytes.of(from, "p").will("t", "gone", 1, false)).reset();

    assertThat(Peer.text(subscriber.receive())).isEqualTo("gone");
  }

  @ParameterizedTest
  @EnumSource(
      value = ProtocolVersion.class,
      names = {"V3_1_1", "V3_1"})
  @Tag("edge-181")
  void givenAliasOfThePublisher_whenForwardedToAnOlderVersion_thenTheTopicIsThere(
      ProtocolVersion version) {
    var subscriber = peer(ConnectBytes.of(version, "s"));
    subscriber.subscribe("t", 1);
    var publisher = peer("p");

    publisher.publish(PublishBytes.of("t", "1").alias(1), 1);
    publisher.publish(PublishBytes.of("", "2").alias(1), 1);

    for (int i = 1; i <= 2; i++) {
      var publish = subscriber.receive();
      assertThat(publish.topic().text()).isEqualTo("t");
      assertThat(Peer.text(publish)).isEqualTo("" + i);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ProtocolVersion.class,
      names = {"V3_1_1", "V3_1"})
  void givenRetainBitBefore5_whenTheSubscriberWantsItAsPublished_thenItIs(ProtocolVersion version) {
    var subscriber = peer("s");
    subscriber.subscribe("t", 1 | RETAIN_AS_PUBLISHED, 3);

    peer(ConnectBytes.of(version, "p")).publish(PublishBytes.of("t", "x").retain(), 1);

    var publish = subscriber.receive();
    assertThat(publish.retain()).isTrue();
    assertThat(publish.subscriptionIds()).containsExactly(3);
    assertThat(publish.properties()).isEqualTo(MessageProperties.NONE);
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void givenMessagesInFlightAndQueued_whenAnotherVersionResumes_thenItGetsThemInItsForm(
      ProtocolVersion first, ProtocolVersion second) {
    var publisher = peer("p");
    try (var subscriber = peer(ConnectBytes.of(first, "s").resume(60))) {
      subscriber.subscribe("t", 2);
      publisher.publish("t", "released", 2);
      subscriber.pubrec(subscriber.nextPublish().packetId()).next(Pubrel.class);
      publisher.publish(withAllProperties("t"), 1);
      publisher.publish(withAllProperties("t"), 2);
      subscriber.nextPublish();
      subscriber.nextPublish();
      subscriber.disconnect();
    }
    publisher.publish(withAllProperties("t"), 1);

    var back = Peer.resumed(broker(), ConnectBytes.of(second, "s").resume(60));

    assertThat(back.next(Pubrel.class).packetId()).isEqualTo(1);
    back.pubcomp(1);
    for (int i = 2; i <= 4; i++) {
      var publish = back.receive();
      assertThat(publish.packetId()).isEqualTo(i);
      assertThat(publish.dup()).isEqualTo(i < 4);
      assertThat(Peer.text(publish)).isEqualTo("payload");
      assertProperties(ProtocolVersion.V5, second, publish.properties());
    }
    back.expectNothing();
    publisher.publish("t", "live", 1);
    assertThat(Peer.text(back.receive())).isEqualTo("live");
  }

  @ParameterizedTest
  @EnumSource(
      value = ProtocolVersion.class,
      names = {"V3_1_1", "V3_1"})
  void givenSessionOf5_whenAnOlderVersionResumes_thenItsOptionsHoldButRetainIs0(
      ProtocolVersion version) {
    var publisher = peer("p");
    try (var subscriber = peer(ConnectBytes.v5("s").resume(60))) {
      subscriber.subscribe("t", 1 | NO_LOCAL | RETAIN_AS_PUBLISHED, 5);
      subscriber.disconnect();
    }
    publisher.publish(PublishBytes.of("t", "queued").retain(), 1);

    var back = Peer.resumed(broker(), ConnectBytes.of(version, "s").resume(60));

    publisher.publish(PublishBytes.of("t", "live").retain(), 1);
    publisher.publish(PublishBytes.of("t", "live 0").retain(), 0).expectNothing();
    for (var text : new String[] {"queued", "live", "live 0"}) {
      var publish = back.receive();
      assertThat(Peer.text(publish)).isEqualTo(text);
      assertThat(publish.retain()).as("RETAIN of '%s'", text).isFalse();
    }
    back.publish("t", "own", 1).expectNothing();
    back.subscribe("t", 1);
    assertThat(back.receive().retain()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = ProtocolVersion.class,
      names = {"V3_1_1", "V3_1"})
  void givenSessionOfAnOlderVersion_when5Resumes_thenItsExpiryIsThatOfTheNewConnect(
      ProtocolVersion version) {
    try (var subscriber = peer(ConnectBytes.of(version, "s").resume(0))) {
      subscriber.subscribe("t", 1);
      subscriber.disconnect();
    }
    broker().advance(Duration.ofDays(1));
    try (var five = Peer.resumed(broker(), ConnectBytes.v5("s").cleanStart(false))) {
      peer("p").publish(PublishBytes.of("t", "x").retain(), 1);
      var publish = five.receive();
      assertThat(publish.retain()).isFalse();
      assertThat(publish.subscriptionIds()).isEmpty();
      five.disconnect();
    }

    assertThat(broker().state().session("s")).isNull();
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void givenAnyTwoVersions_whenOneTakesOver_thenTheOtherIsToldWhatItsVersionKnows(
      ProtocolVersion first, ProtocolVersion second) {
    var old = peer(ConnectBytes.of(first, "s").resume(60));

    Peer.resumed(broker(), ConnectBytes.of(second, "s").resume(60)).expectNothing();

    old.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
  }

  @Test
  void givenSharedGroupOfMixedVersions_whenPublished_thenEachMemberGetsItsForm() {
    var five = peer("five");
    five.subscribe("$share/g/t", 1);
    var old = peer(ConnectBytes.v311("old"));
    old.subscribe("$share/g/t", 1);
    var publisher = peer("p");

    for (int i = 0; i < 10; i++) {
      publisher.publish(withAllProperties("t"), 1);
    }

    for (int i = 0; i < 5; i++) {
      assertProperties(ProtocolVersion.V5, ProtocolVersion.V5, five.receive().properties());
      assertProperties(ProtocolVersion.V5, ProtocolVersion.V3_1_1, old.receive().properties());
    }
    five.expectNothing();
    old.expectNothing();
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("edge-182")
  @Tag("MQTT-3.10.4-4")
  void givenUnsubscribe_whenAnswered_thenUnsubackHasTheFormOfTheVersion(ProtocolVersion version) {
    var peer = peer(ConnectBytes.of(version, "s"));
    var body = Bytes.empty().u16(9);
    if (version == ProtocolVersion.V5) {
      body.varInt(0);
    }

    peer.send(Bytes.packet(0xA2, body.string("t")));

    assertThat(peer.nextBytes())
        .isEqualTo(
            version == ProtocolVersion.V5
                ? new byte[] {(byte) 0xB0, 4, 0, 9, 0, 0x11}
                : new byte[] {(byte) 0xB0, 2, 0, 9});
  }

  @ParameterizedTest
  @EnumSource(
      value = ProtocolVersion.class,
      names = {"V3_1_1", "V3_1"})
  void givenPublisherBefore5_whenNobodyHears_thenTheAnswerHasNoCode(ProtocolVersion version) {
    var publisher = peer(ConnectBytes.of(version, "p"));

    publisher.send(PublishBytes.of("t", "x").qos(1, 7));
    assertThat(publisher.nextBytes()).isEqualTo(new byte[] {0x40, 2, 0, 7});
    publisher.send(PublishBytes.of("t", "x").qos(2, 8));
    assertThat(publisher.nextBytes()).isEqualTo(new byte[] {0x50, 2, 0, 8});
    publisher.pubrel(8);
    assertThat(publisher.nextBytes()).isEqualTo(new byte[] {0x70, 2, 0, 8});
  }
}
