package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.UserProperty;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** What a Will is, and who may leave one: MQTT 5.0 sections 3.1.2.5 and 3.1.3.2. */
class WillConformanceTest extends BrokerUnderTest {

  private Peer watcher() {
    var watcher = peer("watcher");
    watcher.subscribe("w", 2);
    return watcher;
  }

  private static String text(Publish publish) {
    return new String(publish.payload().toByteArray(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-7")
  @CsvSource({"V5,0", "V5,1", "V5,2", "V3_1_1,0", "V3_1_1,1", "V3_1_1,2", "V3_1,0", "V3_1,2"})
  void givenWill_whenTheConnectionIsLost_thenItIsPublishedAsItWas(
      ProtocolVersion version, int qos) {
    var watcher = watcher();
    var peer = peer(ConnectBytes.of(version, "c").will("w", "gone", qos, false));

    peer.reset();

    var will = watcher.nextPublish();
    assertThat(will.topic().text()).isEqualTo("w");
    assertThat(text(will)).isEqualTo("gone");
    assertThat(will.qos()).isEqualTo(QoS.of(qos));
    assertThat(will.retain()).isFalse();
  }

  @Test
  @Tag("MQTT-3.1.2-10")
  @Tag("edge-56")
  void givenWillThatWasPublished_whenTheClientComesAndGoesWithoutOne_thenNothingMore() {
    var watcher = watcher();
    peer(ConnectBytes.v5("c").resume(60).will("w", "gone", 0, false)).reset();
    watcher.nextPublish();

    peer(ConnectBytes.v5("c").resume(60)).sendHex("E0 01 04").expectClosed();
    broker().advance(Duration.ofSeconds(61));

    watcher.expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.2-10")
  @Tag("edge-56")
  void givenWillThatWasDeleted_whenTheSessionEndsMuchLater_thenNothingIsPublished() {
    var watcher = watcher();
    peer(ConnectBytes.v5("c").resume(60).will("w", "gone", 0, false)).disconnect();

    peer(ConnectBytes.v5("c").resume(60)).sendHex("E0 01 04").expectClosed();
    broker().advance(Duration.ofSeconds(61));

    watcher.expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.2-14")
  void givenWillThatIsNotRetained_whenPublished_thenTheRetainedMessageStays() {
    var watcher = watcher();
    peer("p").send(PublishBytes.of("w", "kept").retain()).expectNothing();
    assertThat(text(watcher.nextPublish())).isEqualTo("kept");
    peer(ConnectBytes.v5("c").will("w", "gone", 0, false)).sendHex("E0 01 04").expectClosed();
    assertThat(text(watcher.nextPublish())).isEqualTo("gone");

    var late = peer("late");
    late.subscribe("w", 0);

    assertThat(text(late.nextPublish())).isEqualTo("kept");
    late.expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.2-15")
  void givenWillThatIsRetained_whenPublished_thenItIsTheRetainedMessage() {
    peer(ConnectBytes.v5("c").will("w", "gone", 1, true)).sendHex("E0 01 04").expectClosed();

    var late = peer("late");
    late.subscribe("w", 1);

    var retained = late.nextPublish();
    assertThat(retained.retain()).isTrue();
    assertThat(text(retained)).isEqualTo("gone");
  }

  @Test
  @Tag("MQTT-3.1.2-15")
  void givenRetainedWillWithoutPayload_whenPublished_thenTheRetainedMessageIsRemoved() {
    peer("p").send(PublishBytes.of("w", "kept").retain()).expectNothing();
    peer(ConnectBytes.v5("c").will("w", "", 0, true)).sendHex("E0 01 04").expectClosed();

    var late = peer("late");
    late.subscribe("w", 0);
    late.expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.3-10")
  @Tag("edge-64")
  @Tag("edge-65")
  void givenWillWithAllProperties_whenPublished_thenAllButTheDelayArriveInOrder() {
    var watcher = watcher();
    var connect =
        ConnectBytes.v5("c")
            .resume(100)
            .will("w", "gone", 1, false)
            .willDelay(5)
            .willProperties(
                Bytes.empty()
                    .raw("26")
                    .string("a")
                    .string("1")
                    .raw("01 01 02 00 00 00 1E")
                    .raw("26")
                    .string("b")
                    .string("2")
                    .raw("03")
                    .string("text/plain")
                    .raw("08")
                    .string("answer/here")
                    .raw("09")
                    .string("id")
                    .raw("26")
                    .string("a")
                    .string("3"));
    peer(connect).sendHex("E0 01 04").expectClosed();
    broker().advance(Duration.ofSeconds(5));

    var properties = watcher.nextPublish().properties(); // the reader knows what may stand there

    assertThat(properties.userProperties())
        .containsExactly(
            new UserProperty("a", "1"), new UserProperty("b", "2"), new UserProperty("a", "3"));
    assertThat(properties.payloadFormat()).isEqualTo(OptionalInt.of(1));
    assertThat(properties.messageExpiry())
        .isEqualTo(OptionalLong.of(30)); // counted from publication, not from CONNECT
    assertThat(properties.contentType()).isEqualTo(Optional.of("text/plain"));
    assertThat(properties.responseTopic()).isEqualTo(Optional.of("answer/here"));
    assertThat(properties.correlationData().orElseThrow().length()).isEqualTo(2);
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.3-11")
  @Tag("edge-62")
  @ValueSource(strings = {"", "#", "a/+", "a/#/b", "$SYS/broker", "$share/g/t"})
  void givenWillTopicThatNobodyMayPublishTo_whenConnect_thenTopicNameInvalid(String topic) {
    open()
        .send(ConnectBytes.v5("c").will(topic, "x", 0, false))
        .expectRefusal(ReasonCode.TOPIC_NAME_INVALID);
    open().send(ConnectBytes.v311("c").will(topic, "x", 0, false)).expectClosed();
    open().send(ConnectBytes.v31("c").will(topic, "x", 0, false)).expectClosed();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.4-2")
  @Tag("edge-61")
  @CsvSource({"V5", "V3_1_1", "V3_1"})
  void givenWillTopicThatIsNotAllowed_whenConnect_thenNotAuthorized(ProtocolVersion version) {
    broker().access().denied.add("w");

    open()
        .send(ConnectBytes.of(version, "c").will("w", "x", 0, false))
        .expectRefusal(ReasonCode.NOT_AUTHORIZED);
  }

  @Test
  @Tag("MQTT-3.1.4-2")
  @Tag("edge-61")
  void givenWill_whenItsTopicIsNotAllowedAnyMore_thenItIsNotPublished() {
    var watcher = peer("watcher");
    watcher.subscribe("#", 0);
    var peer = peer(ConnectBytes.v5("c").will("w", "x", 0, false));
    broker().access().denied.add("w");
    broker().rightsChanged();

    peer.sendHex("E0 01 04").expectClosed();

    watcher.expectNothing();
  }

  @Test
  @Tag("edge-63")
  void givenWillBeyondTheLimitOfMessages_whenConnect_thenPacketTooLarge() {
    start(options -> options.maximumPacketSize = 500);
    var watcher = watcher();

    open()
        .send(ConnectBytes.v5("c").will("w", "x".repeat(600), 0, false))
        .expectRefusal(ReasonCode.PACKET_TOO_LARGE);
    open().send(ConnectBytes.v311("c").will("w", "x".repeat(600), 0, false)).expectClosed();

    peer(ConnectBytes.v5("c").will("w", "x".repeat(400), 0, false)).reset();
    assertThat(watcher.nextPublish().payload().length()).isEqualTo(400);
  }

  @Test
  @Tag("MQTT-3.1.2-7")
  void givenWillForOwnSubscription_whenTakenOver_thenItIsHeardByTheSessionThatGoesOn() {
    var peer = peer(ConnectBytes.v5("c").resume(60).will("w", "gone", 1, false));
    peer.subscribe("w", 1);

    var next = peer(ConnectBytes.v5("c").resume(60));

    assertThat(text(next.nextPublish())).isEqualTo("gone");
  }

  @Test
  @Tag("edge-67")
  void givenClientsWithWills_whenTheServerStops_thenTheyAreToldAndTheirWillsAreNotLost() {
    var keeper = peer(ConnectBytes.v5("keeper").resume(600));
    keeper.subscribe("w", 1);
    keeper.disconnect();
    var five = peer(ConnectBytes.v5("five").will("w", "5", 1, false));
    var four = peer(ConnectBytes.v311("four").will("w", "4", 1, false));

    broker().broker().stop(Duration.ofSeconds(10));

    five.expectDisconnect(ReasonCode.SERVER_SHUTTING_DOWN);
    four.expectClosed();
    broker().awaitConnections(0);
    broker().broker().start();
    var back = peer(ConnectBytes.v5("keeper").resume(600));
    assertThat(List.of(text(back.nextPublish()), text(back.nextPublish())))
        .containsExactlyInAnyOrder("5", "4");
  }
}
