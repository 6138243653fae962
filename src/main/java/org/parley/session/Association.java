package org.parley.session;

import java.util.Optional;

/** What became of a session that was to begin. */
public sealed interface Association {
  /**
   * It has its URI.
   *
   * @param superseded the session that had it; the caller closes its connection
   */
  record Begun(Optional<ClientSession> superseded) implements Association {}

  /** There are as many as there may be; nothing has changed. */
  record Refused(SessionLimits.Which limit) implements Association {}
}
