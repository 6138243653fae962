package org.parley.pcp.broker;

import org.parley.pcp.message.PcpUri;
import org.parley.policy.Decision;
import org.parley.session.ClientSession;

/** Decides as another does, and tells the audit log of what is denied. */
record AuditedAuthorization(Authorization inner, SessionAudit audit) implements Authorization {
  @Override
  public Decision decide(ClientSession session, String messageType, PcpUri target) {
    var decision = inner.decide(session, messageType, target);
    if (decision instanceof Decision.Denied(var rule)) {
      audit.denied(session, messageType, target, rule);
    }
    return decision;
  }

  @Override
  public boolean associates() {
    return inner.associates();
  }
}
