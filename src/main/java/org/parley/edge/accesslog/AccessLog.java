package org.parley.edge.accesslog;

import java.time.InstantSource;
import java.util.Optional;
import org.parley.edge.linelog.LineLayout;
import org.parley.edge.linelog.LineLog;
import org.parley.pcp.broker.MessageLog;
import org.parley.pcp.broker.Outcome;
import org.parley.pcp.message.PcpMessage;
import org.parley.session.ClientSession;

/** Writes a line for each message of a peer. A message never waits for it. */
public final class AccessLog implements MessageLog, AutoCloseable {
  private final LineLog<AccessLogEntry> lines;
  private final InstantSource clock;

  AccessLog(LineLayout<AccessLogEntry> layout, LineLog.Options options, InstantSource clock) {
    this.lines = new LineLog<>("access log", layout, options, clock);
    this.clock = clock;
  }

  /** Returns the log of this form, to be started; empty if there shall be none. */
  public static Optional<AccessLog> open(
      AccessLogForm form, LineLog.Options options, InstantSource clock) {
    return switch (form) {
      case OFF -> Optional.empty();
      case JSON -> Optional.of(new AccessLog(new JsonLayout(), options, clock));
      case CLASSIC -> Optional.of(new AccessLog(new ClassicLayout(), options, clock));
    };
  }

  /** Begins to write. */
  public void start() {
    lines.start();
  }

  @Override
  public void record(Outcome outcome, ClientSession session, Optional<PcpMessage> message) {
    lines.add(() -> AccessLogEntry.of(clock.millis(), outcome, session, message));
  }

  /** Returns how many lines were left out since the start. */
  public long dropped() {
    return lines.dropped();
  }

  /** Returns whether the last lines could not be written. */
  public boolean failing() {
    return lines.failing();
  }

  @Override
  public void close() {
    lines.close();
  }
}
