package org.parley.edge.metrics;

import static org.parley.edge.metrics.Metric.counter;
import static org.parley.edge.metrics.Metric.gauge;

import java.util.List;
import java.util.Optional;
import org.parley.audit.AuditResult;
import org.parley.edge.accesslog.AccessLog;
import org.parley.edge.auditlog.AuditTrail;

/** The metrics of the broker's own logs: whether all that should be in them is. */
public final class LogMetrics {
  private static final String ACCESS = "access";
  private static final String AUDIT = "audit";

  private LogMetrics() {}

  /**
   * Returns them, in the order of the reference.
   *
   * @param access empty: there is none
   */
  public static List<Metric> of(AuditTrail audit, Optional<AccessLog> access) {
    return List.of(
        counter(
            "parley_audit_events_total",
            List.of("result"),
            "Events for the audit log.",
            sink -> {
              for (var result : AuditResult.values()) {
                sink.value(audit.events(result), result.label());
              }
            }),
        counter(
            "parley_audit_repeated_total",
            "Denials that were counted in the line of another.",
            audit::repeated),
        counter(
            "parley_log_dropped_lines_total",
            List.of("log"),
            "Lines that found no room, or could not be written.",
            sink -> {
              sink.value(access.map(AccessLog::dropped).orElse(0L), ACCESS);
              sink.value(audit.dropped(), AUDIT);
            }),
        gauge(
            "parley_log_failing",
            List.of("log"),
            "1 while lines cannot be written.",
            sink -> {
              sink.value(access.map(AccessLog::failing).orElse(false) ? 1 : 0, ACCESS);
              sink.value(audit.failing() ? 1 : 0, AUDIT);
            }));
  }
}
