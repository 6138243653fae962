package org.parley.edge;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.parley.edge.accesslog.AccessLog;
import org.parley.edge.linelog.LineLog;
import org.parley.edge.linelog.LogFolder;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.Settings;
import org.parley.edge.status.PcpMeters;
import org.parley.pcp.broker.MessageLog;
import org.parley.pcp.broker.Outcome;
import org.parley.pcp.message.PcpMessage;
import org.parley.session.ClientSession;

/**
 * Whoever is told of each message of a peer: the meters, and the access log if the operator wants
 * it.
 */
record MessageWatch(PcpMeters meters, Optional<AccessLog> log) implements MessageLog {
  static MessageWatch open(
      Configuration configuration,
      Map<String, String> environment,
      PcpMeters meters,
      InstantSource clock) {
    var folder = LogFolder.of(environment);
    return new MessageWatch(
        meters,
        AccessLog.open(
            configuration.get(Settings.ACCESS_LOG),
            new LineLog.Options(
                folder.resolve(configuration.get(Settings.ACCESS_LOG_FILE)),
                configuration.get(Settings.ACCESS_LOG_SIZE),
                configuration.get(Settings.ACCESS_LOG_FILES),
                configuration.get(Settings.ACCESS_LOG_QUEUE)),
            clock));
  }

  @Override
  public void record(Outcome outcome, ClientSession session, Optional<PcpMessage> message) {
    meters.record(outcome, session, message);
    log.ifPresent(lines -> lines.record(outcome, session, message));
  }

  /** Begins to write what was recorded. */
  void start() {
    log.ifPresent(AccessLog::start);
  }

  void close() {
    log.ifPresent(AccessLog::close);
  }
}
