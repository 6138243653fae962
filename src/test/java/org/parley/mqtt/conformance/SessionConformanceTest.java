package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;

/** The state of sessions and how long it is kept: sections 3.1.2.11.2, 3.14.2.2.2 and 4.1. */
class SessionConformanceTest extends BrokerUnderTest {
  private static final long FOREVER = 0xFFFF_FFFFL;
  private static final Duration YEAR = Duration.ofDays(365);

  private static ConnectBytes kept(long expirySeconds) {
    return ConnectBytes.v5("c").resume(expirySeconds);
  }

  /** Whether the session is there, asked by a client that lets it end with the connection. */
  private boolean isKept() {
    return open().connect(ConnectBytes.v5("c").cleanStart(false)).sessionPresent();
  }

  private void pass(long seconds) {
    broker().advance(Duration.ofSeconds(seconds));
  }

  private static byte[] disconnect(long expirySeconds) {
    var properties = Bytes.empty().u8(0x11).u32(expirySeconds);
    return Bytes.packet(0xE0, Bytes.empty().u8(0).block(properties));
  }

  @Test
  @Tag("MQTT-4.1.0-1")
  void givenConnectionLongerThanItsExpiry_whenTimePasses_thenTheStateStays() {
    var client = peer(kept(1));
    client.subscribe("a", 1);

    for (int i = 0; i < 10; i++) {
      pass(10);
      client.expectNothing();
    }

    peer("p").publish("a", "x", 1);
    assertThat(client.nextText()).isEqualTo("x");
    client.reset();
    broker().awaitConnections(1);
    assertThat(isKept()).isTrue();
  }

  @ParameterizedTest
  @Tag("MQTT-4.1.0-2")
  @ValueSource(booleans = {false, true})
  void givenExpiry_whenItHasPassedOffline_thenAllStateIsGone(boolean orderly) {
    var client = peer(kept(2));
    client.subscribe("a", 1);
    client.subscribe("$share/g/a", 1);
    if (orderly) {
      client.disconnect();
    } else {
      client.reset();
    }
    broker().awaitConnections(0);
    var publisher = peer("p").publish("a", "queued", 1);

    pass(1);
    assertThat(broker().state().sessionCount()).isEqualTo(2);
    pass(2);

    assertThat(broker().state().sessionCount()).isOne();
    assertThat(broker().state().subscriptionCount()).isZero();
    assertThat(publisher.send(PublishBytes.of("a", "x").qos(1, 9)).next(Puback.class).reason())
        .as("the shared group was left")
        .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
    assertThat(isKept()).isFalse();
  }

  @ParameterizedTest
  @Tag("edge-27")
  @CsvSource({"10,300,299,true", "10,300,301,false", "300,10,11,false", "300,0,0,false"})
  void givenExpiryInDisconnect_whenTimePasses_thenItReplacesTheOneOfConnect(
      long connect, long disconnect, long passed, boolean kept) {
    peer(kept(connect)).send(disconnect(disconnect)).expectClosed();

    pass(passed);

    assertThat(isKept()).isEqualTo(kept);
  }

  @ParameterizedTest
  @Tag("edge-28")
  @ValueSource(booleans = {false, true})
  void givenConnectWithExpiry0_whenDisconnectHasAnother_thenProtocolErrorAndTheWillIsPublished(
      boolean said) {
    var observer = peer("o");
    observer.subscribe("w", 0);
    var connect = ConnectBytes.v5("c").will("w", "will", 0, false);

    peer(said ? connect.expiry(0) : connect)
        .send(disconnect(3600))
        .expectDisconnect(ReasonCode.PROTOCOL_ERROR);

    assertThat(observer.nextText()).isEqualTo("will");
    assertThat(isKept()).isFalse();
  }

  @Test
  @Tag("edge-29")
  void givenDisconnectWithoutExpiry_whenItIsSent_thenTheOneOfConnectHoldsAnd0EndsAtOnce() {
    peer(kept(300)).disconnect();
    pass(299);
    assertThat(broker().state().sessionCount()).isOne();

    peer(kept(300)).send(disconnect(0)).expectClosed();
    assertThat(broker().state().sessionCount()).isZero();
  }

  @Test
  @Tag("edge-30")
  void givenSessionIsResumed_whenConnectHasAnotherExpiry_thenThatHolds() {
    peer(kept(10)).disconnect();
    peer(kept(1000)).disconnect();
    pass(999);
    peer(kept(5)).disconnect();
    assertThat(broker().state().sessionCount()).isOne();
    pass(6);
    assertThat(isKept()).isFalse();

    peer(kept(1000)).disconnect();
    assertThat(isKept()).as("resumed with an expiry of 0").isTrue();
  }

