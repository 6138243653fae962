package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;

/** Who is accepted and with what session: MQTT 5.0 sections 3.1.2.4, 3.1.3.1, 3.1.4 and 3.2. */
class GreetingConformanceTest extends BrokerUnderTest {

  private static byte[] joined(byte[]... parts) {
    var all = Bytes.empty();
    for (var part : parts) {
      all.raw(part);
    }
    return all.toByteArray();
  }

  /** A session that is kept, with a subscription and a message that waits. */
  private void keepSession(ConnectBytes connect) {
    var first = peer(connect);
    first.subscribe("kept", 1);
    first.disconnect();
    peer("publisher").publish("kept", "waits", 1);
  }

  @Test
  @Tag("MQTT-3.1.2-4")
  @Tag("MQTT-3.2.2-2")
  @Tag("MQTT-3.1.4-4")
  void givenSession_whenConnectWithCleanStart_thenNothingOfItIsLeft() {
    keepSession(ConnectBytes.v5("c").resume(300));

    var back = open();
    assertThat(back.connect(ConnectBytes.v5("c").expiry(300)).sessionPresent()).isFalse();

    peer("other").publish("kept", "nobody hears it", 1);
    back.expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.2-5")
  @Tag("MQTT-3.1.2-23")
  @Tag("MQTT-3.2.2-3")
  void givenSession_whenConnectWithoutCleanStart_thenItGoesOn() {
    keepSession(ConnectBytes.v5("c").resume(300));

    var back = open();
    assertThat(back.connect(ConnectBytes.v5("c").resume(300)).sessionPresent()).isTrue();

    assertThat(back.nextPublish().topic().text()).isEqualTo("kept");
  }

  @Test
  @Tag("MQTT-3.1.2-5")
  void givenSessionOf311_whenConnectWithoutCleanSession_thenItGoesOn() {
    keepSession(ConnectBytes.v311("c").cleanStart(false));

    var back = open();
    assertThat(back.connect(ConnectBytes.v311("c").cleanStart(false)).sessionPresent()).isTrue();

    assertThat(back.nextPublish().topic().text()).isEqualTo("kept");
  }

  @Test
  @Tag("MQTT-3.1.2-23")
  @Tag("MQTT-3.2.2-3")
  void givenSession_whenItsExpiryIntervalIsOver_thenItIsGone() {
    keepSession(ConnectBytes.v5("c").resume(60));
    broker().advance(Duration.ofSeconds(60));

    assertThat(open().connect(ConnectBytes.v5("c").resume(60)).sessionPresent()).isFalse();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-6")
  @Tag("MQTT-3.2.2-3")
  @CsvSource({"V5", "V3_1_1", "V3_1"})
  void givenNoSession_whenConnectWithoutCleanStart_thenOneIsMade(ProtocolVersion version) {
    var peer = open();

    var connack = peer.connect(ConnectBytes.of(version, "c").resume(60));

    assertThat(connack.sessionPresent()).isFalse();
    assertThat(connack.reason()).isEqualTo(ReasonCode.SUCCESS);
    peer.subscribe("a", 0);
    assertThat(peer.publish("a", "x").nextPublish().topic().text()).isEqualTo("a");
  }

  @Test
  @Tag("MQTT-3.1.3-2")
  void givenIdentifiersThatDifferInOneByte_whenConnected_thenTheirSessionsAreTheirOwn() {
    keepSession(ConnectBytes.v5("client").resume(60));

    for (var other : new String[] {"Client", "client1", "clien", "clien\u0442"}) {
      assertThat(open().connect(ConnectBytes.v5(other).resume(60)).sessionPresent()).isFalse();
    }
    assertThat(open().connect(ConnectBytes.v5("client").resume(60)).sessionPresent()).isTrue();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.3-5")
  @ValueSource(
      strings = {
        "a",
        "0",
        "0123456789abcdefghijklm",
        "nopqrstuvwxyzABCDEFGHIJ",
        "KLMNOPQRSTUVWXYZ"
      })
  void givenIdentifierThatEveryServerTakes_whenConnect_thenAccepted(String clientId) {
    peer(ConnectBytes.v5(clientId)).expectNothing();
    peer(ConnectBytes.v311(clientId)).expectNothing();
    peer(ConnectBytes.v31(clientId)).expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.3-6")
  @Tag("MQTT-3.1.3-7")
  @Tag("MQTT-3.2.2-16")
  void givenNoIdentifier_whenConnect_thenEachGetsOneThatIsToldAndWorks() {
    var first = open();
    var second = open();

    var one = first.connect(ConnectBytes.v5("").resume(60)).properties().assignedClientId();
    var two = second.connect(ConnectBytes.v5("").resume(60)).properties().assignedClientId();

    assertThat(one).isPresent().isNotEqualTo(two);
    assertThat(two).isPresent();
    first.disconnect();
    var back = open().connect(ConnectBytes.v5(one.orElseThrow()).resume(60));
    assertThat(back.sessionPresent()).isTrue();
    assertThat(back.properties().assignedClientId()).isEmpty();
  }

  @Test
  @Tag("MQTT-3.1.3-6")
  @Tag("edge-6")
  @Tag("edge-23")
  void givenNoIdentifierBefore5_whenConnect_thenOnly311WithCleanSessionIsAccepted() {
    var silent = open().send(ConnectBytes.v311(""));
    assertThat(silent.nextBytes()).isEqualTo(Bytes.hex("20 02 00 00"));
    peer(ConnectBytes.v311("")).expectNothing(); // two of them do not meet
    silent.expectNothing();

    open()
        .send(ConnectBytes.v311("").cleanStart(false))
        .expectRefusal(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
    open().send(ConnectBytes.v31("")).expectRefusal(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.3-8")
  @Tag("MQTT-3.2.2-7")
  @CsvSource({"V5", "V3_1_1", "V3_1"})
  void givenIdentifierThatIsNotAllowed_whenConnect_thenIdentifierNotValid(ProtocolVersion version) {
    broker().access().refusedIds.add("somebody-else");

    open()
        .send(ConnectBytes.of(version, "somebody-else"))
        .expectRefusal(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
  }

  @Test
  @Tag("MQTT-3.1.3-8")
  void givenIdentifierBeyondTheLimit_whenConnect_thenIdentifierNotValid() {
    start(options -> options.clientIdLength = 30);

    peer("a".repeat(30));
    open()
        .send(ConnectBytes.v5("a".repeat(31)))
        .expectRefusal(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.4-2")
  @Tag("MQTT-4.13.2-1")
  @Tag("edge-18")
  @CsvSource({"V5", "V3_1_1", "V3_1"})
  void givenAWrongPassword_whenConnect_thenBadUserNameOrPassword(ProtocolVersion version) {
    broker().access().passwords.put("user", "right");

    open()
        .send(ConnectBytes.of(version, "c").userName("user").password("wrong"))
        .expectRefusal(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    peer(ConnectBytes.of(version, "c").userName("user").password("right")).expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.4-2")
  @Tag("edge-18")
  @CsvSource({"V5", "V3_1_1", "V3_1"})
  void givenAClientThatMayNotConnect_whenConnect_thenNotAuthorized(ProtocolVersion version) {
    broker().access().banned.add("c");

    open().send(ConnectBytes.of(version, "c")).expectRefusal(ReasonCode.NOT_AUTHORIZED);
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.4-2")
  @Tag("edge-18")
  @CsvSource({"V5", "V3_1_1", "V3_1"})
  void givenAServerThatIsGoingDown_whenConnect_thenServerUnavailable(ProtocolVersion version) {
    broker().broker().drain();

    open().send(ConnectBytes.of(version, "c")).expectRefusal(ReasonCode.SERVER_UNAVAILABLE);
  }

  @Test
  @Tag("edge-18")
  void givenAsManySessionsAsThereMayBe_whenAnotherConnects_thenQuotaExceeded() {
    start(options -> options.sessions = 1);
    peer("first");

    open().send(ConnectBytes.v5("second")).expectRefusal(ReasonCode.QUOTA_EXCEEDED);
    open().send(ConnectBytes.v311("second")).expectRefusal(ReasonCode.SERVER_UNAVAILABLE);
    peer("first").expectNothing(); // it takes over its own
  }

  @Test
  @Tag("MQTT-3.2.2-6")
  @Tag("MQTT-3.2.2-7")
  void givenSession_whenItsClientIsRefused_thenSessionPresentIs0AndTheSessionStays() {
    keepSession(ConnectBytes.v5("c").resume(60));
    broker().access().banned.add("c");

    open().send(ConnectBytes.v5("c").cleanStart(false)).expectRefusal(ReasonCode.NOT_AUTHORIZED);
    open().send(ConnectBytes.v5("c")).expectRefusal(ReasonCode.NOT_AUTHORIZED);

    broker().access().banned.clear();
    assertThat(open().connect(ConnectBytes.v5("c").resume(60)).sessionPresent()).isTrue();
  }

  @Test
  @Tag("MQTT-3.1.4-6")
  @Tag("edge-68")
  void givenAConnectThatIsRefused_whenMoreFollows_thenNothingOfItIsDoneAndNoWillIsSent() {
    var watcher = peer("watcher");
    watcher.subscribe("#", 0);
    broker().access().passwords.put("user", "right");
    var connect =
        ConnectBytes.v5("c").userName("user").password("wrong").will("w", "gone", 0, false);

    var refused = open();
    refused.send(
        joined(
            connect.toByteArray(),
            PublishBytes.of("t", "x").toByteArray(ProtocolVersion.V5),
            Bytes.hex("C0 00")));

    refused.expectRefusal(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    watcher.expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.4-3")
  void givenClientsOfEveryVersion_whenTheSameIdConnectsAgain_thenTheFormerConnectionIsClosed() {
    var five = peer(ConnectBytes.v5("c"));
    var four = peer(ConnectBytes.v311("c"));
    five.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
    var three = peer(ConnectBytes.v31("c"));
    four.expectClosed();
    var last = peer(ConnectBytes.v5("c"));
    three.expectClosed();
    last.expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.4-4")
  @CsvSource({"true,false", "false,true"})
  void givenConnectionWithSession_whenTakenOver_thenCleanStartDecides(
      boolean cleanStart, boolean present) {
    peer(ConnectBytes.v5("c").resume(60)).subscribe("t", 1);

    var next = open();
    var connack = next.connect(ConnectBytes.v5("c").cleanStart(cleanStart).expiry(60));

    assertThat(connack.sessionPresent()).isEqualTo(present);
  }

  @Test
  @Tag("MQTT-3.2.0-1")
  @Tag("MQTT-3.2.0-2")
  @Tag("MQTT-3.1.4-5")
  @Tag("edge-19")
  void givenMessagesThatWait_whenResumedWithRequestsBehindConnect_thenConnackIsFirstAndOnlyOne() {
    keepSession(ConnectBytes.v5("c").resume(300));
    peer("retainer").send(PublishBytes.of("kept", "retained").retain()).expectNothing();

    var back = open();
    back.send(
        joined(
            ConnectBytes.v5("c").resume(300).toByteArray(),
            back.subscription(1, "kept", 1),
            Bytes.hex("C0 00")));

    assertThat(back.next(Connack.class).sessionPresent()).isTrue();
    int connacks = 0;
    int publishes = 0;
    int subacks = 0;
    while (publishes < 2 || subacks < 1) {
      switch (back.next()) {
        case Connack _ -> connacks++;
        case Publish _ -> publishes++;
        case Suback _ -> subacks++;
        default -> {}
      }
    }
    assertThat(connacks).isZero();
  }

  @Test
  @Tag("MQTT-3.2.2-1")
  @Tag("MQTT-2.2.2-1")
  void givenAcceptedAndRefusedClients_whenAnswered_thenTheReservedFlagsAre0AndALengthIsThere() {
    broker().access().banned.add("banned");
    for (var id : new String[] {"ok", "banned"}) {
      var connack = open().send(ConnectBytes.v5(id)).nextBytes();
      assertThat(connack[2]).isBetween((byte) 0, (byte) 1);
      assertThat(connack.length - 5).isEqualTo(connack[4]); // Property Length
    }
  }

  @Test
  @Tag("MQTT-3.1.4-2")
  void givenAClientBeingAccepted_whenTheServerSaysGoodbye_thenItsSessionIsNotLeftOnline() {
    broker().access().whenPublishing = this::dismissAll;

    var peer = open();
    assertThat(peer.connect(ConnectBytes.v5("c").will("w", "gone", 0, false)).reason())
        .isEqualTo(ReasonCode.SUCCESS);

    peer.expectDisconnect(ReasonCode.ADMINISTRATIVE_ACTION);
    broker().awaitConnections(0);
    assertThat(broker().state().onlineCount()).isZero();
  }

  @Test
  @Tag("MQTT-3.1.4-2")
  void givenAClientBeingJudged_whenTheServerSaysGoodbye_thenItHasNoSession() {
    broker().access().whenConnecting = this::dismissAll;

    open().send(ConnectBytes.v5("c")).expectRefusal(ReasonCode.SERVER_UNAVAILABLE);

    broker().awaitConnections(0);
    assertThat(broker().state().sessionCount()).isZero();
  }

  private void dismissAll() {
    broker().broker().dismissAll(ReasonCode.ADMINISTRATIVE_ACTION);
  }

  @ParameterizedTest
  @Tag("edge-58")
  @CsvSource({"V5", "V3_1_1"})
  void givenAllOfAConversationInOneSegment_whenItEndsWithFin_thenAllOfItIsDone(
      ProtocolVersion version) {
    var watcher = peer("watcher");
    watcher.subscribe("#", 0);
    for (int i = 0; i < 20; i++) {
      open()
          .send(
              joined(
                  ConnectBytes.of(version, "c").will("w", "lost", 0, false).toByteArray(),
                  PublishBytes.of("t", "said").toByteArray(version),
                  Bytes.hex("E0 00")))
          .endOutput();
      assertThat(watcher.nextPublish().topic().text()).isEqualTo("t");
      broker().awaitConnections(1);
    }
    watcher.expectNothing();
    assertThat(broker().state().onlineCount()).isOne();
  }
}
