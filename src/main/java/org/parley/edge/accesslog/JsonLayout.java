package org.parley.edge.accesslog;

import java.util.List;

/**
 * One JSON object a line (RFC 8259). What is absent is left out. Everything of a peer that is not
 * printable ASCII is escaped, marks that turn the direction of writing too.
 */
final class JsonLayout implements AccessLogLayout {
  @Override
  public void append(StringBuilder out, AccessLogEntry entry) {
    time(out, entry.timeMillis());
    plain(out, "level", entry.isWarning() ? "WARN" : "INFO");
    plain(out, "outcome", entry.outcome().label());
    plain(out, "classic_outcome", entry.outcome().classic().name());
    text(out, "remote_address", entry.remoteAddress());
    if (entry.remotePort() > 0) {
      number(out, "remote_port", entry.remotePort());
    }
    text(out, "common_name", entry.commonName());
    text(out, "uri", entry.uri());
    plain(out, "protocol", entry.protocol().label());
    entry.message().ifPresent(message -> message(out, message));
    out.append("}\n");
  }

  private static void message(StringBuilder out, AccessLogEntry.Head message) {
    text(out, "id", message.id());
    text(out, "message_type", message.messageType());
    text(out, "sender", message.sender());
    targets(out, message.targets());
    if (message.targetCount() > message.targets().size()) {
      number(out, "target_count", message.targetCount());
    }
    number(out, "data_length", message.dataLength());
  }

  @Override
  public void appendDropped(StringBuilder out, long timeMillis, long lines) {
    time(out, timeMillis);
    plain(out, "level", "WARN");
    number(out, "dropped_lines", lines);
    out.append("}\n");
  }

  private static void time(StringBuilder out, long millis) {
    out.append("{\"time\":\"");
    AccessLogLayout.appendTime(out, millis);
    out.append('"');
  }

  private static void targets(StringBuilder out, List<String> targets) {
    out.append(",\"targets\":[");
    for (int i = 0; i < targets.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      string(out, targets.get(i));
    }
    out.append(']');
  }

  private static void plain(StringBuilder out, String key, String value) {
    out.append(",\"").append(key).append("\":\"").append(value).append('"');
  }

  private static void number(StringBuilder out, String key, long value) {
    out.append(",\"").append(key).append("\":").append(value);
  }

  private static void text(StringBuilder out, String key, String value) {
    out.append(",\"").append(key).append("\":");
    string(out, value);
  }

  private static void string(StringBuilder out, String value) {
    out.append('"');
    int copied = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean special = c == '"' || c == '\\';
      if (!special && AccessLogLayout.isPrintable(c)) {
        continue;
      }
      out.append(value, copied, i);
      copied = i + 1;
      if (special) {
        out.append('\\').append(c);
      } else {
        AccessLogLayout.appendEscaped(out, c);
      }
    }
    out.append(value, copied, value.length()).append('"');
  }
}
