package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.packet.ReasonCode.GRANTED_QOS_1;
import static org.parley.mqtt.packet.ReasonCode.GRANTED_QOS_2;
import static org.parley.mqtt.packet.ReasonCode.MALFORMED_PACKET;
import static org.parley.mqtt.packet.ReasonCode.SUCCESS;
import static org.parley.mqtt.packet.ReasonCode.UNSPECIFIED_ERROR;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.Unsuback;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.SubscribeBytes;

/** Sessions and subscriptions of MQTT 3.1.1 and 3.1, where these differ from 5.0. */
class EarlierVersionsConformanceTest extends BrokerUnderTest {
  static Stream<ProtocolVersion> earlier() {
    return Stream.of(ProtocolVersion.V3_1_1, ProtocolVersion.V3_1);
  }

  static Stream<Arguments> reservedOptions() {
    return earlier()
        .flatMap(
            version ->
                IntStream.of(0x03, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFE)
                    .mapToObj(options -> Arguments.of(version, options)));
  }

  @ParameterizedTest
  @MethodSource("reservedOptions")
  @Tag("edge-117")
  @Tag("edge-132")
  void givenMoreThanAQos_whenSubscribing_thenTheConnectionIsClosed(
      ProtocolVersion version, int options) {
    var client = peer(ConnectBytes.of(version, "c"));

    client.send(client.subscription(1, "a", options)).expectClosed();

    assertThat(broker().state().subscriptionCount()).isZero();
  }

  @ParameterizedTest
  @MethodSource("earlier")
  @Tag("MQTT-3.9.3-2")
  @Tag("edge-130")
  void givenFiltersThatAreRefused_whenSubscribing_thenEachHasTheOnlyCodeForIt(
      ProtocolVersion version) {
    broker().access().denied.add("secret");
    var client = peer(ConnectBytes.of(version, "c"));

    var suback =
        client.subscribe(
            SubscribeBytes.of("a", 2).and("secret", 1).and("a#", 0).and("b", 1).and("", 0));

    assertThat(suback.reasons())
        .containsExactly(
            GRANTED_QOS_2, UNSPECIFIED_ERROR, UNSPECIFIED_ERROR, GRANTED_QOS_1, UNSPECIFIED_ERROR);
    client.expectNothing();
  }

  @ParameterizedTest
  @MethodSource("earlier")
  @Tag("MQTT-3.8.3-2")
  @Tag("MQTT-3.10.3-2")
  @Tag("edge-133")
  void givenNoFilter_whenSubscribingOrUnsubscribing_thenTheConnectionIsClosed(
      ProtocolVersion version) {
    peer(ConnectBytes.of(version, "c")).sendHex("82 02 00 01").expectClosed();
    peer(ConnectBytes.of(version, "c")).sendHex("A2 02 00 01").expectClosed();
    peer(ConnectBytes.of(version, "c")).sendHex("82 05 00 01 00 01 61").expectClosed();
  }

  @ParameterizedTest
  @MethodSource("earlier")
  @Tag("MQTT-3.10.4-5")
  void givenKnownAndUnknownFilter_whenUnsubscribing_thenUnsubackIsTheIdentifierAlone(
      ProtocolVersion version) {
    var client = peer(ConnectBytes.of(version, "c"));
    client.subscribe("a", 1);

    var known = client.sendHex("A2 05 01 02 00 01 61").nextBytes();
    var unknown = client.sendHex("A2 05 01 03 00 01 61").nextBytes();

    assertThat(known).isEqualTo(Bytes.hex("B0 02 01 02"));
    assertThat(unknown).isEqualTo(Bytes.hex("B0 02 01 03"));
    assertThat(broker().state().subscriptionCount()).isZero();
  }

  @Test
  void givenRepeatedRequestsOf31_whenTheySayThatTheyAre_thenTheyAreTakenByThatVersionAlone() {
    var subscribe = "8A 06 00 01 00 01 61 00";
    var unsubscribe = "AA 05 00 02 00 01 61";
    var old = peer(ConnectBytes.v31("c"));

    assertThat(old.sendHex(subscribe).next(Suback.class).reasons()).containsExactly(SUCCESS);
    assertThat(old.sendHex(unsubscribe).next(Unsuback.class).packetId()).isEqualTo(2);

    peer(ConnectBytes.v311("d")).sendHex(subscribe).expectClosed();
    peer(ConnectBytes.v311("d")).sendHex(unsubscribe).expectClosed();
    peer("e").sendHex("8A 07 00 01 00 00 01 61 00").expectDisconnect(MALFORMED_PACKET);
  }

