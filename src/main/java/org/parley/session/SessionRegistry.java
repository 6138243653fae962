package org.parley.session;

import java.util.Collection;
import java.util.Optional;

/** Who is connected now. One session a URI at any moment: the newest connection wins. */
public interface SessionRegistry extends SessionLookup {
  /**
   * Makes {@code session} the one of its URI, if there is room for it, in one atomic step. A URI
   * that has a session needs no room.
   */
  Association associate(ClientSession session, SessionLimits limits);

  /**
   * The same for a session that no limit is for.
   *
   * @return the session that it supersedes; the caller closes its connection
   */
  default Optional<ClientSession> associate(ClientSession session) {
    return associate(session, SessionLimits.NONE) instanceof Association.Begun(var superseded)
        ? superseded
        : Optional.empty();
  }

  /** Returns the limit that a session of this URI from this address would be refused for now. */
  Optional<SessionLimits.Which> exceeded(ClientUri uri, String remoteAddress, SessionLimits limits);

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
