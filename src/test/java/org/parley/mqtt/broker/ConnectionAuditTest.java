package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.policy.file.Policies.allow;
import static org.parley.policy.file.Policies.deny;
import static org.parley.policy.file.Policies.policyOf;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditPeer;
import org.parley.audit.AuditResult;
import org.parley.audit.RecordingAuditLog;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.policy.Policy;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.TestAccess;
import org.parley.testing.mqtt.TestBroker;
import org.parley.testing.mqtt.TestOptions;

/** What the audit log is told of MQTT: who, what, with which result, and no secret. */
class ConnectionAuditTest {
  private static final Policy POLICY =
      policyOf(
          allow("own-name", "action: connect\nclient_ids: ['%u', '%u-*']"),
          deny("no-secrets", "action: [publish, subscribe]\ntopics: ['secret/#']"),
          allow("own", "action: [publish, subscribe]\ntopics: ['own/#']"));

  private final RecordingAuditLog audit = new RecordingAuditLog();
  private TestBroker broker = TestBroker.start(options -> options.audit = audit);

  /** The same with a policy as written in a file. */
  private void withPolicy() {
    broker.close();
    broker =
        TestBroker.start(
            options -> {
              options.audit = audit;
              options.authentication = _ -> byPolicy();
            });
  }

  private static Authentication byPolicy() {
    return AccessByPolicy.of(
        POLICY,
        (_, password) -> new String(password, StandardCharsets.UTF_8).equals("right"),
        _ -> true);
  }

  @AfterEach
  void end() {
    broker.close();
  }

  private static ConnectBytes login(String clientId) {
    return ConnectBytes.v5(clientId).userName("ada").password("right");
  }

  private static AuditPeer who(AuditEvent event) {
    return event.peer().orElseThrow();
  }

  private static void expect(AuditEvent event, AuditResult result, String reason) {
    assertThat(event.result()).isEqualTo(result);
    assertThat(event.reason()).isEqualTo(reason);
  }

  @Test
  void givenConnect_whenAccepted_thenToldWhoItIs() {
    try (var _ = Peer.connected(broker, ConnectBytes.v311("c1").userName("ada"))) {
      var event = audit.only(AuditAction.CONNECT);

      expect(event, AuditResult.ALLOWED, "");
      var who = who(event);
      assertThat(who.remotePort()).isPositive();
      assertThat(who)
          .isEqualTo(
              new AuditPeer(
                  "mqtt-v3.1.1",
                  "tcp",
                  "127.0.0.1",
                  who.remotePort(),
                  Optional.of("ada"),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of("c1")));
      assertThat(event.detail()).isEmpty();
    }
  }

