package org.parley.edge;

import java.util.Optional;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditPeer;
import org.parley.audit.AuditResult;
import org.parley.edge.Admission.Handshake;
import org.parley.edge.Admission.Outcome.Refused;
import org.parley.session.ClientUri;

/** What the audit log is told of a handshake that is refused. */
final class HandshakeAudit {
  private HandshakeAudit() {}

  /** Returns the event; of the request it has the path alone, and only as far as we know it. */
  static AuditEvent refused(Handshake handshake, Refused refused, int remotePort) {
    var target = RequestTarget.of(handshake.rawPath());
    var identity = identity(refused);
    return AuditEvent.of(AuditAction.CONNECT, AuditResult.DENIED, refused.refusal().label())
        .by(
            new AuditPeer(
                protocol(target),
                handshake.secure() ? "wss" : "ws",
                handshake.remoteAddress(),
                remotePort,
                identity,
                Optional.empty(),
                AuditPeer.serial(handshake.chain()),
                client(target, identity)))
        .deniedBy(refused.rule())
        .with(refused.detail());
  }

  /** A peer without a name has the detail in its place. */
  private static Optional<String> identity(Refused refused) {
    return Optional.of(refused.peer()).filter(name -> !name.equals(refused.detail()));
  }

  private static String protocol(RequestTarget target) {
    return switch (target) {
      case RequestTarget.Pcp pcp -> pcp.protocol().label();
      case RequestTarget.Mqtt _ -> "mqtt";
      case RequestTarget.Page _, RequestTarget.Unknown _, RequestTarget.Malformed _ -> "http";
    };
  }

  private static Optional<String> client(RequestTarget target, Optional<String> identity) {
    return target instanceof RequestTarget.Pcp(_, var clientType, _)
        ? identity.map(name -> new ClientUri(name, clientType).toString())
        : Optional.empty();
  }
}