  @Test
  @Tag("edge-31")
  void givenServerWithoutALimit_whenTheExpiryIsTheLargest_thenTheSessionNeverEnds() {
    start(options -> options.maximumSessionExpiry = FOREVER);
    var client = open();
    assertThat(client.connect(kept(FOREVER)).properties().sessionExpiry()).isEmpty();
    client.disconnect();

    broker().advance(YEAR.multipliedBy(200));

    assertThat(isKept()).isTrue();
  }

  @ParameterizedTest
  @Tag("edge-31")
  @CsvSource({"4294967294", "2147483648", "2147483647", "4294967295"})
  void givenLargeExpiry_whenConnecting_thenTheServersLimitHoldsAndIsTold(long asked) {
    start(options -> options.maximumSessionExpiry = 1000);
    var client = open();
    assertThat(client.connect(kept(asked)).properties().sessionExpiry()).hasValue(1000);
    client.send(disconnect(asked)).expectClosed();

    pass(999);
    assertThat(broker().state().sessionCount()).isOne();
    pass(2);
    assertThat(isKept()).isFalse();
  }

  @Test
  @Tag("edge-32")
  void givenNoExpiry_whenTheConnectionEnds_thenTheSessionDoes() {
    peer(ConnectBytes.v5("c").cleanStart(false)).disconnect();

    assertThat(isKept()).isFalse();
  }

  @Test
  @Tag("edge-34")
  void givenSessionOffline_whenTheRightsAreReadAgain_thenItEndsAtItsTime() {
    peer(kept(10)).disconnect();

    pass(6);
    broker().rightsChanged();
    pass(5);

    assertThat(isKept()).isFalse();
  }

  @ParameterizedTest
  @Tag("edge-35")
  @EnumSource(ProtocolVersion.class)
  void givenLimitOfTheServer_whenSessionsAreForever_thenItHoldsForThem(ProtocolVersion version) {
    start(options -> options.maximumSessionExpiry = 1000);
    peer(ConnectBytes.of(version, "c").resume(FOREVER)).disconnect();

    pass(999);
    assertThat(broker().state().sessionCount()).isOne();
    pass(2);
    assertThat(isKept()).isFalse();
  }

  @ParameterizedTest
  @Tag("edge-38")
  @EnumSource(ProtocolVersion.class)
  void givenSessionThatEndsWithItsConnection_whenThatIsCut_thenNothingIsLeft(
      ProtocolVersion version) {
    var client = peer(ConnectBytes.of(version, "c"));
    client.subscribe("a", 2);
    client.send(PublishBytes.of("b", "x").qos(2, 1)).next(Pubrec.class);
    peer("p").publish("a", "x", 1);
    client.nextPublish();

    client.reset();
    broker().awaitConnections(1);

    assertThat(broker().state().sessionCount()).isOne();
    assertThat(broker().state().subscriptionCount()).isZero();
    peer(kept(60)).expectNothing();
  }

  @Test
  @Tag("edge-45")
  @Tag("edge-46")
  @Tag("edge-51")
  void givenAllKindsOfState_whenResumed_thenNoneIsMissing() {
    var client = peer(kept(1000));
    client.subscribe("a/#", 2, 7);
    var publisher = peer("p");
    publisher.publish("a/1", "1", 1).publish("a/2", "2", 2).publish("a/3", "3", 2);
    int first = client.nextPublish().packetId();
    int second = client.nextPublish().packetId();
    int third = client.nextPublish().packetId();
    client.pubrec(second).next(Pubrel.class);
    client.send(PublishBytes.of("b", "x").qos(2, 77)).next(Pubrec.class);
    client.reset();
    broker().awaitConnections(1);
    for (int i = 4; i < 500; i++) {
      var puback = publisher.send(PublishBytes.of("a/" + i, "" + i).qos(1, 1)).next(Puback.class);
      assertThat(puback.reason()).isEqualTo(ReasonCode.SUCCESS);
    }
    pass(999);

    var back = peer(kept(1000));
    assertThat(back.next(Pubrel.class).packetId()).isEqualTo(second);
    for (int owed : new int[] {first, third}) {
      var again = back.nextPublish();
      assertThat(again.packetId()).isEqualTo(owed);
      assertThat(again.dup()).isTrue();
    }
    for (int i = 4; i < 500; i++) {
      var publish = back.nextPublish();
      assertThat(publish.topic().text()).isEqualTo("a/" + i);
      assertThat(publish.subscriptionIds()).containsExactly(7);
      assertThat(publish.dup()).as("never sent before").isFalse();
      back.puback(publish.packetId());
    }
    back.pubrel(77);
    assertThat(back.next(Pubcomp.class).reason()).isEqualTo(ReasonCode.SUCCESS);
    publisher.publish("a/live", "live", 1);
    assertThat(back.nextText()).isEqualTo("live");
  }

