package org.parley.edge.auditlog;

import java.util.Optional;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditPeer;
import org.parley.audit.AuditResult;

/** Events for tests. */
final class Events {
  private Events() {}

  static AuditPeer peer(String address, String identity, String client) {
    return new AuditPeer(
        "mqtt-v5",
        "tls",
        address,
        50_123,
        Optional.of(identity),
        Optional.of("user"),
        Optional.of("1f"),
        Optional.of(client));
  }

  static AuditEvent denied(AuditPeer peer, String topic) {
    return AuditEvent.of(AuditAction.PUBLISH, AuditResult.DENIED, "not_authorized")
        .by(peer)
        .about(topic);
  }
}
