package org.parley.edge;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import org.parley.audit.AuditLog;
import org.parley.edge.Admission.Handshake;
import org.parley.edge.Admission.Outcome.Refused;
import org.parley.limit.LogThrottle;
import org.parley.session.PeerNetwork;

/** What comes of handshakes that are refused: lines in the logs, and what the answer says. */
final class HandshakeRefusals {
  private static final Logger LOG = System.getLogger(HandshakeRefusals.class.getName());

  private final LogThrottle throttle;
  private final AuditLog audit;

  HandshakeRefusals(LogThrottle throttle, AuditLog audit) {
    this.throttle = throttle;
    this.audit = audit;
  }

  /** One line a minute for one peer and reason: who knocks all the time must not fill the disk. */
  void log(Handshake handshake, Refused refused, int remotePort) {
    var address = handshake.remoteAddress();
    var network = PeerNetwork.of(address);
    var left = throttle.pass(refused.refusal() + " " + network + " " + refused.peer());
    if (left.isPresent()) {
      var more = left.getAsLong() == 0 ? "" : " (and " + left.getAsLong() + " like it before)";
      LOG.log(
          Level.INFO,
          () ->
              "%d to %s: %s%s"
                  .formatted(refused.refusal().status(), address, refused.detail(), more));
    }
    audit.record(HandshakeAudit.refused(handshake, refused, remotePort));
  }

  /** Returns the headers of the answer, beside those of its content. */
  static Map<String, String> headers(Refused refused) {
    var headers = new LinkedHashMap<String, String>();
    var retryAfter = refused.retryAfter();
    if (retryAfter.isPositive()) {
      headers.put("Retry-After", Long.toString(retryAfter.plusNanos(999_999_999).toSeconds()));
    }
    switch (refused.refusal()) {
      case METHOD_NOT_ALLOWED -> headers.put("Allow", "GET");
      case UPGRADE_REQUIRED -> headers.put("Upgrade", "websocket");
      default -> {}
    }
    return headers;
  }
}
