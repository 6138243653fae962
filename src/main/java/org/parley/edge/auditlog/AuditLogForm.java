package org.parley.edge.auditlog;

/** Whether there is an audit log, and how its lines look. */
public enum AuditLogForm {
  OFF,
  /** One JSON object a line. */
  JSON
}
