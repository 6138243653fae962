package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.pcp.broker.BrokerFixture.ID;
import static org.parley.pcp.broker.BrokerFixture.message;
import static org.parley.pcp.broker.BrokerFixture.peer;
import static org.parley.pcp.broker.BrokerFixture.sentBy;
import static org.parley.pcp.broker.BrokerFixture.to;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditPeer;
import org.parley.audit.AuditResult;
import org.parley.core.CloseReason;
import org.parley.core.RecordingConnection;
import org.parley.policy.Decision;
import org.parley.session.ClientSession;

/** What the audit log is told of PCP: who, what, with which result, and nothing of a body. */
class SessionAuditTest {
  private static final String TARGET = "pcp://client02/agent";
  private static final String CANARY = ",\"data\":[\"canary\"]";

  private final BrokerFixture fixture = new BrokerFixture();
  private final ClientSession session =
      fixture.connect("client01", "agent", new RecordingConnection("192.0.2.1"));

  private void send(String text) {
    fixture.broker.receive(session, text);
  }

  private static void expect(AuditEvent event, AuditResult result, String reason) {
    assertThat(event.result()).isEqualTo(result);
    assertThat(event.reason()).isEqualTo(reason);
    assertThat(event.toString()).doesNotContain("canary", ID);
  }

  @Test
  void givenPeer_whenAssociated_thenToldWhoItIs() {
    var event = fixture.audit.only(AuditAction.CONNECT);

    expect(event, AuditResult.ALLOWED, "");
    assertThat(event.peer())
        .contains(
            new AuditPeer(
                "pcp-v2",
                "wss",
                "192.0.2.1",
                session.connection().remotePort(),
                Optional.of("client01"),
                Optional.empty(),
                Optional.of(session.principal().serial()),
                Optional.of("pcp://client01/agent")));
  }

  @Test
  void givenMessage_whenAllowed_thenNothingIsTold() {
    send(message("example", to("pcp://client01/agent") + CANARY));

    assertThat(fixture.audit.events()).hasSize(1);
  }

  @Test
  void givenMessage_whenDenied_thenTargetTypeAndRuleAreTold() {
    fixture.policy = _ -> new Decision.Denied("no-orders");

    send(message("example/order", to(TARGET) + CANARY));

    var event = fixture.audit.only(AuditAction.SEND);
    expect(event, AuditResult.DENIED, "not-authorized");
    assertThat(event.object()).contains(TARGET);
    assertThat(event.rule()).contains("no-orders");
    assertThat(event.detail()).contains("message_type example/order");
  }

  @Test
  void givenMessageOfAnotherSender_whenReceived_thenTold() {
    send(message("example", to(TARGET) + sentBy("pcp://boss/controller") + CANARY));

    var event = fixture.audit.only(AuditAction.SEND);
    expect(event, AuditResult.DENIED, "not-authenticated");
    assertThat(event.object()).contains(TARGET);
    assertThat(event.detail()).contains("sender pcp://boss/controller");
  }

  @Test
  void givenTypeWithForbiddenCharacters_whenReceived_thenTold() {
    send(message("a\\r\\nb", to(TARGET) + CANARY));

    var event = fixture.audit.only(AuditAction.SEND);
    expect(event, AuditResult.DENIED, "not-authorized");
    assertThat(event.detail()).contains("message_type a\r\nb");
    assertThat(event.rule()).isEmpty();
  }

  @Test
  void givenSession_whenItEnds_thenToldOnceAndWhy() {
    fixture.broker.end(session, CloseReason.CERTIFICATE_REVOKED);
    fixture.broker.disconnected(session);

    expect(fixture.audit.only(AuditAction.DISCONNECT), AuditResult.DONE, "CRL reloaded");
  }

  @Test
  void givenConnection_whenItIsGone_thenToldOnce() {
    fixture.broker.disconnected(session);
    fixture.broker.disconnected(session);

    expect(
        fixture.audit.only(AuditAction.DISCONNECT),
        AuditResult.DONE,
        "Closed by the peer or lost.");
  }

  @Test
  void givenConnectionThatTheBrokerClosed_whenItIsGone_thenItsReasonIsTold() {
    peer(session).close(CloseReason.TOO_SLOW);
    fixture.broker.disconnected(session);

    expect(fixture.audit.only(AuditAction.DISCONNECT), AuditResult.DONE, "Peer reads too slowly.");
  }

  @Test
  void givenSession_whenAnotherTakesItsUri_thenTold() {
    fixture.connect("client01", "agent");

    expect(fixture.audit.only(AuditAction.DISCONNECT), AuditResult.DONE, "Superseded");
    assertThat(fixture.audit.events(AuditAction.CONNECT)).hasSize(2);
  }

  @Test
  void givenSession_whenThePolicyDoesNotLetItBeAnyMore_thenRuleAndEndAreTold() {
    fixture.policy = _ -> new Decision.Denied("gone");

    fixture.broker.endIfDenied(session);

    assertThat(fixture.audit.only(AuditAction.SEND).rule()).contains("gone");
    expect(fixture.audit.only(AuditAction.DISCONNECT), AuditResult.DONE, "Not allowed any more.");
  }

  @Test
  void givenController_whenItComesSendsAndGoes_thenTold() {
    var controller = fixture.dialled("orch.example.com:8143");
    fixture.controllers.receive(controller, message("not-on-the-list", to(TARGET)));
    fixture.controllers.disconnected(controller);
    fixture.controllers.disconnected(controller);

    assertThat(fixture.audit.events(AuditAction.CONNECT)).hasSize(2);
    assertThat(fixture.audit.only(AuditAction.SEND).rule()).contains("controller-allow-list");
    assertThat(fixture.audit.only(AuditAction.DISCONNECT).peer())
        .isEqualTo(fixture.audit.events(AuditAction.CONNECT).getLast().peer());
  }
}
