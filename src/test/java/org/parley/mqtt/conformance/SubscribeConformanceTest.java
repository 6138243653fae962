package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.packet.ReasonCode.GRANTED_QOS_1;
import static org.parley.mqtt.packet.ReasonCode.GRANTED_QOS_2;
import static org.parley.mqtt.packet.ReasonCode.MALFORMED_PACKET;
import static org.parley.mqtt.packet.ReasonCode.NOT_AUTHORIZED;
import static org.parley.mqtt.packet.ReasonCode.PROTOCOL_ERROR;
import static org.parley.mqtt.packet.ReasonCode.QUOTA_EXCEEDED;
import static org.parley.mqtt.packet.ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
import static org.parley.mqtt.packet.ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED;
import static org.parley.mqtt.packet.ReasonCode.SUCCESS;
import static org.parley.mqtt.packet.ReasonCode.TOPIC_FILTER_INVALID;
import static org.parley.mqtt.packet.ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.SubscribeBytes;

/** SUBSCRIBE as a packet, and its SUBACK: sections 3.8 and 3.9. */
class SubscribeConformanceTest extends BrokerUnderTest {
  private static final Bytes ENTRY = Bytes.empty().u16(7).varInt(0).string("a").u8(0);

  @ParameterizedTest
  @Tag("MQTT-3.8.1-1")
  @ValueSource(ints = {0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
  void givenOtherFlags_whenSubscribing_thenMalformed(int flags) {
    var client = peer("c");

    client.send(Bytes.packet(0x80 | flags, ENTRY)).expectDisconnect(MALFORMED_PACKET);

    assertThat(broker().state().subscriptionCount()).isZero();
  }

  @ParameterizedTest
  @Tag("MQTT-3.8.3-1")
  @Tag("edge-142")
  @ValueSource(strings = {"FF", "61 C0 80", "ED A0 80", "F0 9F 98", "00", "61 00 62"})
  void givenTextThatIsNone_whenSubscribingToIt_thenMalformed(String hex) {
    var entries = Bytes.empty().binary(Bytes.hex(hex)).u8(0);

    peer("c")
        .send(SubscribeBytes.empty().raw(entries).toByteArray(1, ConnectBytes.v5("").version()))
        .expectDisconnect(MALFORMED_PACKET);
  }

  @Test
  @Tag("MQTT-3.8.3-2")
  void givenNoFilter_whenSubscribing_thenProtocolError() {
    peer("c").sendHex("82 03 00 01 00").expectDisconnect(PROTOCOL_ERROR);
  }

  @Test
  @Tag("MQTT-3.8.3-2")
  void givenFilterWithoutOptions_whenSubscribing_thenMalformed() {
    peer("c").sendHex("82 06 00 01 00 00 01 61").expectDisconnect(MALFORMED_PACKET);
  }

  @Test
  @Tag("MQTT-2.2.1-3")
  void givenPacketIdentifier0_whenSubscribing_thenProtocolError() {
    var packet = SubscribeBytes.of("a", 0).toByteArray(0, ConnectBytes.v5("").version());

    peer("c").send(packet).expectDisconnect(PROTOCOL_ERROR);
  }

  @Test
  @Tag("MQTT-3.8.3-4")
  @Tag("edge-119")
  void givenNoLocal_whenSubscribingShared_thenProtocolError() {
    var client = peer("c");

    client.send(client.subscription(1, "$share/g/a", 0b100)).expectDisconnect(PROTOCOL_ERROR);
  }

  @ParameterizedTest
  @Tag("MQTT-3.8.3-5")
  @Tag("edge-118")
  @ValueSource(ints = {0x40, 0x80, 0xC0, 0x41, 0xAE})
  void givenReservedOptions_whenSubscribing_thenMalformed(int options) {
    var client = peer("c");

    client.send(client.subscription(1, "a", options)).expectDisconnect(MALFORMED_PACKET);
  }

  @ParameterizedTest
  @Tag("edge-117")
  @ValueSource(ints = {0x03, 0x07, 0x30, 0x31})
  void givenQos3OrRetainHandling3_whenSubscribing_thenProtocolError(int options) {
    var client = peer("c");

    client.send(client.subscription(1, "a", options)).expectDisconnect(PROTOCOL_ERROR);
  }

  @ParameterizedTest
  @Tag("MQTT-3.8.4-1")
  @Tag("MQTT-3.8.4-2")
  @ValueSource(ints = {1, 2, 255, 256, 32_768, 65_535})
  void givenPacketIdentifier_whenSubscribing_thenSubackHasIt(int packetId) {
    var client = peer("c");

    var suback = client.send(client.subscription(packetId, "a", 1)).next(Suback.class);

    assertThat(suback.packetId()).isEqualTo(packetId);
    assertThat(suback.reasons()).containsExactly(GRANTED_QOS_1);
  }

  @Test
  @Tag("MQTT-3.8.4-1")
  @Tag("edge-129")
  void givenOnlyFiltersThatAreRefused_whenSubscribing_thenStillSuback() {
    broker().access().denied.add("secret");
    var client = peer("c");

    var suback = client.subscribe(SubscribeBytes.of("secret", 0).and("a#", 0).and("", 0));

    assertThat(suback.reasons())
        .containsExactly(NOT_AUTHORIZED, TOPIC_FILTER_INVALID, TOPIC_FILTER_INVALID);
    client.expectNothing();
  }

  @Test
  @Tag("MQTT-3.8.4-5")
  @Tag("MQTT-3.8.4-6")
  void givenSameFilterTwice_whenSubscribing_thenACodeForEachAndTheLastHolds() {
    var client = peer("c");

    var suback = client.subscribe(SubscribeBytes.of("a", 2).and("b", 0).and("a", 1));

    assertThat(suback.reasons()).containsExactly(GRANTED_QOS_2, SUCCESS, GRANTED_QOS_1);
    peer("p").publish("a", "x", 2);
    assertThat(client.nextPublish().qos().value()).isEqualTo(1);
    client.expectNothing();
  }

  @Test
  @Tag("MQTT-3.8.4-6")
  void givenManyFilters_whenSubscribing_thenACodeForEach() {
    var many = SubscribeBytes.empty();
    for (int i = 0; i < 1000; i++) {
      many.and("many/" + i, i % 3);
    }

    var suback = peer("c").subscribe(many);

    assertThat(suback.reasons()).hasSize(1000);
    for (int i = 0; i < 1000; i++) {
      assertThat(suback.reasons().get(i).value()).isEqualTo(i % 3);
    }
  }

  @Test
  @Tag("MQTT-3.8.4-7")
  @Tag("MQTT-3.9.3-1")
  @Tag("MQTT-3.9.3-2")
  @Tag("edge-130")
  void givenAllowedAndOtherFilters_whenSubscribing_thenEachCodeAtItsPlace() {
    start(options -> options.subscriptions = 3).access().denied.add("secret");
    var client = peer("c");

    var suback =
        client.subscribe(
            SubscribeBytes.of("a", 0)
                .and("secret", 2)
                .and("b", 1)
                .and("b/#/c", 1)
                .and("c", 2)
                .and("one/too/many", 2));

    assertThat(suback.reasons())
        .containsExactly(
            SUCCESS,
            NOT_AUTHORIZED,
            GRANTED_QOS_1,
            TOPIC_FILTER_INVALID,
            GRANTED_QOS_2,
            QUOTA_EXCEEDED);
    var publisher = peer("p");
    publisher.publish("one/too/many", "", 1).publish("b/x/c", "", 1).publish("c", "heard", 1);
    assertThat(client.nextText()).isEqualTo("heard");
    client.expectNothing();
  }

  @Test
  @Tag("MQTT-3.8.4-7")
  void givenServerWithMaximumQos1_whenSubscribingWithQos2_thenQos1IsGranted() {
    start(options -> options.maximumQos = 1);

    assertThat(peer("c").subscribe("a", 2).reasons()).containsExactly(GRANTED_QOS_1);
  }

  @Test
  @Tag("MQTT-3.9.2-1")
  @Tag("MQTT-3.9.2-2")
  void givenSmallMaximumPacketSize_whenRefusing_thenSubackIsNotLarger() {
    broker().access().denied.add("secret");
    int limit = 20;
    var client = peer(ConnectBytes.v5("c").maximumPacketSize(limit));
    var userProperty = Bytes.empty().u8(0x26).string("name").string("value".repeat(20));

    for (int filters = 1; filters <= limit - 5; filters++) {
      var request = SubscribeBytes.empty().properties(userProperty);
      for (int i = 0; i < filters; i++) {
        request.and("secret", 0);
      }
      assertThat(client.send(request.toByteArray(filters, client.version())).nextBytes())
          .startsWith(0x90)
          .hasSizeLessThanOrEqualTo(limit);
    }
  }

  @Test
  void givenFeaturesThatAreOff_whenSubscribingWithThem_thenDisconnectSaysWhich() {
    start(
        options -> {
          options.wildcardAvailable = false;
          options.sharedAvailable = false;
          options.subscriptionIdsAvailable = false;
        });

    expectRefusal(SubscribeBytes.of("a/+", 0), WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
    expectRefusal(SubscribeBytes.of("a", 0).and("#", 0), WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
    expectRefusal(SubscribeBytes.of("$share/g/a", 0), SHARED_SUBSCRIPTIONS_NOT_SUPPORTED);
    expectRefusal(SubscribeBytes.of("a", 0).id(1), SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED);
    assertThat(peer("c").subscribe("a", 0).reasons()).containsExactly(SUCCESS);
  }

  private void expectRefusal(SubscribeBytes subscribe, ReasonCode reason) {
    var client = peer("c");
    client.send(subscribe.toByteArray(1, client.version())).expectDisconnect(reason);
  }

  @Test
  @Tag("edge-141")
  void givenFaultBehindGoodFilters_whenSubscribing_thenNoneOfThemHolds() {
    var good = SubscribeBytes.empty();
    for (int i = 0; i < 500; i++) {
      good.and("a/" + i, 1);
    }
    for (int round = 0; round < 20; round++) {
      var client = peer(ConnectBytes.v5("c").resume(60));
      var packet = good.raw(Bytes.empty().u16(400).u8('x')).toByteArray(1, client.version());
      client.send(packet).expectDisconnect(MALFORMED_PACKET);
    }

    assertThat(broker().state().subscriptionCount()).isZero();
    assertThat(broker().state().sessionCount()).isOne();
  }
}
