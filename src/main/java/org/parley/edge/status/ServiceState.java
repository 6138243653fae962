package org.parley.edge.status;

import java.util.Locale;

/** What a status page calls the broker; any but {@link #RUNNING} is HTTP 503. */
public enum ServiceState {
  STARTING,
  RUNNING,
  STOPPING,
  /** It runs, but of the controllers that it should be connected to none is there. */
  ERROR;

  /** Returns the word on the page. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
