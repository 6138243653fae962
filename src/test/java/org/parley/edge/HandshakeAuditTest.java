package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditPeer;
import org.parley.audit.AuditResult;
import org.parley.edge.Admission.Handshake;
import org.parley.edge.Admission.Outcome;
import org.parley.identity.RevocationCheck.Answer;

class HandshakeAuditTest extends AdmissionFixture {
  private static final String SERIAL = CLIENT.getFirst().getSerialNumber().toString(16);

  @BeforeEach
  void begin() {
    running();
  }

  private AuditEvent refused(Handshake handshake) {
    var outcome = admission().decide(handshake);
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return HandshakeAudit.refused(handshake, (Outcome.Refused) outcome, 4711);
  }

  @Test
  void givenPolicy_whenItDeniesAnAssociation_thenWhoWhatAndTheRuleAreTold() {
    var event = refused(handshake("/pcp/controller"));

    assertThat(event.action()).isEqualTo(AuditAction.CONNECT);
    assertThat(event.result()).isEqualTo(AuditResult.DENIED);
    assertThat(event.reason()).isEqualTo("denied");
    assertThat(event.rule()).isPresent();
    assertThat(event.peer())
        .contains(
            new AuditPeer(
                "pcp-v1",
                "wss",
                "192.0.2.1",
                4711,
                Optional.of("client01"),
                Optional.empty(),
                Optional.of(SERIAL),
                Optional.of("pcp://client01/controller")));
  }

  @Test
  void givenRevokedCertificate_whenRefused_thenItsSerialIsTold() {
    revocation = Answer.REVOKED;

    var event = refused(good());

    assertThat(event.reason()).isEqualTo("revoked");
    assertThat(event.peer().flatMap(AuditPeer::serial)).contains(SERIAL);
    assertThat(event.rule()).isEmpty();
    assertThat(event.detail().orElseThrow()).endsWith("is revoked");
  }

  @Test
  void givenNoCertificate_whenRefused_thenNobodyIsNamed() {
    var event = refused(presenting(List.of()));

    assertThat(event.reason()).isEqualTo("no-identity");
    var peer = event.peer().orElseThrow();
    assertThat(peer.identity()).isEmpty();
    assertThat(peer.serial()).isEmpty();
    assertThat(peer.client()).isEmpty();
  }

  @Test
  void givenPathOfNothing_whenRefused_thenNothingOfItIsTold() {
    var event = refused(handshake("/canary?password=canary"));

    assertThat(event.reason()).isEqualTo("unknown-path");
    assertThat(event.toString()).doesNotContain("canary");
    assertThat(event.peer().orElseThrow().protocol()).isEqualTo("http");
  }
}
