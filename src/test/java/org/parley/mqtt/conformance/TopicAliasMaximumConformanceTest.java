package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** Topic Aliases of both sides: MQTT 5.0 sections 3.1.2.11.5, 3.2.2.3.8 and 3.3.2.3.4. */
class TopicAliasMaximumConformanceTest extends BrokerUnderTest {

  /** Returns the topic as a client resolves it, and learns new aliases. */
  private static String resolved(Publish publish, Map<Integer, String> aliases, int maximum) {
    assertThat(publish.topicAlias()).isBetween(0, maximum);
    if (publish.topicAlias() == 0) {
      return publish.topic().text();
    }
    if (!publish.topic().isEmpty()) {
      aliases.put(publish.topicAlias(), publish.topic().text());
    }
    var topic = aliases.get(publish.topicAlias());
    assertThat(topic).as("an alias that was set").isNotNull();
    return String.valueOf(topic);
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-26")
  @ValueSource(ints = {1, 3, 100})
  void givenTopicAliasMaximum_whenMoreTopicsAreHeard_thenNoAliasIsAboveIt(int maximum) {
    var peer = peer(ConnectBytes.v5("c").topicAliasMaximum(maximum));
    peer.subscribe("#", 1);
    var publisher = peer("p");
    var aliases = new HashMap<Integer, String>();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 10; i++) {
        publisher.publish("topic/" + i, "x", i % 2);

        var publish = peer.nextPublish();

        assertThat(resolved(publish, aliases, maximum)).isEqualTo("topic/" + i);
        if (i % 2 == 1) {
          peer.puback(publish.packetId());
        }
      }
    }
    assertThat(aliases).isNotEmpty();
  }

  @Test
  @Tag("MQTT-3.1.2-27")
  @Tag("edge-154")
  void givenSubscriberThatAllowsNone_whenThePublisherUsesAnAlias_thenTheTopicIsWhole() {
    var none = peer("none");
    none.subscribe("t", 0);
    var zero = peer(ConnectBytes.v5("zero").topicAliasMaximum(0));
    zero.subscribe("t", 0);
    var old = peer(ConnectBytes.v311("old"));
    old.subscribe("t", 0);

    peer("p")
        .send(PublishBytes.of("t", "1").alias(1))
        .send(PublishBytes.of("", "2").alias(1))
        .expectNothing();

    for (var subscriber : new Peer[] {none, zero, old}) {
      for (int i = 0; i < 2; i++) {
        var publish = subscriber.nextPublish();
        assertThat(publish.topic().text()).isEqualTo("t");
        assertThat(publish.topicAlias()).isZero();
      }
    }
  }

  @Test
  @Tag("MQTT-3.1.2-26")
  void givenAMessageTooLargeForThePeer_whenDropped_thenItSetsNoAlias() {
    var peer = peer(ConnectBytes.v5("c").topicAliasMaximum(5).maximumPacketSize(40));
    peer.subscribe("t", 0);

    peer("p").publish("t", "x".repeat(60)).publish("t", "small").publish("t", "again");

    var aliases = new HashMap<Integer, String>();
    assertThat(resolved(peer.nextPublish(), aliases, 5)).isEqualTo("t");
    assertThat(resolved(peer.nextPublish(), aliases, 5)).isEqualTo("t");
  }

  @Test
  @Tag("MQTT-3.1.2-26")
  void givenMessagesThatAreSentAgain_whenResumed_thenNoAliasOfTheFormerConnectionIsUsed() {
    var connect = ConnectBytes.v5("c").resume(60).topicAliasMaximum(5);
    var before = peer(connect);
    before.subscribe("t", 1);
    peer("p").publish("t", "1", 1).publish("t", "2", 1);
    before.nextPublish();
    before.nextPublish();
    before.sendHex("E0 00").expectClosed();

    var back = peer(ConnectBytes.v5("c").resume(60).topicAliasMaximum(5));
    var aliases = new HashMap<Integer, String>();
    assertThat(resolved(back.nextPublish(), aliases, 5)).isEqualTo("t");
    assertThat(resolved(back.nextPublish(), aliases, 5)).isEqualTo("t");
    back.disconnect();

    var none = peer(ConnectBytes.v5("c").resume(60));
    assertThat(none.nextPublish().topic().text()).isEqualTo("t");
    assertThat(none.nextPublish().topicAlias()).isZero();
  }

  @Test
  @Tag("MQTT-3.2.2-17")
  @Tag("edge-156")
  void givenTheServersMaximum_whenAnAliasIsAboveIt_thenTopicAliasInvalid() {
    start(options -> options.topicAliasMaximum = 5);
    var peer = open();
    assertThat(peer.connect(ConnectBytes.v5("c")).properties().topicAliasMaximum()).isEqualTo(5);
    peer.subscribe("t5", 0);

    peer.send(PublishBytes.of("t5", "x").alias(5)).nextPublish();
    peer.send(PublishBytes.of("", "x").alias(5)).nextPublish();

    peer.send(PublishBytes.of("t6", "x").alias(6)).expectDisconnect(ReasonCode.TOPIC_ALIAS_INVALID);
  }

  @ParameterizedTest
  @Tag("MQTT-3.2.2-18")
  @ValueSource(ints = {1, 65_535})
  void givenAServerWithoutAliases_whenOneIsUsed_thenTopicAliasInvalid(int alias) {
    start(options -> options.topicAliasMaximum = 0);
    var peer = open();
    assertThat(peer.connect(ConnectBytes.v5("c")).properties().topicAliasMaximum()).isZero();

    peer.send(PublishBytes.of("t", "x").alias(alias))
        .expectDisconnect(ReasonCode.TOPIC_ALIAS_INVALID);
  }

  @Test
  @Tag("edge-153")
  void givenAliasThatWasNeverSet_whenUsed_thenProtocolError() {
    peer("c").send(PublishBytes.of("", "x").alias(2)).expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    peer("d").send(PublishBytes.of("", "x")).expectDisconnect(ReasonCode.PROTOCOL_ERROR);
  }

  @Test
  @Tag("edge-155")
  void givenAliasOfAFormerConnection_whenUsedInTheSameSession_thenProtocolError() {
    var before = peer(ConnectBytes.v5("c").resume(60));
    before.send(PublishBytes.of("t", "x").alias(1)).expectNothing();
    before.disconnect();

    peer(ConnectBytes.v5("c").resume(60))
        .send(PublishBytes.of("", "x").alias(1))
        .expectDisconnect(ReasonCode.PROTOCOL_ERROR);
  }
}