  @ParameterizedTest
  @Tag("edge-47")
  @ValueSource(booleans = {false, true})
  void givenReceiveMaximumOf1_whenTheNextConnectSays5_thenThatHolds(boolean takeover) {
    var client = peer(kept(60).receiveMaximum(1));
    client.subscribe("a", 1);
    var publisher = peer("p");
    for (int i = 0; i < 9; i++) {
      publisher.publish("a", "" + i, 1);
    }
    assertThat(client.nextText()).isEqualTo("0");
    client.expectNothing();
    if (!takeover) {
      client.disconnect();
    }

    var back = peer(kept(60).receiveMaximum(5));
    for (int i = 0; i < 5; i++) {
      assertThat(back.nextText()).isEqualTo("" + i);
    }
    back.expectNothing().disconnect();

    var again = peer(kept(60).receiveMaximum(2));
    assertThat(List.of(again.nextText(), again.nextText())).containsExactly("0", "1");
    again.expectNothing();
  }

  @Test
  @Tag("edge-48")
  void givenUnacknowledgedQos2_whenReconnectingOftenEnough_thenNoQuotaIsLost() {
    var publisher = peer("p");
    peer(kept(600)).subscribe("a", 2);
    for (int i = 0; i < 4; i++) {
      publisher.publish("a", "" + i, 2);
    }
    for (int round = 0; round < 30; round++) {
      var client = peer(kept(600).receiveMaximum(3));
      for (int i = 0; i < 3; i++) {
        assertThat(client.nextText()).isEqualTo("" + i);
      }
      client.expectNothing().reset();
    }

    var client = peer(kept(600).receiveMaximum(3));
    int[] packetIds = IntStream.range(0, 3).map(_ -> client.nextPublish().packetId()).toArray();
    for (int packetId : packetIds) {
      client.pubrec(packetId).next(Pubrel.class);
    }
    client.expectNothing().pubcomp(packetIds[0]);
    assertThat(client.nextText()).isEqualTo("3");
  }

  @Test
  @Tag("MQTT-3.1.3-2")
  @Tag("edge-49")
  void givenClientIdentifiersThatAreAlmostTheSame_whenUsed_thenEachHasItsOwnSession() {
    var ids =
        List.of(
            "a", "A", "a/", "a/b", "a:b", "a+b", "a#", "$a", "a$", "ab", "a b", "a%2Fb", "a\\b",
            "../a", "\u00e9", "e\u0301", "a,b", "a\"b", "*", "?");
    for (int i = 0; i < ids.size(); i++) {
      var client = peer(ConnectBytes.v5(ids.get(i)).resume(60));
      client.subscribe("t/" + i, 1);
      client.disconnect();
    }
    var publisher = peer("p");
    IntStream.range(0, ids.size()).forEach(i -> publisher.publish("t/" + i, ids.get(i), 1));

    for (var id : ids) {
      var client = open();
      assertThat(client.connect(ConnectBytes.v5(id).resume(60)).sessionPresent()).isTrue();
      assertThat(client.nextText()).isEqualTo(id);
      client.expectNothing();
    }
  }

  @Test
  @Tag("edge-50")
  void givenOneWillFails_whenManyAreDue_thenTheOthersArePublishedAndTheSessionsEnd() {
    var observer = peer("o");
    observer.subscribe("will/+", 0);
    for (int i = 0; i < 10; i++) {
      peer(ConnectBytes.v5("w" + i).resume(60).will("will/" + i, "" + i, 0, false).willDelay(10))
          .sendHex("E0 01 04")
          .expectClosed();
    }
    broker().access().failing.add("will/4");

    pass(11);

    for (int i = 0; i < 10; i++) {
      if (i != 4) {
        assertThat(observer.nextText()).isEqualTo("" + i);
      }
    }
    observer.expectNothing();
    pass(60);
    assertThat(broker().state().sessionCount()).isOne();
  }

  @Test
  @Tag("edge-50")
  void givenOneConnectionFails_whenItPublishes_thenOthersGoOn() {
    broker().access().failing.add("fault");
    var other = peer("o");
    other.subscribe("a", 0);

    peer("c").publish("fault", "x").expectDisconnect(ReasonCode.UNSPECIFIED_ERROR);

    other.publish("a", "x");
    assertThat(other.nextText()).isEqualTo("x");
  }
}
