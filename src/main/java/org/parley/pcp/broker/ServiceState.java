package org.parley.pcp.broker;

import java.util.Locale;

/**
 * What the status pages of the reference broker call it (section 2.8); any but {@link #RUNNING} is
 * HTTP 503.
 */
public enum ServiceState {
  STARTING,
  RUNNING,
  STOPPING,
  /** It runs, but of the controllers that it should be connected to none is there. */
  ERROR;

  /** Returns the word on the pages. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
