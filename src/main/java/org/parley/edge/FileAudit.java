package org.parley.edge;

import java.util.Optional;
import java.util.function.Supplier;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditLog;
import org.parley.audit.AuditResult;
import org.parley.edge.settings.Setting;

/**
 * Tells the audit log when a file of the operator's has come into force, and when it could not:
 * once for each problem. One thread at a time calls.
 */
final class FileAudit {
  private final AuditLog log;
  private final Setting<?> setting;
  private final Supplier<Optional<String>> problem;
  private final Supplier<String> content;
  private Optional<String> told = Optional.empty();

  /**
   * @param setting that names the file
   * @param problem why what is in the file is not in force; without any text of it
   * @param content what is in force, in a few words
   */
  FileAudit(
      AuditLog log,
      Setting<?> setting,
      Supplier<Optional<String>> problem,
      Supplier<String> content) {
    this.log = log;
    this.setting = setting;
    this.problem = problem;
    this.content = content;
  }

  /**
   * The file was looked at.
   *
   * @return {@code changed}
   */
  boolean looked(boolean changed) {
    if (changed) {
      record(AuditResult.CHANGED, content.get());
    }
    var now = problem.get();
    if (now.isPresent() && !now.equals(told)) {
      record(AuditResult.FAILED, now.get());
    }
    told = now;
    return changed;
  }

  private void record(AuditResult result, String detail) {
    log.record(AuditEvent.of(AuditAction.RELOAD, result, "").about(setting.key()).with(detail));
  }
}
