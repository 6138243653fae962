package org.parley.edge.accesslog;

import org.parley.edge.linelog.LineLayout;

/**
 * {@code [time] outcome ip:port CN sender message_type id target}, as pcp-broker documents it
 * (section 2.8). Always eight fields with one space between them: {@code -} is absent, {@code ""}
 * is empty, several targets are joined by commas. In texts of a peer, white space, quotes, commas,
 * backslashes and everything beyond printable ASCII are written {@code \}{@code uXXXX}.
 */
final class ClassicLayout implements LineLayout<AccessLogEntry> {
  private static final String ABSENT = "-";
  private static final String EMPTY = "\"\"";

  @Override
  public void append(StringBuilder out, AccessLogEntry entry) {
    time(out, entry.timeMillis());
    out.append(' ').append(entry.outcome().classic().name()).append(' ');
    address(out, entry);
    out.append(' ');
    text(out, entry.commonName());
    if (entry.message().isEmpty()) {
      out.append(" - - - -\n");
      return;
    }
    var message = entry.message().get();
    out.append(' ');
    text(out, message.sender());
    out.append(' ');
    text(out, message.messageType());
    out.append(' ');
    text(out, message.id());
    out.append(' ');
    targets(out, message);
    out.append('\n');
  }

  @Override
  public void appendDropped(StringBuilder out, long timeMillis, long lines) {
    time(out, timeMillis);
    out.append(" DROPPED_LINES - - - - ").append(lines).append(" -\n");
  }

  private static void time(StringBuilder out, long millis) {
    out.append('[');
    LineLayout.appendTime(out, millis);
    out.append(']');
  }

  private static void address(StringBuilder out, AccessLogEntry entry) {
    boolean version6 = entry.remoteAddress().indexOf(':') >= 0;
    out.append(version6 ? "[" : "");
    text(out, entry.remoteAddress());
    out.append(version6 ? "]:" : ":");
    if (entry.remotePort() > 0) {
      out.append(entry.remotePort());
    } else {
      out.append(ABSENT);
    }
  }

  private static void targets(StringBuilder out, AccessLogEntry.Head message) {
    if (message.targets().isEmpty()) {
      out.append(ABSENT);
    }
    for (int i = 0; i < message.targets().size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      text(out, message.targets().get(i));
    }
    if (message.targetCount() > message.targets().size()) {
      out.append(",...");
    }
  }

  private static void text(StringBuilder out, String value) {
    if (value.isEmpty()) {
      out.append(EMPTY);
    } else if (value.equals(ABSENT)) {
      LineLayout.appendEscaped(out, '-');
    } else {
      for (int i = 0; i < value.length(); i++) {
        character(out, value.charAt(i));
      }
    }
  }

  private static void character(StringBuilder out, char c) {
    switch (c) {
      case ' ', '"', '\'', ',', '\\' -> LineLayout.appendEscaped(out, c);
      default -> {
        if (LineLayout.isPrintable(c)) {
          out.append(c);
        } else {
          LineLayout.appendEscaped(out, c);
        }
      }
    }
  }
}
