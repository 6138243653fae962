package org.parley.identity.authentication;

import java.time.Instant;
import java.util.Optional;
import org.parley.identity.PeerPrincipal;

/** What {@link PeerAuthentication} says about a peer. */
public sealed interface Admission {
  /**
   * It may go on as this; neither a principal nor a user name: as anonymous.
   *
   * @param principal by its certificate
   * @param userName as proved
   * @param tokenEnd when the token ends that has proved it; empty: something else has
   */
  record Admitted(
      Optional<PeerPrincipal> principal, Optional<String> userName, Optional<Instant> tokenEnd)
      implements Admission {}

  /**
   * It may not.
   *
   * @param detail one log-safe line; not for the peer
   */
  record Refused(Reason reason, String detail) implements Admission {}

  /** Why, as far as the peer may know. */
  enum Reason {
    /** Reason Code 0x86, return code 4: the user name, the password, or the two together. */
    BAD_USER_NAME_OR_PASSWORD,
    /** Reason Code 0x87, return code 5: its certificate, or that it has brought nothing. */
    NOT_AUTHORIZED,
    /** Reason Code 0x88, return code 3: what it has brought cannot be judged now. */
    UNDECIDABLE
  }
}
