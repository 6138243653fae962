package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.TestAccess;

/** Enhanced authentication: MQTT 5.0 sections 3.15 and 4.12. */
class AuthConformanceTest extends BrokerUnderTest {
  private static final int CONTINUE = 0x18;
  private static final int REAUTHENTICATE = 0x19;

  private static byte[] auth(int reason, String method, String data) {
    return Bytes.packet(
        0xF0,
        Bytes.empty()
            .u8(reason)
            .block(Bytes.empty().u8(0x15).string(method).u8(0x16).string(data)));
  }

  private static byte[] proof(int reason) {
    return auth(reason, TestAccess.METHOD, TestAccess.PROOF);
  }

  private static ConnectBytes connect() {
    return ConnectBytes.v5("c").authentication(TestAccess.METHOD, "hello");
  }

  private static Optional<BinaryData> text(String text) {
    return Optional.of(BinaryData.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** A peer that was asked for its proof. */
  private Peer challenged() {
    return challenged(connect());
  }

  private Peer challenged(ConnectBytes connect) {
    var peer = open().send(connect);
    expectChallenge(peer);
    return peer;
  }

  private static void expectChallenge(Peer peer) {
    var challenge = peer.next(Auth.class);
    assertThat(challenge.reason()).isEqualTo(ReasonCode.CONTINUE_AUTHENTICATION);
    assertThat(challenge.method()).isEqualTo(TestAccess.METHOD);
    assertThat(challenge.data()).isPresent();
  }

  /** A peer that was accepted with its proof. */
  private Peer proved(ConnectBytes connect) {
    var peer = challenged(connect).send(proof(CONTINUE));
    assertThat(peer.next(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
    return peer;
  }

  @ParameterizedTest
  @Tag("MQTT-4.12.0-2")
  @Tag("MQTT-4.12.0-5")
  @Tag("MQTT-3.2.0-1")
  @ValueSource(ints = {0, 1, 2, 5})
  void givenMethod_whenTheServerAsksSeveralTimes_thenEachStepHasTheMethodUntilConnack(int asked) {
    broker().access().challenges = asked;
    var peer =
        open().send(ConnectBytes.v5("c").authentication(TestAccess.METHOD, TestAccess.PROOF));
    for (int i = 0; i < asked; i++) {
      expectChallenge(peer);
      peer.send(proof(CONTINUE));
    }

    var connack = peer.next(Connack.class);

    assertThat(connack.reason()).isEqualTo(ReasonCode.SUCCESS);
    assertThat(connack.properties().authenticationMethod())
        .isEqualTo(Optional.of(TestAccess.METHOD));
    assertThat(connack.properties().authenticationData()).isEqualTo(text("welcome"));
    peer.expectNothing();
  }

  @Test
  @Tag("MQTT-4.12.0-1")
  void givenMethodThatTheServerDoesNotHave_whenConnect_thenBadAuthenticationMethod() {
    open()
        .send(ConnectBytes.v5("c").authentication("X-NONE", ""))
        .expectRefusal(ReasonCode.BAD_AUTHENTICATION_METHOD);
  }

  @Test
  @Tag("MQTT-4.12.0-4")
  void givenChallenge_whenTheProofIsWrong_thenConnackSaysNotAuthorized() {
    challenged()
        .send(auth(CONTINUE, TestAccess.METHOD, "wrong"))
        .expectRefusal(ReasonCode.NOT_AUTHORIZED);
    assertThat(broker().state().sessionCount()).isZero();
  }

  @Test
  @Tag("MQTT-4.12.0-3")
  @Tag("MQTT-3.15.2-1")
  void givenChallenge_whenTheAnswerHasAnotherReason_thenConnackSaysProtocolError() {
    for (int reason : new int[] {REAUTHENTICATE, 0x00, 0x01, 0x87}) {
      challenged().send(proof(reason)).expectRefusal(ReasonCode.PROTOCOL_ERROR);
    }
  }

  @Test
  @Tag("MQTT-4.12.0-5")
  void givenChallenge_whenTheAnswerHasAnotherMethodOrNone_thenConnackSaysProtocolError() {
    challenged()
        .send(auth(CONTINUE, "X-OTHER", TestAccess.PROOF))
        .expectRefusal(ReasonCode.PROTOCOL_ERROR);
    challenged().sendHex("F0 02 18 00").expectRefusal(ReasonCode.PROTOCOL_ERROR);
    challenged().sendHex("F0 00").expectRefusal(ReasonCode.PROTOCOL_ERROR);
  }

  @Test
  @Tag("MQTT-3.1.2-30")
  void givenChallenge_whenAnotherPacketComes_thenRefusedAndNothingIsForwarded() {
    var watcher = peer("watcher");
    watcher.subscribe("#", 0);

    challenged(connect().will("w", "gone", 0, false))
        .send(PublishBytes.of("t", "x"))
        .expectRefusal(ReasonCode.PROTOCOL_ERROR);
    challenged().sendHex("C0 00").expectRefusal(ReasonCode.PROTOCOL_ERROR);
    challenged().send(connect()).expectRefusal(ReasonCode.PROTOCOL_ERROR);

    watcher.expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.2-30")
  void givenChallenge_whenAPacketComesThatIsWrongInItself_thenConnackHasACodeOfItsTable() {
    challenged().send(PublishBytes.of("t", "x").alias(0)).expectRefusal(ReasonCode.PROTOCOL_ERROR);
    challenged().send(PublishBytes.of("+", "x")).expectRefusal(ReasonCode.TOPIC_NAME_INVALID);
  }

  @Test
  @Tag("MQTT-3.1.2-30")
  @Tag("edge-68")
  void givenChallenge_whenTheClientDisconnects_thenClosedAndNoWillIsSent() {
    var watcher = peer("watcher");
    watcher.subscribe("#", 0);

    challenged(connect().will("w", "gone", 0, false)).sendHex("E0 01 04").expectClosed();

    watcher.expectNothing();
  }

  @Test
  @Tag("MQTT-4.12.0-4")
  void givenChallenges_whenTheyDoNotEnd_thenTheServerEndsThem() {
    start(options -> options.authenticationRounds = 3);
    broker().access().challenges = 100;
    var peer = challenged();
    for (int i = 0; i < 3; i++) {
      peer.send(proof(CONTINUE));
      expectChallenge(peer);
    }

    peer.send(proof(CONTINUE)).expectRefusal(ReasonCode.PROTOCOL_ERROR);
  }

  @Test
  @Tag("MQTT-4.12.0-4")
  void givenChallenge_whenTheClientIsSilent_thenTheConnectionIsClosedInTime() {
    var peer = challenged();

    broker().advance(Duration.ofSeconds(10));

    peer.expectClosed();
  }

  @Test
  @Tag("MQTT-4.12.0-4")
  void givenSession_whenSomebodyFailsToProveTheId_thenItIsNotTakenOver() {
    var online = proved(connect());

    challenged().send(auth(CONTINUE, TestAccess.METHOD, "x")).next(Connack.class);

    online.expectNothing();
  }

  @Test
  @Tag("MQTT-4.12.0-6")
  @Tag("MQTT-4.12.0-7")
  @Tag("edge-177")
  void givenNoMethod_whenAuthComes_thenItIsJudgedAsAfterConnack() {
    peer("c").send(proof(REAUTHENTICATE)).expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    peer("d").send(proof(CONTINUE)).expectDisconnect(ReasonCode.PROTOCOL_ERROR);

    var early = ConnectBytes.v5("e").toByteArray();
    var peer = open().send(Bytes.empty().raw(early).raw(proof(CONTINUE)).toByteArray());
    assertThat(peer.next(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
    peer.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
  }

  @Test
  @Tag("MQTT-3.15.1-1")
  void givenConnectionBefore5_whenAuthComes_thenClosed() {
    peer(ConnectBytes.v311("c")).send(proof(REAUTHENTICATE)).expectClosed();
    peer(ConnectBytes.v31("d")).send(proof(REAUTHENTICATE)).expectClosed();
  }

  @ParameterizedTest
  @Tag("MQTT-3.15.1-1")
  @Tag("MQTT-2.1.3-1")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
  void givenReservedBits_whenAuthComes_thenMalformedPacket(int flags) {
    var bytes = proof(REAUTHENTICATE);
    bytes[0] |= (byte) flags;
    proved(connect()).send(bytes).expectDisconnect(ReasonCode.MALFORMED_PACKET);

    bytes[0] = (byte) (0xF0 | flags);
    challenged().send(bytes).expectRefusal(ReasonCode.MALFORMED_PACKET);
  }

  @ParameterizedTest
  @Tag("MQTT-3.15.2-1")
  @ValueSource(ints = {0x00, 0x01, 0x04, 0x80, 0x87, 0xFF})
  void givenReasonThatNoClientHas_whenAuthComes_thenProtocolError(int reason) {
    proved(connect()).send(proof(reason)).expectDisconnect(ReasonCode.PROTOCOL_ERROR);
  }

  @Test
  @Tag("MQTT-3.15.2-2")
  @Tag("MQTT-3.15.2-3")
  void givenMaximumPacketSize_whenTheServerChallenges_thenAuthIsNotLarger() {
    var peer = open().send(connect().maximumPacketSize(40));

    assertThat(peer.nextBytes()).hasSizeLessThanOrEqualTo(40).startsWith(0xF0);
    assertThat(peer.send(proof(CONTINUE)).nextBytes())
        .hasSizeLessThanOrEqualTo(40)
        .startsWith(0x20);

    // a challenge that does not fit
    open().send(connect().maximumPacketSize(20)).expectRefusal(ReasonCode.PACKET_TOO_LARGE);
  }

  @Test
  @Tag("MQTT-4.12.1-1")
  @Tag("edge-176")
  void givenProvedClient_whenItAuthenticatesAgain_thenAuthSaysSuccessAndTrafficFlowsMeanwhile() {
    var peer = proved(connect());
    peer.subscribe("t", 0);

    for (int i = 0; i < 3; i++) {
      peer.send(auth(REAUTHENTICATE, TestAccess.METHOD, "again"));
      expectChallenge(peer);
      peer.publish("t", "meanwhile");
      assertThat(peer.nextPublish().topic().text()).isEqualTo("t");
      var done = peer.send(proof(CONTINUE)).next(Auth.class);
      assertThat(done.reason()).isEqualTo(ReasonCode.SUCCESS);
      assertThat(done.method()).isEqualTo(TestAccess.METHOD);
      assertThat(done.data()).isEqualTo(text("welcome"));
    }
    peer.expectNothing();
  }

  @Test
  @Tag("MQTT-4.12.1-1")
  void givenProvedClient_whenItAuthenticatesWithAnotherMethod_thenProtocolError() {
    proved(connect())
        .send(auth(REAUTHENTICATE, "X-OTHER", TestAccess.PROOF))
        .expectDisconnect(ReasonCode.PROTOCOL_ERROR);
  }

  @Test
  @Tag("MQTT-4.12.1-1")
  void givenProvedClient_whenTheStepsAreOutOfOrder_thenProtocolError() {
    proved(connect()).send(proof(CONTINUE)).expectDisconnect(ReasonCode.PROTOCOL_ERROR);

    var twice = proved(connect()).send(proof(REAUTHENTICATE));
    expectChallenge(twice);
    twice.send(proof(REAUTHENTICATE)).expectDisconnect(ReasonCode.PROTOCOL_ERROR);
  }

  @Test
  @Tag("MQTT-4.12.1-2")
  @Tag("MQTT-3.2.0-2")
  @Tag("edge-175")
  void givenProvedClient_whenItFailsToProveItselfAgain_thenDisconnectAndTheWillIsPublished() {
    var watcher = peer("watcher");
    watcher.subscribe("w", 0);
    var peer = proved(connect().will("w", "gone", 0, false));
    peer.send(auth(REAUTHENTICATE, TestAccess.METHOD, "again"));
    expectChallenge(peer);

    peer.send(auth(CONTINUE, TestAccess.METHOD, "wrong"))
        .expectDisconnect(ReasonCode.NOT_AUTHORIZED);

    assertThat(watcher.nextPublish().topic().text()).isEqualTo("w");
  }
}
