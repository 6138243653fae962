package org.parley.pcp.broker;

import java.util.Optional;
import org.parley.audit.AuditLog;
import org.parley.pcp.message.PcpMessage;
import org.parley.pcp.message.PcpUri;
import org.parley.session.ClientSession;

/**
 * Tells the audit log of messages that are denied before a rule is asked, and another log of all.
 */
public final class AuditedMessages implements MessageLog {
  private final MessageLog inner;
  private final SessionAudit audit;

  public AuditedMessages(MessageLog inner, AuditLog audit) {
    this.inner = inner;
    this.audit = new SessionAudit(audit);
  }

  @Override
  public void record(Outcome outcome, ClientSession session, Optional<PcpMessage> message) {
    inner.record(outcome, session, message);
    message.ifPresent(sent -> record(outcome, session, sent));
  }

  private void record(Outcome outcome, ClientSession session, PcpMessage message) {
    if (outcome == Outcome.NOT_AUTHENTICATED) {
      denied(outcome, session, message, "sender " + message.sender().map(PcpUri::text).orElse(""));
    } else if (outcome == Outcome.NOT_AUTHORIZED && !message.hasAuthorizableCharset()) {
      denied(outcome, session, message, "message_type " + message.messageType());
    }
  }

  private void denied(Outcome outcome, ClientSession session, PcpMessage message, String detail) {
    var target = message.targets().stream().findFirst().map(PcpUri::text).orElse("");
    audit.denied(session, outcome, target, detail);
  }
}
