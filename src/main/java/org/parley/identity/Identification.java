package org.parley.identity;

/** What {@link IdentityRule} says about a certificate chain. */
public sealed interface Identification {

  /** The chain names exactly one usable identity. */
  record Identified(PeerPrincipal principal) implements Identification {}

  /**
   * The chain names nobody the broker will talk to.
   *
   * @param detail one log-safe line; not for the peer
   */
  record Refused(Refusal reason, String detail) implements Identification {}
}
