package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.UserProperty;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** Topic Names and properties of PUBLISH, and who gets them: MQTT 5.0 sections 3.3.2 and 3.3.4. */
class PublishConformanceTest extends BrokerUnderTest {

  /** The ways that a message may take to its subscriber. */
  enum Way {
    LIVE,
    QUEUED,
    RETAINED,
    WILL
  }

  /** Sends a message on its way, and returns it as it arrives. */
  private Publish arrived(Way way, Bytes properties) {
    return switch (way) {
      case LIVE -> {
        var subscriber = peer("s");
        subscriber.subscribe("t", 1);
        peer("p").publish(PublishBytes.of("t", "x").properties(properties), 1);
        yield subscriber.receive();
      }
      case QUEUED -> {
        try (var subscriber = peer(ConnectBytes.v5("s").resume(60))) {
          subscriber.subscribe("t", 1);
          subscriber.disconnect();
        }
        peer("p").publish(PublishBytes.of("t", "x").properties(properties), 1);
        yield Peer.resumed(broker(), ConnectBytes.v5("s").resume(60)).receive();
      }
      case RETAINED -> {
        peer("p").publish(PublishBytes.of("t", "x").retain().properties(properties), 1);
        var subscriber = peer("s");
        subscriber.subscribe("t", 1);
        yield subscriber.receive();
      }
      case WILL -> {
        var subscriber = peer("s");
        subscriber.subscribe("t", 1);
        peer(ConnectBytes.v5("p").will("t", "x", 1, false).willProperties(properties)).reset();
        yield subscriber.receive();
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "LIVE,0",
    "LIVE,1",
    "LIVE,-1",
    "QUEUED,0",
    "QUEUED,1",
    "QUEUED,-1",
    "RETAINED,0",
    "RETAINED,1",
    "RETAINED,-1",
    "WILL,0",
    "WILL,1",
    "WILL,-1"
  })
  @Tag("MQTT-3.3.2-4")
  void givenPayloadFormatIndicator_whenForwarded_thenItIsAsItWas(Way way, int value) {
    var properties = value < 0 ? Bytes.empty() : Bytes.empty().u8(0x01).u8(value);

    var indicator = arrived(way, properties).properties().payloadFormat();

    assertThat(indicator.orElse(-1)).isEqualTo(value);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  @Tag("MQTT-3.3.2-15")
  @Tag("MQTT-3.3.2-16")
  @Tag("MQTT-3.3.2-17")
  @Tag("MQTT-3.3.2-18")
  @Tag("MQTT-3.3.2-20")
  void givenAllProperties_whenForwarded_thenTheyAreAsTheyWereAndInOrder(Way way) {
    start(options -> options.maximumConnectSize = 1 << 20);
    var correlation = new byte[65_535];
    IntStream.range(0, correlation.length).forEach(i -> correlation[i] = (byte) i);
    var user =
        List.of(
            new UserProperty("a", "1"),
            new UserProperty("b", ""),
            new UserProperty("", "x"),
            new UserProperty("a", "1"),
            new UserProperty("a", "\u20ac\ud83d\ude00"));
    var properties =
        Bytes.empty().u8(0x26).string("a").string("1").u8(0x03).string("text/plain; q=\u00e4");
    properties.u8(0x26).string("b").string("").u8(0x08).string("reply/to").u8(0x26).string("");
    properties.string("x").u8(0x09).binary(correlation).u8(0x26).string("a").string("1");
    properties.u8(0x26).string("a").string("\u20ac\ud83d\ude00");

    var arrived = arrived(way, properties).properties();

    assertThat(arrived.userProperties()).isEqualTo(user);
    assertThat(arrived.contentType()).contains("text/plain; q=\u00e4");
    assertThat(arrived.responseTopic()).contains("reply/to");
    assertThat(arrived.correlationData()).contains(BinaryData.of(correlation));
    assertThat(arrived.messageExpiry()).isEmpty();
    assertThat(arrived.payloadFormat()).isEmpty();
  }

  @Test
  @Tag("MQTT-3.3.2-3")
  void givenFilters_whenPublished_thenTheTopicOfTheMessageMatchesTheFilter() {
    var subscriber = peer("s");
    for (var filter : List.of("a/+/c", "b/#", "+", "$share/g/shared/+", "/")) {
      subscriber.subscribe(filter, 1);
    }
    var publisher = peer("p");
    var heard = List.of("a/b/c", "a//c", "b", "b/c/d", "x", "shared/1", "/", "\ufeffa");
    for (var topic : heard) {
      publisher.publish(topic, topic, 1);
      var publish = subscriber.receive();
      assertThat(publish.topic().text()).isEqualTo(topic);
      assertThat(Peer.text(publish)).isEqualTo(topic);
    }
    for (var topic : List.of("a/b", "a/b/c/d", "bb/c", "A/b/c", "shared/1/2", "//")) {
      publisher.publish(topic, topic, 1);
      subscriber.expectNothing();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FF", "C0 80", "ED A0 80", "F0 9F 98", "00", "61 00 62"})
  @Tag("MQTT-3.3.2-1")
  @Tag("MQTT-1.5.4-1")
  @Tag("MQTT-1.5.4-2")
  void givenTopicThatIsNoText_whenPublished_thenItIsMalformedAndNobodyGetsIt(String hex) {
    var subscriber = peer("s");
    subscriber.subscribe("#", 1);
    var publisher = peer("p");

    publisher.send(Bytes.packet(0x30, Bytes.empty().binary(Bytes.hex(hex)).varInt(0).raw("78")));

    publisher.expectDisconnect(ReasonCode.MALFORMED_PACKET);
    subscriber.expectNothing();
  }

  @ParameterizedTest
  @CsvSource({"03,FF", "03,00", "08,FF", "08,ED A0 80"})
  @Tag("MQTT-3.3.2-13")
  @Tag("MQTT-3.3.2-19")
  @Tag("MQTT-1.5.4-1")
  void givenPropertyThatIsNoText_whenPublished_thenItIsMalformed(String property, String hex) {
    var publisher = peer("p");

    publisher.send(
        PublishBytes.of("t", "x").properties(Bytes.empty().raw(property).binary(Bytes.hex(hex))));

    publisher.expectDisconnect(ReasonCode.MALFORMED_PACKET);
  }

  @ParameterizedTest
  @CsvSource({"a/+,0", "a/#,0", "#,1", "+,2", "a+b,1", "a/b#,2"})
  @Tag("MQTT-3.3.2-2")
  @Tag("MQTT-4.7.1-1")
  void givenTopicWithWildcard_whenPublished_thenTheConnectionEndsAndNobodyGetsIt(
      String topic, int qos) {
    var subscriber = peer("s");
    subscriber.subscribe("#", 1);
    var publisher = peer("p");

    publisher.send(PublishBytes.of(topic, "x").qos(qos, 1));

    publisher.expectDisconnect(ReasonCode.TOPIC_NAME_INVALID);
    subscriber.expectNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/+", "a/#", "#"})
  @Tag("MQTT-3.3.2-14")
  void givenResponseTopicWithWildcard_whenPublished_thenItIsNotForwarded(String topic) {
    var subscriber = peer("s");
    subscriber.subscribe("#", 1);
    var publisher = peer("p");
    var properties = Bytes.empty().u8(0x08).string(topic);

    publisher.send(PublishBytes.of("t", "x").properties(properties));

    publisher.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    subscriber.expectNothing();
    var willing = Peer.open(broker());
    willing.send(
        ConnectBytes.v5("w")
            .will("t", "x", 0, false)
            .willProperties(Bytes.empty().u8(0x08).string(topic)));
    willing.expectRefusal(ReasonCode.PROTOCOL_ERROR);
  }

  @Test
  @Tag("MQTT-3.3.4-6")
  void givenSubscriptionIdentifierFromAClient_whenPublished_thenItIsNotForwarded() {
    var subscriber = peer("s");
    subscriber.subscribe("#", 1);
    var publisher = peer("p");

    publisher.send(PublishBytes.of("t", "x").properties(Bytes.empty().u8(0x0B).varInt(1)));

    publisher.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    subscriber.expectNothing();
  }

  @ParameterizedTest
  @CsvSource({"0,1", "0,2", "1,2", "2,0", "2,2"})
  @Tag("MQTT-3.3.4-2")
  void givenOverlappingSubscriptions_whenPublished_thenOneCopyHasTheHighestQos(
      int wide, int narrow) {
    var subscriber = peer("s");
    subscriber.subscribe("a/#", wide);
    subscriber.subscribe("a/b", narrow);
    var publisher = peer("p");

    for (int qos = 0; qos <= 2; qos++) {
      publisher.publish("a/b", "x", qos).expectNothing();
      assertThat(subscriber.receive().qos().value())
          .isEqualTo(Math.min(qos, Math.max(wide, narrow)));
      subscriber.expectNothing();
    }
  }

  @Test
  @Tag("MQTT-3.3.4-3")
  @Tag("MQTT-3.3.4-4")
  @Tag("MQTT-3.3.4-5")
  void givenIdentifiersOnOverlaps_whenPublished_thenOneCopyHasThemAll() {
    var subscriber = peer("s");
    subscriber.subscribe("a/+", 1, 1);
    subscriber.subscribe("a/#", 1, 268_435_455);
    subscriber.subscribe("+/b", 1, 1);
    subscriber.subscribe("#", 1);
    subscriber.subscribe("c", 1, 9);
    var publisher = peer("p");

    publisher.publish("a/b", "x", 1);

    assertThat(subscriber.receive().subscriptionIds()).containsExactlyInAnyOrder(1, 1, 268_435_455);
    subscriber.expectNothing();
    publisher.publish("b", "x", 1);
    assertThat(subscriber.receive().subscriptionIds()).isEmpty();
    publisher.publish("c", "x", 0);
    assertThat(subscriber.receive().subscriptionIds()).containsExactly(9);
  }

  @Test
  @Tag("MQTT-3.3.4-3")
  void givenIdentifier_whenTheSessionIsResumed_thenItGoesWithQueuedAndResentMessages() {
    var publisher = peer("p");
    try (var subscriber = peer(ConnectBytes.v5("s").resume(60))) {
      subscriber.subscribe("t", 1, 7);
      publisher.publish("t", "sent", 1);
      assertThat(subscriber.nextPublish().subscriptionIds()).containsExactly(7);
      subscriber.disconnect();
    }
    publisher.publish("t", "queued", 1);

    var back = Peer.resumed(broker(), ConnectBytes.v5("s").resume(60));

    for (int i = 0; i < 2; i++) {
      assertThat(back.receive().subscriptionIds()).containsExactly(7);
    }
  }

  @Test
  @Tag("MQTT-3.3.2-17")
  void givenPayloadOfAnyBytes_whenPublished_thenItArrivesAsItWas() {
    var subscriber = peer("s");
    subscriber.subscribe("t", 2);
    var publisher = peer("p");
    var bytes = new byte[200_000];
    IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) (i * 31));

    publisher.publish(PublishBytes.of("t", bytes), 2);
    publisher.publish(PublishBytes.of("t", new byte[0]), 1);

    assertThat(subscriber.receive().payload()).isEqualTo(BinaryData.of(bytes));
    assertThat(subscriber.receive().payload().isEmpty()).isTrue();
  }

  @Test
  void givenPayloadFormatCheck_whenThePayloadIsNoText_thenItIsRefused() {
    start(options -> options.checkPayloadFormat = true);
    var subscriber = peer("s");
    subscriber.subscribe("t", 1);
    var publisher = peer("p");
    var text = Bytes.empty().u8(0x01).u8(1);

    publisher.send(PublishBytes.of("t", new byte[] {(byte) 0xFF}).properties(text).qos(1, 5));

    assertThat(publisher.next(Puback.class).reason()).isEqualTo(ReasonCode.PAYLOAD_FORMAT_INVALID);
    publisher.publish(
        PublishBytes.of("t", "\u20ac".getBytes(StandardCharsets.UTF_8)).properties(text), 1);
    assertThat(subscriber.nextText()).isEqualTo("\u20ac");
  }

  @Test
  void givenServersLimits_whenAPublishBreaksThem_thenTheConnectionEndsWithTheirCode() {
    start(
        options -> {
          options.maximumQos = 1;
          options.retainAvailable = false;
        });
    var first = peer("p");
    first.send(PublishBytes.of("t", "x").qos(2, 1));
    first.expectDisconnect(ReasonCode.QOS_NOT_SUPPORTED);
    var second = peer("p");
    second.send(PublishBytes.of("t", "x").retain());
    second.expectDisconnect(ReasonCode.RETAIN_NOT_SUPPORTED);
    var old = peer(ConnectBytes.of(ProtocolVersion.V3_1_1, "q"));
    old.send(PublishBytes.of("t", "x").qos(2, 1)).expectClosed();
  }
}
