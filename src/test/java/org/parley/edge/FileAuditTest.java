package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditResult;
import org.parley.audit.RecordingAuditLog;
import org.parley.edge.settings.Settings;

class FileAuditTest {
  private final RecordingAuditLog log = new RecordingAuditLog();
  private Optional<String> problem = Optional.empty();
  private final FileAudit audit =
      new FileAudit(log, Settings.POLICY, () -> problem, () -> "3 rules in force");

  private static AuditEvent reload(AuditResult result, String detail) {
    return AuditEvent.of(AuditAction.RELOAD, result, "").about("parley.policy").with(detail);
  }

  @Test
  void givenFile_whenItStaysAsItIs_thenNothingIsTold() {
    assertThat(audit.looked(false)).isFalse();

    assertThat(log.events()).isEmpty();
  }

  @Test
  void givenFile_whenAnotherComesIntoForce_thenTold() {
    assertThat(audit.looked(true)).isTrue();

    assertThat(log.events()).containsExactly(reload(AuditResult.CHANGED, "3 rules in force"));
  }

  @Test
  void givenFileThatCannotBeUsed_whenLookedAtAgain_thenToldOnceForEachProblem() {
    problem = Optional.of("line 1");
    audit.looked(false);
    audit.looked(false);
    problem = Optional.of("line 2");
    audit.looked(false);
    problem = Optional.empty();
    audit.looked(true);
    problem = Optional.of("line 2");
    audit.looked(false);

    assertThat(log.events())
        .containsExactly(
            reload(AuditResult.FAILED, "line 1"),
            reload(AuditResult.FAILED, "line 2"),
            reload(AuditResult.CHANGED, "3 rules in force"),
            reload(AuditResult.FAILED, "line 2"));
  }
}
