package org.parley.edge.settings;

import static org.parley.edge.settings.Parsers.TEXT;
import static org.parley.edge.settings.Parsers.bytes;
import static org.parley.edge.settings.Parsers.number;
import static org.parley.edge.settings.Parsers.oneOf;

import java.util.List;
import org.parley.edge.auditlog.AuditLogForm;

/** The settings of the audit log. */
public final class AuditSettings {
  private static final SettingList ALL = new SettingList();
  private static final long GIB = 1L << 30;

  public static final Setting<AuditLogForm> AUDIT_LOG =
      ALL.add(
          "parley.audit-log",
          "json",
          oneOf(AuditLogForm.class),
          "A line for each connect, each end of a session, what is denied and what the operator"
              + " changes: off or json.");
  public static final Setting<String> FILE =
      ALL.add(
          "parley.audit-log.file",
          "audit.log",
          TEXT,
          "The file; a relative path is below the server's folder of logs.");
  public static final Setting<Long> SIZE =
      ALL.add(
          "parley.audit-log.max-size",
          "20MiB",
          bytes(1024, 64 * GIB),
          "Bytes of one file; the next begins when it is full.");
  public static final Setting<Integer> FILES =
      ALL.add(
          "parley.audit-log.files", "5", number(1, 1000), "Files kept, the current one included.");
  public static final Setting<Integer> QUEUE =
      ALL.add(
          "parley.audit-log.queue",
          "10000",
          number(1, 1_000_000),
          "Lines that may wait to be written, and things denied within a minute that are told"
              + " apart; more are left out, and counted.");

  private AuditSettings() {}

  static List<Setting<?>> all() {
    return ALL.settings();
  }
}
