package org.parley.edge.accesslog;

import java.util.List;
import org.parley.edge.linelog.JsonParts;
import org.parley.edge.linelog.LineLayout;

/** One JSON object a line. What is absent is left out. */
final class JsonLayout implements LineLayout<AccessLogEntry> {
  @Override
  public void append(StringBuilder out, AccessLogEntry entry) {
    JsonParts.time(out, entry.timeMillis());
    JsonParts.plain(out, "level", entry.isWarning() ? "WARN" : "INFO");
    JsonParts.plain(out, "outcome", entry.outcome().label());
    JsonParts.plain(out, "classic_outcome", entry.outcome().classic().name());
    JsonParts.text(out, "remote_address", entry.remoteAddress());
    if (entry.remotePort() > 0) {
      JsonParts.number(out, "remote_port", entry.remotePort());
    }
    JsonParts.text(out, "common_name", entry.commonName());
    JsonParts.text(out, "uri", entry.uri());
    JsonParts.plain(out, "protocol", entry.protocol().label());
    entry.message().ifPresent(message -> message(out, message));
    out.append("}\n");
  }

  private static void message(StringBuilder out, AccessLogEntry.Head message) {
    JsonParts.text(out, "id", message.id());
    JsonParts.text(out, "message_type", message.messageType());
    JsonParts.text(out, "sender", message.sender());
    targets(out, message.targets());
    if (message.targetCount() > message.targets().size()) {
      JsonParts.number(out, "target_count", message.targetCount());
    }
    JsonParts.number(out, "data_length", message.dataLength());
  }

  @Override
  public void appendDropped(StringBuilder out, long timeMillis, long lines) {
    JsonParts.time(out, timeMillis);
    JsonParts.plain(out, "level", "WARN");
    JsonParts.number(out, "dropped_lines", lines);
    out.append("}\n");
  }

  private static void targets(StringBuilder out, List<String> targets) {
    out.append(",\"targets\":[");
    for (int i = 0; i < targets.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      JsonParts.string(out, targets.get(i));
    }
    out.append(']');
  }
}
