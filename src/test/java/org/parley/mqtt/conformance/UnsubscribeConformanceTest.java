package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.packet.ReasonCode.MALFORMED_PACKET;
import static org.parley.mqtt.packet.ReasonCode.NO_SUBSCRIPTION_EXISTED;
import static org.parley.mqtt.packet.ReasonCode.PROTOCOL_ERROR;
import static org.parley.mqtt.packet.ReasonCode.SUCCESS;
import static org.parley.mqtt.packet.ReasonCode.TOPIC_FILTER_INVALID;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Unsuback;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.SubscribeBytes;

/** UNSUBSCRIBE and UNSUBACK: sections 3.10 and 3.11. */
class UnsubscribeConformanceTest extends BrokerUnderTest {

  @ParameterizedTest
  @Tag("MQTT-3.10.1-1")
  @ValueSource(ints = {0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
  void givenOtherFlags_whenUnsubscribing_thenMalformed(int flags) {
    var body = Bytes.empty().u16(1).varInt(0).string("a");

    peer("c").send(Bytes.packet(0xA0 | flags, body)).expectDisconnect(MALFORMED_PACKET);
  }

  @ParameterizedTest
  @Tag("MQTT-3.10.3-1")
  @ValueSource(strings = {"FF", "61 C0 80", "ED A0 80", "F0 9F 98", "00"})
  void givenTextThatIsNone_whenUnsubscribingFromIt_thenMalformed(String hex) {
    var body = Bytes.empty().u16(1).varInt(0).binary(Bytes.hex(hex));

    peer("c").send(Bytes.packet(0xA2, body)).expectDisconnect(MALFORMED_PACKET);
  }

  @Test
  @Tag("MQTT-3.10.3-2")
  @Tag("edge-133")
  void givenNoFilter_whenUnsubscribing_thenProtocolError() {
    peer("c").sendHex("A2 03 00 01 00").expectDisconnect(PROTOCOL_ERROR);
  }

  @Test
  void givenPacketIdentifier0_whenUnsubscribing_thenProtocolError() {
    peer("c").sendHex("A2 06 00 00 00 00 01 61").expectDisconnect(PROTOCOL_ERROR);
  }

  @Test
  @Tag("MQTT-3.10.4-1")
  void givenFiltersThatMatchTheSame_whenUnsubscribingFromOne_thenTheOthersStay() {
    var client = peer("c");
    client.subscribe("a/+", 0, 1);
    client.subscribe("a/#", 0, 2);
    client.subscribe("a/b", 0, 3);
    client.subscribe("A/+", 0, 4);
    client.subscribe("$share/g/a/+", 0, 5);

    assertThat(client.unsubscribe("a/+").reasons()).containsExactly(SUCCESS);

    client.publish("a/b", "x");
    var plain = client.nextPublish();
    var shared = client.nextPublish();
    assertThat(List.of(Set.copyOf(plain.subscriptionIds()), Set.copyOf(shared.subscriptionIds())))
        .containsExactlyInAnyOrder(Set.of(2, 3), Set.of(5));
    client.expectNothing().publish("A/b", "x");
    assertThat(client.nextPublish().subscriptionIds()).containsExactly(4);
  }

  @Test
  @Tag("MQTT-3.10.4-1")
  void givenWildcard_whenUnsubscribingFromWhatItMatches_thenItStays() {
    var client = peer("c");
    client.subscribe("a/+", 0);

    assertThat(client.unsubscribe("a/b").reasons()).containsExactly(NO_SUBSCRIPTION_EXISTED);

    client.publish("a/b", "still");
    assertThat(client.nextText()).isEqualTo("still");
  }

  @Test
  @Tag("MQTT-3.10.4-2")
  void givenUnsuback_whenPublished_thenNothingIsAdded() {
    var client = peer(ConnectBytes.v5("c").resume(60));
    var publisher = peer("p");
    client.subscribe("a", 2);
    client.subscribe("b", 2);
    client.unsubscribe("a");

    publisher.publish("a", "0").publish("a", "1", 1).publish("a", "2", 2).publish("b", "x", 1);

    client.puback(client.nextPublish().packetId()).expectNothing();
    client.disconnect();
    publisher.publish("a", "2", 2);
    peer(ConnectBytes.v5("c").resume(60)).expectNothing();
  }

  @Test
  @Tag("MQTT-3.10.4-3")
  void givenDeliveryThatWasStarted_whenUnsubscribing_thenItIsFinished() {
    var client = peer(ConnectBytes.v5("c").resume(60));
    client.subscribe("a", 2);
    peer("p").publish("a", "1", 1).publish("a", "2", 2).publish("a", "3", 2);
    var first = client.nextPublish();
    var second = client.nextPublish();
    var third = client.nextPublish();

    client.unsubscribe("a");

    client.pubrec(second.packetId());
    assertThat(client.next(Pubrel.class).packetId()).isEqualTo(second.packetId());
    client.pubcomp(second.packetId()).expectNothing().disconnect();
    var back = peer(ConnectBytes.v5("c").resume(60));
    for (var owed : new int[] {first.packetId(), third.packetId()}) {
      var again = back.nextPublish();
      assertThat(again.packetId()).isEqualTo(owed);
      assertThat(again.dup()).isTrue();
    }
    back.puback(first.packetId()).pubrec(third.packetId());
    assertThat(back.next(Pubrel.class).packetId()).isEqualTo(third.packetId());
    back.pubcomp(third.packetId()).expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-3.10.4-4")
  @Tag("MQTT-3.10.4-5")
  @ValueSource(ints = {1, 256, 65_535})
  void givenPacketIdentifier_whenUnsubscribingFromUnknown_thenUnsubackHasIt(int packetId) {
    var body = Bytes.empty().u16(packetId).varInt(0).string("unknown");

    var unsuback = peer("c").send(Bytes.packet(0xA2, body)).next(Unsuback.class);

    assertThat(unsuback.packetId()).isEqualTo(packetId);
    assertThat(unsuback.reasons()).containsExactly(NO_SUBSCRIPTION_EXISTED);
  }

  @Test
  @Tag("MQTT-3.10.4-6")
  @Tag("MQTT-3.11.3-1")
  @Tag("MQTT-3.11.3-2")
  @Tag("edge-134")
  void givenKnownAndUnknownFilters_whenUnsubscribing_thenEachCodeAtItsPlace() {
    var client = peer("c");
    client.subscribe(SubscribeBytes.of("a", 0).and("b/#", 1).and("c", 2));

    var unsuback = client.unsubscribe("a", "unknown", "b/#", "b#", "a", "c");

    assertThat(unsuback.reasons())
        .containsExactly(
            SUCCESS,
            NO_SUBSCRIPTION_EXISTED,
            SUCCESS,
            TOPIC_FILTER_INVALID,
            NO_SUBSCRIPTION_EXISTED,
            SUCCESS);
    assertThat(broker().state().subscriptionCount()).isZero();
  }

  @Test
  @Tag("MQTT-3.11.2-1")
  @Tag("MQTT-3.11.2-2")
  void givenSmallMaximumPacketSize_whenUnsubscribing_thenUnsubackIsNotLarger() {
    int limit = 20;
    var client = peer(ConnectBytes.v5("c").maximumPacketSize(limit));
    var userProperty = Bytes.empty().u8(0x26).string("name").string("value".repeat(20));

    for (int filters = 1; filters <= limit - 5; filters++) {
      var body = Bytes.empty().u16(filters).block(userProperty);
      for (int i = 0; i < filters; i++) {
        body.string("unknown");
      }
      assertThat(client.send(Bytes.packet(0xA2, body)).nextBytes())
          .startsWith(0xB0)
          .hasSizeLessThanOrEqualTo(limit);
    }
  }
}
