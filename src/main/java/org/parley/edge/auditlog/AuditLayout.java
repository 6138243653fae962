package org.parley.edge.auditlog;

import java.util.Optional;
import org.parley.audit.AuditPeer;
import org.parley.edge.linelog.JsonParts;
import org.parley.edge.linelog.LineLayout;

/** One JSON object a line. What is absent is left out. */
final class AuditLayout implements LineLayout<AuditLine> {
  @Override
  public void append(StringBuilder out, AuditLine line) {
    var event = line.event();
    JsonParts.time(out, line.timeMillis());
    JsonParts.plain(out, "level", line.isWarning() ? "WARN" : "INFO");
    JsonParts.plain(out, "action", event.action().label());
    JsonParts.plain(out, "result", event.result().label());
    event.peer().ifPresent(peer -> peer(out, peer));
    text(out, "object", event.object());
    if (!event.reason().isEmpty()) {
      JsonParts.text(out, "reason", event.reason());
    }
    text(out, "rule", event.rule());
    text(out, "detail", event.detail());
    if (line.repeated() > 0) {
      JsonParts.number(out, "repeated", line.repeated());
    }
    out.append("}\n");
  }

  private static void peer(StringBuilder out, AuditPeer peer) {
    JsonParts.plain(out, "protocol", peer.protocol());
    JsonParts.plain(out, "listener", peer.listener());
    JsonParts.text(out, "remote_address", peer.remoteAddress());
    if (peer.remotePort() > 0) {
      JsonParts.number(out, "remote_port", peer.remotePort());
    }
    text(out, "identity", peer.identity());
    text(out, "user_name", peer.userName());
    text(out, "serial", peer.serial());
    text(out, "client", peer.client());
  }

  private static void text(StringBuilder out, String key, Optional<String> value) {
    value.ifPresent(text -> JsonParts.text(out, key, text));
  }

  @Override
  public void appendDropped(StringBuilder out, long timeMillis, long lines) {
    JsonParts.time(out, timeMillis);
    JsonParts.plain(out, "level", "WARN");
    JsonParts.number(out, "dropped_lines", lines);
    out.append("}\n");
  }
}