  @ParameterizedTest
  @MethodSource("earlier")
  @Tag("MQTT-3.8.4-4")
  void givenRetainedMessage_whenSubscribingAgain_thenItComesAgainAndLiveCopiesAreNotRetained(
      ProtocolVersion version) {
    var publisher = peer("p").publish(PublishBytes.of("a", "kept").retain(), 1);
    var client = peer(ConnectBytes.of(version, "c"));
    for (int i = 0; i < 3; i++) {
      client.subscribe("a", 0);
      assertThat(client.nextPublish().retain()).isTrue();
      client.expectNothing();
    }

    publisher.publish(PublishBytes.of("a", "live").retain(), 1);

    assertThat(client.nextPublish().retain()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("earlier")
  @Tag("MQTT-4.7.3-2")
  void givenTextThatIsNone_whenSubscribing_thenTheConnectionIsClosed(ProtocolVersion version) {
    for (var hex : new String[] {"FF", "C0 80", "ED A0 80", "00"}) {
      peer(ConnectBytes.of(version, "c"))
          .send(
              SubscribeBytes.empty()
                  .raw(Bytes.empty().binary(Bytes.hex(hex)).u8(0))
                  .toByteArray(1, version))
          .expectClosed();
    }
  }

  @ParameterizedTest
  @MethodSource("earlier")
  @Tag("MQTT-3.8.4-3")
  void givenSubscription_whenSubscribingAgain_thenItIsReplaced(ProtocolVersion version) {
    var client = peer(ConnectBytes.of(version, "c"));
    client.subscribe("a", 2);
    client.subscribe("a", 0);

    peer("p").publish("a", "x", 2);

    assertThat(client.nextPublish().qos().value()).isZero();
    client.expectNothing();
  }

  @ParameterizedTest
  @MethodSource("earlier")
  @Tag("MQTT-3.3.4-2")
  void givenOverlap_whenPublished_thenOneCopyWithTheBestQos(ProtocolVersion version) {
    var client = peer(ConnectBytes.of(version, "c"));
    client.subscribe("a/+", 0);
    client.subscribe("a/#", 2);
    client.subscribe("a/b", 1);

    peer("p").publish("a/b", "x", 2);

    assertThat(client.nextPublish().qos().value()).isEqualTo(2);
    client.expectNothing();
  }

  @ParameterizedTest
  @MethodSource("earlier")
  @Tag("MQTT-4.1.0-2")
  void givenCleanSession0_whenTheClientIsAway_thenTheSessionWaits(ProtocolVersion version) {
    var connect = ConnectBytes.of(version, "c").cleanStart(false);
    var client = open();
    assertThat(client.connect(connect).sessionPresent()).isFalse();
    client.subscribe("a", 2);
    client.disconnect();
    peer("p").publish("a", "0", 0).publish("a", "1", 1).publish("a", "2", 2);
    broker().advance(Duration.ofDays(6));

    var back = open();
    // 3.1 has no Session Present: its byte stays 0
    assertThat(back.connect(connect).sessionPresent()).isEqualTo(version != ProtocolVersion.V3_1);
    assertThat(back.nextText()).isEqualTo("1");
    assertThat(back.nextText()).isEqualTo("2");
    back.expectNothing();
  }

  @ParameterizedTest
  @MethodSource("earlier")
  @Tag("MQTT-3.1.2-4")
  void givenCleanSession1_whenConnecting_thenFreshAndGoneAtTheEnd(ProtocolVersion version) {
    peer(ConnectBytes.of(version, "c").cleanStart(false)).subscribe("a", 1);

    var client = peer(ConnectBytes.of(version, "c"));
    peer("p").publish("a", "x", 1);
    client.expectNothing();
    client.subscribe("b", 1);
    client.disconnect();

    assertThat(broker().state().subscriptionCount()).isZero();
    assertThat(open().connect(ConnectBytes.v311("c").cleanStart(false)).sessionPresent()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("earlier")
  void givenSessionOf5_whenAnEarlierVersionResumesIt_thenItsSubscriptionsHoldWithoutProperties(
      ProtocolVersion version) {
    var client = peer(ConnectBytes.v5("c").resume(60));
    client.subscribe("a", 1 | 0b100, 7);
    client.subscribe("b", 2 | 0b1000, 8);
    var publisher = peer("p").publish(PublishBytes.of("b", "1").expiry(500), 2);
    int packetId = client.nextPublish().packetId();
    client.disconnect();
    publisher.publish("a", "2", 1);

    var back = peer(ConnectBytes.of(version, "c").cleanStart(false));
    var again = back.nextPublish(); // read without any properties
    assertThat(again.dup()).isTrue();
    assertThat(again.packetId()).isEqualTo(packetId);
    back.puback(back.nextPublish().packetId());
    back.pubrec(packetId).next(Pubrel.class);
    back.pubcomp(packetId);
    back.publish("a", "own", 1).expectNothing();
    publisher.publish(PublishBytes.of("b", "live").retain(), 1);
    assertThat(back.nextPublish().retain()).as("none of its options shows").isFalse();
    back.disconnect();
    broker().advance(Duration.ofDays(6));
    assertThat(open().connect(ConnectBytes.v311("c").cleanStart(false)).sessionPresent())
        .as("the expiry of 5.0 does not hold any more")
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("earlier")
  void givenSessionOfAnEarlierVersion_when5ResumesIt_thenItsExpiryHolds(ProtocolVersion version) {
    var client = peer(ConnectBytes.of(version, "c").cleanStart(false));
    client.subscribe("a", 1);
    client.disconnect();
    var publisher = peer("p").publish("a", "1", 1);

    var back = open();
    assertThat(back.connect(ConnectBytes.v5("c").cleanStart(false)).sessionPresent()).isTrue();
    var publish = back.nextPublish();
    assertThat(publish.subscriptionIds()).isEmpty();
    back.puback(publish.packetId());
    publisher.publish(PublishBytes.of("a", "2").retain(), 1);
    assertThat(back.nextPublish().retain()).isFalse();
    back.disconnect();

    assertThat(broker().state().session("c")).as("no expiry: it ends at close").isNull();
  }

  @ParameterizedTest
  @CsvSource({"V5,V3_1_1", "V5,V3_1", "V3_1_1,V5", "V3_1,V5", "V3_1,V3_1_1"})
  void givenPublisherOfAnotherVersion_whenPublished_thenEachReadsWhatItsVersionKnows(
      ProtocolVersion from, ProtocolVersion to) {
    var subscriber = peer(ConnectBytes.of(to, "s"));
    subscriber.subscribe("a", 1);
    var publish = PublishBytes.of("a", "x");
    if (from == ProtocolVersion.V5) {
      publish.expiry(60).properties(Bytes.empty().u8(0x26).string("name").string("value"));
    }

    peer(ConnectBytes.of(from, "p")).publish(publish.retain(), 1);

    var live = subscriber.nextPublish();
    assertThat(live.topic().text()).isEqualTo("a");
    assertThat(live.properties().userProperties()).isEmpty();
    subscriber.puback(live.packetId());
    subscriber.subscribe("a", 1);
    assertThat(subscriber.nextPublish().retain()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("earlier")
  @Tag("edge-123")
  void givenShared_whenSubscribing_thenItIsAllowedToo(ProtocolVersion version) {
    var client = peer(ConnectBytes.of(version, "c"));
    assertThat(client.subscribe("$share/g/a", 1).reasons()).containsExactly(GRANTED_QOS_1);
    assertThat(client.subscribe("$share//a", 1).reasons()).containsExactly(UNSPECIFIED_ERROR);
    var other = peer(ConnectBytes.of(version, "d"));
    other.subscribe("$share/g/a", 1);

    peer("p").publish("a", "1", 1).publish("a", "2", 1);

    assertThat(Stream.of(client.nextText(), other.nextText())).containsExactlyInAnyOrder("1", "2");
    client.expectNothing();
    other.expectNothing();
  }

  @ParameterizedTest
  @MethodSource("earlier")
  @Tag("edge-147")
  void givenWildcardInTheTopic_whenPublishing_thenTheConnectionIsClosed(ProtocolVersion version) {
    peer(ConnectBytes.of(version, "c")).publish("a/+", "x").expectClosed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"$SYS/x", "$share/g/a"})
  @Tag("edge-150")
  void givenNameWithDollar_whenPublishing_thenItIsAcknowledgedAndDropped(String name) {
    var observer = peer("o");
    observer.subscribe("$SYS/#", 0);
    observer.subscribe("a", 0);

    peer(ConnectBytes.v311("c"))
        .publish(name, "x", 1)
        .publish(name, "x", 2)
        .publish(name, "x")
        .expectNothing();

    observer.expectNothing();
  }
}
