package org.parley.edge.auditlog;

import java.util.Optional;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditPeer;
import org.parley.audit.AuditResult;

/**
 * What one line says.
 *
 * @param timeMillis since the epoch
 * @param event as {@link #cut} leaves it
 * @param repeated how many like it the line stands for; 0: it is the event itself
 */
record AuditLine(long timeMillis, AuditEvent event, long repeated) {
  /** Characters of a text that are kept; {@code ...} stands for the rest. */
  static final int LONGEST = 512;

  /** Returns the event with no text longer than a line may hold, whatever a peer has chosen. */
  static AuditEvent cut(AuditEvent event) {
    return new AuditEvent(
        event.peer().map(AuditLine::cut),
        event.action(),
        event.result(),
        cut(event.object()),
        event.reason(),
        cut(event.rule()),
        cut(event.detail()));
  }

  private static AuditPeer cut(AuditPeer peer) {
    return new AuditPeer(
        peer.protocol(),
        peer.listener(),
        peer.remoteAddress(),
        peer.remotePort(),
        cut(peer.identity()),
        cut(peer.userName()),
        peer.serial(),
        cut(peer.client()));
  }

  private static Optional<String> cut(Optional<String> text) {
    return text.isPresent() && text.get().length() > LONGEST
        ? Optional.of(text.get().substring(0, LONGEST) + "...")
        : text;
  }

  /** Returns whether somebody should look at it. */
  boolean isWarning() {
    return event.result() == AuditResult.DENIED || event.result() == AuditResult.FAILED;
  }
}
