package org.parley.audit;

import java.util.Locale;

/** What came of it. */
public enum AuditResult {
  ALLOWED,
  /** The broker has said no. */
  DENIED,
  /** The broker could not do it; all stays as it was. */
  FAILED,
  /** Something else is in force now. */
  CHANGED,
  /** It has happened, and nobody was asked. */
  DONE;

  /** Returns the name used in the log and in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
