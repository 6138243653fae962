package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** Topic Aliases in both directions, MQTT 5.0 section 3.3.2.3.4. */
class TopicAliasConformanceTest extends BrokerUnderTest {

  private Peer subscriber() {
    var subscriber = peer("s");
    subscriber.subscribe("#", 1);
    return subscriber;
  }

  private static PublishBytes alias(String topic, int alias) {
    return PublishBytes.of(topic, "x").alias(alias);
  }

  @Test
  @Tag("MQTT-3.3.2-12")
  void givenEveryAliasUpToTheMaximum_whenUsed_thenEachStandsForItsTopic() {
    var subscriber = subscriber();
    var publisher = Peer.open(broker());
    int maximum = publisher.connect(ConnectBytes.v5("p")).properties().topicAliasMaximum();
    assertThat(maximum).isPositive();
    for (int i = 1; i <= maximum; i++) {
      publisher.publish(alias("t/" + i, i), 1);
      assertThat(subscriber.receive().topic().text()).isEqualTo("t/" + i);
    }

    for (int i = maximum; i >= 1; i--) {
      publisher.publish(alias("", i), i % 3);
      assertThat(subscriber.receive().topic().text()).isEqualTo("t/" + i);
    }
    publisher.publish(alias("other", 3), 1);
    assertThat(subscriber.receive().topic().text()).isEqualTo("other");
    publisher.publish(alias("", 3), 1);
    assertThat(subscriber.receive().topic().text()).isEqualTo("other");
  }

  @Test
  @Tag("MQTT-3.3.2-7")
  @Tag("edge-155")
  void givenAlias_whenTheClientConnectsAgain_thenItIsUnknown() {
    var subscriber = subscriber();
    try (var publisher = peer(ConnectBytes.v5("p").resume(60))) {
      publisher.publish(alias("t", 1), 1);
      publisher.disconnect();
    }
    subscriber.receive();

    var again = Peer.resumed(broker(), ConnectBytes.v5("p").resume(60));
    again.send(alias("", 1));

    again.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    subscriber.expectNothing();
  }

  @Test
  @Tag("edge-153")
  void givenAliasThatWasNeverSet_whenUsed_thenItIsAProtocolError() {
    var subscriber = subscriber();
    var publisher = peer("p");

    publisher.send(alias("", 2));

    publisher.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    subscriber.expectNothing();
  }

