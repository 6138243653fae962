package org.parley.edge.accesslog;

/** Whether there is an access log, and how its lines look. */
public enum AccessLogForm {
  OFF,
  /** One JSON object a line. */
  JSON,
  /** The layout that pcp-broker documents (section 2.8). */
  CLASSIC
}