  @Test
  void givenWrongPassword_whenRefused_thenToldByTheNameThatItGave() {
    withPolicy();
    try (var peer = Peer.open(broker)) {
      peer.send(ConnectBytes.v5("ada").userName("ada").password("canary-password"));
      peer.expectRefusal(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    }

    var event = audit.only(AuditAction.CONNECT);
    expect(event, AuditResult.DENIED, "bad_user_name_or_password");
    assertThat(who(event).identity()).isEmpty();
    assertThat(who(event).userName()).contains("ada");
    assertThat(who(event).client()).contains("ada");
    assertThat(event.detail()).contains("wrong password, or no such user: \"ada\"");
    assertThat(audit.events().toString()).doesNotContain("canary");
  }

  @Test
  void givenTokenInAnotherField_whenRefused_thenNotTold() {
    var token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.canary";
    withPolicy();
    try (var peer = Peer.open(broker)) {
      peer.send(ConnectBytes.v5(token).userName(token).password("wrong"));
      peer.expectRefusal(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    }

    assertThat(audit.only(AuditAction.CONNECT).toString())
        .contains("a token")
        .doesNotContain("canary");
  }

  @Test
  void givenPolicy_whenItRefusesAConnect_thenTheRuleIsNamed() {
    withPolicy();
    try (var peer = Peer.open(broker)) {
      peer.send(login("somebody-elses"));
      peer.expectRefusal(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
    }

    var event = audit.only(AuditAction.CONNECT);
    expect(event, AuditResult.DENIED, "client_identifier_not_valid");
    assertThat(event.rule()).isPresent();
  }

  @Test
  void givenConnectThatIsNone_whenRefused_thenToldWithoutItsText() {
    try (var peer = Peer.open(broker)) {
      peer.send(ConnectBytes.v5("canary").flippedFlags(1));
      peer.expectRefusal(ReasonCode.MALFORMED_PACKET);
    }

    var event = audit.only(AuditAction.CONNECT);
    expect(event, AuditResult.DENIED, "malformed_packet");
    assertThat(who(event).protocol()).isEqualTo("mqtt");
    assertThat(who(event).client()).isEmpty();
  }

  @Test
  void givenWillToATopicThatIsDenied_whenConnecting_thenRefusedAndTold() {
    withPolicy();
    try (var peer = Peer.open(broker)) {
      peer.send(login("ada").will("secret/a", "canary-will", 0, false));
      peer.expectRefusal(ReasonCode.NOT_AUTHORIZED);
    }

    var event = audit.only(AuditAction.CONNECT);
    expect(event, AuditResult.DENIED, "not_authorized");
    assertThat(who(event).identity()).contains("ada");
    assertThat(event.detail()).contains("will to secret/a");
    assertThat(event.rule()).contains("no-secrets");
    assertThat(audit.events().toString()).doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void givenPublish_whenDenied_thenTheTopicAndTheRuleAreTold(int qos) {
    withPolicy();
    try (var peer = Peer.connected(broker, login("ada"))) {
      peer.send(PublishBytes.of("own/a", "canary-allowed").qos(qos, qos == 0 ? 0 : 1));
      peer.send(PublishBytes.of("secret/a", "canary-payload").qos(qos, qos == 0 ? 0 : 2));
      for (int answers = 0; qos > 0 && answers < 2; answers++) {
        var _ = peer.next();
      }
      peer.disconnect();
    }

    var event = audit.only(AuditAction.PUBLISH);
    expect(event, AuditResult.DENIED, "not_authorized");
    assertThat(event.object()).contains("secret/a");
    assertThat(event.rule()).contains("no-secrets");
    assertThat(who(event).identity()).contains("ada");
    assertThat(audit.events().toString()).doesNotContain("canary");
  }

  @Test
  void givenSubscribe_whenOneFilterIsDenied_thenThatOneIsTold() {
    withPolicy();
    try (var peer = Peer.connected(broker, login("ada"))) {
      assertThat(peer.subscribe("own/#", 0).reasons()).containsExactly(ReasonCode.SUCCESS);
      assertThat(peer.subscribe("$share/g/secret/#", 0).reasons())
          .containsExactly(ReasonCode.NOT_AUTHORIZED);
    }

    var event = audit.only(AuditAction.SUBSCRIBE);
    expect(event, AuditResult.DENIED, "not_authorized");
    assertThat(event.object()).contains("$share/g/secret/#");
    assertThat(event.rule()).contains("no-secrets");
  }

  @Test
  void givenSubscription_whenTheRightGoes_thenTold() {
    try (var peer = Peer.connected(broker, "c")) {
      peer.subscribe("a", 0);
      broker.access().denied.add("a");
      broker.rightsChanged();
      peer.expectNothing();

      assertThat(audit.only(AuditAction.SUBSCRIBE).object()).contains("a");
    }
  }

  @Test
  void givenWill_whenTheRightHasGoneMeanwhile_thenTold() {
    try (var peer = Peer.connected(broker, ConnectBytes.v5("c").will("w", "canary", 0, false))) {
      broker.access().denied.add("w");
      peer.reset();
      broker.awaitConnections(0);
    }

    var event = audit.only(AuditAction.PUBLISH);
    expect(event, AuditResult.DENIED, "not_authorized");
    assertThat(event.object()).contains("w");
    assertThat(event.detail()).contains("will");
    assertThat(who(event).client()).contains("c");
  }

  @Test
  void givenClients_whenTheirConnectionsEnd_thenOneEventEachWithItsCause() {
    var bye = Peer.connected(broker, "bye");
    var lost = Peer.connected(broker, "lost");
    var former = Peer.connected(broker, "twice");
    try (bye;
        lost;
        former;
        var faulty = Peer.connected(broker, "faulty");
        var banned = Peer.connected(broker, "banned");
        var _ = Peer.connected(broker, "twice")) {
      former.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
      bye.disconnect();
      lost.reset();
      faulty.send(ConnectBytes.v5("faulty"));
      faulty.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
      broker.access().banned.add("banned");
      broker.rightsChanged();
      banned.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
      broker.awaitConnections(1);
    }
    broker.awaitConnections(0);

    assertThat(audit.events(AuditAction.DISCONNECT))
        .allMatch(event -> event.result() == AuditResult.DONE)
        .extracting(
            event -> who(event).client().orElse("") + ' ' + event.reason(), AuditEvent::detail)
        .extracting(each -> each.toList().getFirst() + " " + each.toList().getLast())
        .containsExactlyInAnyOrder(
            "twice session_taken_over Optional[by the broker]",
            "bye success Optional[by the client]",
            "lost connection_lost Optional.empty",
            "faulty protocol_error Optional[by the broker]",
            "banned not_authorized Optional[by the broker]",
            "twice connection_lost Optional.empty");
    assertThat(audit.events(AuditAction.CONNECT)).hasSize(6);
  }

  private static byte[] authentication(int reason, String data) {
    return Bytes.packet(
        0xF0,
        Bytes.empty()
            .u8(reason)
            .block(Bytes.empty().u8(0x15).string(TestAccess.METHOD).u8(0x16).string(data)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void givenAuthAfterConnack_whenJudged_thenTold(boolean proved) {
    broker.access().challenges = 0;
    var connect = ConnectBytes.v5("c").authentication(TestAccess.METHOD, TestAccess.PROOF);
    try (var peer = Peer.connected(broker, connect)) {
      peer.send(authentication(0x19, proved ? TestAccess.PROOF : "canary"));
      if (proved) {
        assertThat(peer.next(Auth.class).reason()).isEqualTo(ReasonCode.SUCCESS);
      } else {
        peer.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
      }
    }

    expect(
        audit.only(AuditAction.REAUTHENTICATE),
        proved ? AuditResult.ALLOWED : AuditResult.DENIED,
        proved ? "success" : "not_authorized");
    assertThat(audit.events().toString()).doesNotContain("canary", TestAccess.PROOF);
  }

  @Test
  void givenFullBroker_whenASessionFindsNoRoom_thenToldWithItsIdentity() {
    broker.close();
    broker = TestBroker.start(this::forOne);
    try (var _ = Peer.connected(broker, "first");
        var peer = Peer.open(broker)) {
      peer.send(ConnectBytes.v5("second").userName("ada"));
      peer.expectRefusal(ReasonCode.QUOTA_EXCEEDED);
    }

    var refused = audit.events(AuditAction.CONNECT).getLast();
    expect(refused, AuditResult.DENIED, "quota_exceeded");
    assertThat(who(refused).identity()).contains("ada");
  }

  private void forOne(TestOptions options) {
    options.audit = audit;
    options.sessions = 1;
  }
}