  @Test
  void givenNeitherTopicNorAlias_whenPublished_thenItIsAProtocolError() {
    var publisher = peer("p");

    publisher.send(PublishBytes.of("", "x"));

    publisher.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6, 65_535})
  @Tag("MQTT-3.3.2-8")
  @Tag("MQTT-3.3.2-9")
  @Tag("edge-156")
  void givenAliasOutsideTheRange_whenUsed_thenItIsInvalid(int alias) {
    start(options -> options.topicAliasMaximum = 5);
    var subscriber = subscriber();
    var publisher = peer("p");

    publisher.send(alias("t", alias));

    publisher.expectDisconnect(ReasonCode.TOPIC_ALIAS_INVALID);
    subscriber.expectNothing();
  }

  @Test
  @Tag("MQTT-3.3.2-9")
  void givenServerWithoutAliases_whenOneIsUsed_thenItIsInvalid() {
    start(options -> options.topicAliasMaximum = 0);
    var publisher = Peer.open(broker());
    assertThat(publisher.connect(ConnectBytes.v5("p")).properties().topicAliasMaximum()).isZero();

    publisher.send(alias("t", 1));

    publisher.expectDisconnect(ReasonCode.TOPIC_ALIAS_INVALID);
  }

  @Test
  void givenRefusedPublish_whenItSetAnAlias_thenTheAliasIsSet() {
    var subscriber = subscriber();
    var publisher = peer("p");
    broker().access().denied.add("t");
    publisher.send(alias("t", 1).qos(1, 5));
    assertThat(publisher.next(Puback.class).reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    broker().access().denied.remove("t");

    publisher.publish(alias("", 1), 1);

    assertThat(subscriber.receive().topic().text()).isEqualTo("t");
  }

  @Test
  @Tag("MQTT-3.1.2-27")
  @Tag("edge-154")
  void givenSubscriberWithoutAliases_whenThePublisherUsesThem_thenItSeesTopicsOnly() {
    var subscriber = subscriber();
    var publisher = peer("p");
    publisher.publish(alias("t", 1), 1).publish(alias("", 1), 1);

    for (int i = 0; i < 2; i++) {
      var publish = subscriber.receive();
      assertThat(publish.topicAlias()).isZero();
      assertThat(publish.topic().text()).isEqualTo("t");
    }
  }

  @Test
  @Tag("MQTT-3.1.2-26")
  @Tag("MQTT-3.3.2-8")
  @Tag("MQTT-3.3.2-11")
  void givenSubscriberWithAliases_whenManyTopicsAreSent_thenAliasesStayInTheRangeAndResolve() {
    var subscriber = peer(ConnectBytes.v5("s").topicAliasMaximum(3));
    subscriber.subscribe("#", 1);
    var publisher = peer("p");
    var set = new HashMap<Integer, String>();
    for (int i = 0; i < 40; i++) {
      var topic = "topic/" + i % 5;
      publisher.publish(topic, topic, i % 2);

      var publish = subscriber.receive();

      assertThat(publish.topicAlias()).isBetween(0, 3);
      if (publish.topic().isEmpty()) {
        assertThat(set.get(publish.topicAlias())).isEqualTo(topic);
      } else {
        assertThat(publish.topic().text()).isEqualTo(topic);
        set.put(publish.topicAlias(), topic);
      }
    }
    assertThat(set).containsKeys(1, 2, 3);
  }

  @Test
  @Tag("MQTT-3.3.2-7")
  void givenMessageSentByAlias_whenItIsSentAgainOnANewConnection_thenItHasItsTopic() {
    var publisher = peer("p");
    try (var subscriber = peer(ConnectBytes.v5("s").resume(60).topicAliasMaximum(1))) {
      subscriber.subscribe("t", 1);
      publisher.publish("t", "1", 1).publish("t", "2", 1);
      assertThat(subscriber.nextPublish().topic().text()).isEqualTo("t");
      assertThat(subscriber.nextPublish().topic().isEmpty()).isTrue();
      subscriber.disconnect();
    }

    var back = Peer.resumed(broker(), ConnectBytes.v5("s").resume(60));

    for (int i = 0; i < 2; i++) {
      var again = back.receive();
      assertThat(again.dup()).isTrue();
      assertThat(again.topic().text()).isEqualTo("t");
      assertThat(again.topicAlias()).isZero();
    }
  }

  @Test
  @Tag("MQTT-3.1.2-24")
  @Tag("MQTT-3.1.2-25")
  @Tag("edge-157")
  @Tag("edge-159")
  @Tag("edge-160")
  void givenMessageTooLargeForTheSubscriber_whenDropped_thenNoAliasAndNoStalling() {
    var subscriber =
        peer(ConnectBytes.v5("s").topicAliasMaximum(2).maximumPacketSize(100).receiveMaximum(1));
    subscriber.subscribe("#", 2);
    var publisher = peer("p");
    for (int qos = 0; qos <= 2; qos++) {
      publisher.publish("large", "x".repeat(200), qos);
      publisher.publish("small", "x", qos).expectNothing();

      assertThat(subscriber.receive().topicAlias()).isEqualTo(1);
      subscriber.expectNothing();
    }
    publisher.publish("large", "x", 1);
    var publish = subscriber.receive();
    assertThat(publish.topic().text()).isEqualTo("large");
    assertThat(publish.topicAlias()).isEqualTo(2);
  }

  @Test
  @Tag("MQTT-3.1.2-24")
  @Tag("edge-157")
  void givenMaximumPacketSize_whenTheWholePacketJustFits_thenItIsSentAndOneByteMoreIsNot() {
    var subscriber = peer(ConnectBytes.v5("s").maximumPacketSize(100));
    subscriber.subscribe("t", 1);
    var publisher = peer("p");
    int overhead = 2 + 3 + 2 + 1; // fixed header, topic, identifier, property length

    publisher.publish("t", "x".repeat(100 - overhead + 1), 1);
    subscriber.expectNothing();
    publisher.publish("t", "x".repeat(100 - overhead), 1);

    assertThat(subscriber.nextBytes()).hasSize(100);
  }

  @Test
  void givenAliasTwiceInOnePacket_whenPublished_thenItIsAProtocolError() {
    var publisher = peer("p");

    publisher.send(alias("t", 1).properties(Bytes.empty().u8(0x23).u16(1)));

    publisher.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
  }
}
