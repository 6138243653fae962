package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** The RETAIN flag, what is kept, and who gets it when: MQTT 5.0 section 3.3.1.3. */
class RetainConformanceTest extends BrokerUnderTest {
  private static final int RETAIN_AS_PUBLISHED = 0x08;
  private static final int IF_NEW = 0x10;
  private static final int NEVER = 0x20;

  private static PublishBytes retained(String topic, String payload) {
    return PublishBytes.of(topic, payload).retain();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  @Tag("MQTT-3.3.1-5")
  @Tag("MQTT-3.8.4-4")
  void givenTwoRetainedMessages_whenSubscribed_thenOnlyTheSecondArrives(int qos) {
    var publisher = peer("p");
    publisher.publish(retained("t", "old"), qos);
    publisher.publish(
        retained("t", "new").properties(Bytes.empty().u8(0x03).string("text/plain")), qos);
    publisher.expectNothing();

    var subscriber = peer("s");
    subscriber.subscribe("t", 2);

    var publish = subscriber.receive();
    assertThat(Peer.text(publish)).isEqualTo("new");
    assertThat(publish.properties().contentType()).contains("text/plain");
    assertThat(publish.retain()).isTrue();
    assertThat(publish.dup()).isFalse();
    assertThat(publish.qos().value()).isEqualTo(qos);
    subscriber.expectNothing();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  @Tag("MQTT-3.3.1-6")
  @Tag("MQTT-3.3.1-7")
  void givenRetainedMessage_whenAnEmptyOneFollows_thenItIsDeliveredAndNothingIsKept(int qos) {
    var live = peer("live");
    live.subscribe("t", 2 | RETAIN_AS_PUBLISHED);
    var publisher = peer("p");
    publisher.publish(retained("t", "value"), qos).expectNothing();
    assertThat(Peer.text(live.receive())).isEqualTo("value");
    assertThat(broker().state().retainedCount()).isEqualTo(1);

    publisher.publish(retained("t", ""), qos).expectNothing();

    var removal = live.receive();
    assertThat(removal.payload().length()).isZero();
    assertThat(removal.retain()).isTrue();
    assertThat(broker().state().retainedCount()).isZero();
    var late = peer("late");
    late.subscribe("t", 2);
    late.expectNothing();
  }

  @Test
  @Tag("MQTT-3.3.1-7")
  void givenNothingRetained_whenAnEmptyRetainedMessageComes_thenItIsNotKept() {
    peer("p").publish(retained("t", ""), 1);

    var late = peer("late");
    late.subscribe("#", 2);
    late.expectNothing();
    assertThat(broker().state().retainedCount()).isZero();
  }

  @Test
  @Tag("MQTT-3.3.1-8")
  void givenRetainedMessage_whenAPlainOneFollows_thenTheRetainedOneStays() {
    var publisher = peer("p");
    publisher.publish(retained("t", "kept"), 1).publish("t", "plain", 1);
    publisher.publish("t", "", 1).publish("other", "plain", 1);

    var subscriber = peer("s");
    subscriber.subscribe("#", 1);
    assertThat(Peer.text(subscriber.receive())).isEqualTo("kept");
    subscriber.expectNothing();
  }

  @ParameterizedTest
  @CsvSource({"V5", "V3_1_1", "V3_1"})
  @Tag("MQTT-3.3.1-9")
  @Tag("MQTT-3.8.4-4")
  @Tag("edge-104")
  void givenSubscription_whenItIsMadeAgain_thenTheRetainedMessageIsSentAgain(
      ProtocolVersion version) {
    peer("p").publish(retained("t", "kept"), 1);
    var subscriber = peer(ConnectBytes.of(version, "s"));

    for (int i = 0; i < 2; i++) {
      subscriber.subscribe("t", 1);
      var publish = subscriber.receive();
      assertThat(Peer.text(publish)).isEqualTo("kept");
      assertThat(publish.retain()).isTrue();
      subscriber.expectNothing();
    }
  }

  @Test
  @Tag("MQTT-3.3.1-10")
  @Tag("edge-105")
  void givenRetainHandling1_whenTheSubscriptionIsNotNew_thenNothingRetainedIsSent() {
    peer("p").publish(retained("t", "kept"), 1);
    try (var subscriber = peer(ConnectBytes.v5("s").resume(60))) {
      subscriber.subscribe("t", 1 | IF_NEW);
      assertThat(Peer.text(subscriber.receive())).isEqualTo("kept");
      subscriber.subscribe("t", 1 | IF_NEW);
      subscriber.expectNothing();
      subscriber.disconnect();
    }
    var again = Peer.resumed(broker(), ConnectBytes.v5("s").resume(60));
    again.expectNothing();
    again.subscribe("t", 1 | IF_NEW);
    again.expectNothing();

    again.unsubscribe("t");
    again.subscribe("t", 1 | IF_NEW);

    assertThat(Peer.text(again.receive())).isEqualTo("kept");
  }

  @ParameterizedTest
  @CsvSource({"V5", "V3_1_1", "V3_1"})
  @Tag("edge-105")
  void givenSubscription_whenTheSessionIsResumedWithoutSubscribe_thenNothingRetainedIsSent(
      ProtocolVersion version) {
    peer("p").publish(retained("t", "kept"), 1);
    var connect = ConnectBytes.of(version, "s").resume(60);
    try (var subscriber = peer(connect)) {
      subscriber.subscribe("t", 1);
      subscriber.receive();
      subscriber.expectNothing().disconnect();
    }

    Peer.resumed(broker(), ConnectBytes.of(version, "s").resume(60)).expectNothing();
  }

  @Test
  @Tag("MQTT-3.3.1-11")
  void givenRetainHandling2_whenSubscribed_thenNothingRetainedIsSent() {
    var publisher = peer("p");
    publisher.publish(retained("t", "kept"), 1);
    var subscriber = peer("s");

    subscriber.subscribe("t", 1 | NEVER);
    subscriber.expectNothing();

    publisher.publish("t", "live", 1);
    assertThat(subscriber.nextText()).isEqualTo("live");
  }

  @ParameterizedTest
  @CsvSource({"0,true", "0,false", "1,true", "1,false", "2,true", "2,false"})
  @Tag("MQTT-3.3.1-12")
  @Tag("MQTT-3.3.1-13")
  void givenRetainAsPublished_whenForwardedLive_thenRetainIsAsItSays(int qos, boolean retain) {
    var plain = peer("plain");
    plain.subscribe("t", 2);
    var exact = peer("exact");
    exact.subscribe("t", 2 | RETAIN_AS_PUBLISHED);

    var message = PublishBytes.of("t", "x");
    peer("p").publish(retain ? message.retain() : message, qos);

    assertThat(plain.receive().retain()).isFalse();
    assertThat(exact.receive().retain()).isEqualTo(retain);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, RETAIN_AS_PUBLISHED})
  @Tag("MQTT-3.3.1-13")
  void givenRetainedMessage_whenSubscribed_thenRetainIs1WhateverTheOption(int option) {
    peer("p").publish(retained("t", "kept"), 1);
    var subscriber = peer("s");

    subscriber.subscribe("t", 1 | option);

    assertThat(subscriber.receive().retain()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"V3_1_1", "V3_1"})
  @Tag("edge-108")
  void givenSubscriberBefore5_whenForwardedLive_thenRetainIs0AndAtSubscribe1(
      ProtocolVersion version) {
    var live = peer(ConnectBytes.of(version, "live"));
    live.subscribe("t", 1);

    peer("p").publish(retained("t", "x"), 1);

    assertThat(live.receive().retain()).isFalse();
    live.subscribe("t", 1);
    assertThat(live.receive().retain()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0,0", "0,2", "1,0", "1,1", "2,0", "2,1", "2,2"})
  @Tag("MQTT-3.8.4-8")
  @Tag("edge-106")
  @Tag("edge-97")
  void givenRetainedMessage_whenSubscribed_thenItHasTheLesserQos(int stored, int granted) {
    peer("p").publish(retained("t", "kept"), stored).expectNothing();
    var connect = ConnectBytes.v5("s").resume(60);
    var subscriber = peer(connect);

    subscriber.subscribe("t", granted);

    assertThat(subscriber.receive().qos().value()).isEqualTo(Math.min(stored, granted));
    subscriber.expectNothing();
  }

  @Test
  @Tag("MQTT-3.3.4-3")
  @Tag("edge-107")
  void givenSubscriptionIdentifier_whenRetainedIsSent_thenItIsTheOneOfThisSubscription() {
    peer("p").publish(retained("a/b", "kept"), 1);
    var subscriber = peer("s");
    subscriber.subscribe("a/+", 1 | NEVER, 5);

    subscriber.subscribe("a/#", 1, 7);

    assertThat(subscriber.receive().subscriptionIds()).containsExactly(7);
    subscriber.expectNothing();
  }

  @Test
  @Tag("edge-112")
  void givenExchangeOfQos2NotFinished_whenSubscribed_thenTheOwnedValueIsTheRetainedOne() {
    var publisher = peer("p");
    publisher.publish(retained("t", "old"), 1);
    publisher.send(retained("t", "new").qos(2, 9));
    publisher.next(Pubrec.class);

    var subscriber = peer("s");
    subscriber.subscribe("t", 2);
    assertThat(Peer.text(subscriber.receive())).isEqualTo("new");

    publisher.pubrel(9).next(Pubcomp.class);
    subscriber.expectNothing();
  }

  @Test
  @Tag("edge-115")
  @Tag("edge-116")
  void givenSharedSubscription_whenSubscribed_thenNothingRetainedComesButLiveIsAsPublished() {
    var publisher = peer("p");
    publisher.publish(retained("t", "kept"), 1);
    var member = peer("m");
    member.subscribe("$share/g/t", 1 | RETAIN_AS_PUBLISHED);
    member.expectNothing();

    publisher.publish(retained("t", "live"), 1);

    var live = member.receive();
    assertThat(Peer.text(live)).isEqualTo("live");
    assertThat(live.retain()).isTrue();
  }
}
