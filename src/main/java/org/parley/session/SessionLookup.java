package org.parley.session;

import java.util.Optional;

/** Whom a message can reach now. No method blocks. */
public interface SessionLookup {
  /** Returns the session of a URI. */
  Optional<ClientSession> find(ClientUri uri);

  /** Returns whether this very session is associated, not superseded or ended. */
  boolean isCurrent(ClientSession session);
}
