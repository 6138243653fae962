package org.parley.pcp.broker;

import java.util.Optional;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditLog;
import org.parley.audit.AuditPeer;
import org.parley.audit.AuditResult;
import org.parley.core.CloseReason;
import org.parley.pcp.message.PcpUri;
import org.parley.session.ClientSession;

/** What the audit log is told of sessions of PCP. */
final class SessionAudit {
  private final AuditLog log;

  SessionAudit(AuditLog log) {
    this.log = log;
  }

  void begun(ClientSession session) {
    log.record(event(session, AuditAction.CONNECT, AuditResult.ALLOWED, ""));
  }

  /** There was no room any more for a session that had been admitted. */
  void refused(ClientSession session, CloseReason reason) {
    log.record(event(session, AuditAction.CONNECT, AuditResult.DENIED, reason.phrase()));
  }

  /** The broker has ended it. */
  void ended(ClientSession session, CloseReason reason) {
    log.record(event(session, AuditAction.DISCONNECT, AuditResult.DONE, reason.phrase()));
  }

  /** Its connection is gone: by the peer, or because the broker closed it. */
  void gone(ClientSession session) {
    var reason = session.connection().closedFor().map(CloseReason::phrase);
    log.record(
        event(
            session,
            AuditAction.DISCONNECT,
            AuditResult.DONE,
            reason.orElse("Closed by the peer or lost.")));
  }

  /** A message that may not be sent, by a rule. */
  void denied(ClientSession session, String messageType, PcpUri target, String rule) {
    log.record(
        event(session, AuditAction.SEND, AuditResult.DENIED, Outcome.NOT_AUTHORIZED.label())
            .about(target.text())
            .deniedBy(Optional.of(rule))
            .with("message_type " + messageType));
  }

  /** A message that may not be sent, whatever the rules. */
  void denied(ClientSession session, Outcome outcome, String target, String detail) {
    log.record(
        event(session, AuditAction.SEND, AuditResult.DENIED, outcome.label())
            .about(target)
            .with(detail));
  }

  private static AuditEvent event(
      ClientSession session, AuditAction action, AuditResult result, String reason) {
    var connection = session.connection();
    var principal = session.principal();
    return AuditEvent.of(action, result, reason)
        .by(
            new AuditPeer(
                session.protocol().label(),
                "wss",
                connection.remoteAddress(),
                connection.remotePort(),
                Optional.of(principal.commonName()),
                Optional.empty(),
                Optional.of(principal.serial()),
                Optional.of(session.uri().toString())));
  }
}
