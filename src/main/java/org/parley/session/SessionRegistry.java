package org.parley.session;

import java.util.Collection;
import java.util.Optional;

/** Who is connected now. One session a URI at any moment: the newest connection wins. */
public interface SessionRegistry extends SessionLookup {
  /**
   * Makes {@code session} the one of its URI, in one atomic step.
   *
   * @return the session that it supersedes; the caller closes its connection
   */
  Optional<ClientSession> associate(ClientSession session);

  /**
   * Ends a session, unless a newer one has its URI by now.
   *
   * @return whether it was the current one
   */
  boolean disassociate(ClientSession session);

  /** Returns a live view; iterating it never fails, and may or may not see changes meanwhile. */
  Collection<ClientSession> sessions();

  int size();

  /** Opens a watch: no change is lost or doubled between what it starts from and what follows. */
  InventoryWatch.Opened watch();
}
