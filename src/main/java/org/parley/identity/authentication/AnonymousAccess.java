package org.parley.identity.authentication;

import java.util.Optional;
import java.util.Set;
import org.parley.core.ByteWire;

/**
 * Where a peer with neither a certificate nor a user name is let in.
 *
 * @param everywhere what the operator has said of all listeners; empty: only where nobody else can
 *     come, as {@code loopbackOnly} says
 * @param loopbackOnly the transports without TLS that reach no further than this machine, such as
 *     {@code tcp}; who comes by one of them from elsewhere is no neighbour all the same
 */
public record AnonymousAccess(Optional<Boolean> everywhere, Set<String> loopbackOnly) {
  public AnonymousAccess {
    loopbackOnly = Set.copyOf(loopbackOnly);
  }

  /** Returns whether a peer may be anonymous. One that a proxy brings may be from anywhere. */
  public boolean allowed(ByteWire.Peer peer) {
    return everywhere.orElseGet(
        () ->
            !peer.proxied()
                && loopbackOnly.contains(peer.transport())
                && isLoopback(peer.remoteAddress()));
  }

  /** Says whether a numeric address, as Java writes it, is this machine's own. */
  private static boolean isLoopback(String address) {
    return address.startsWith("127.") || address.equals("0:0:0:0:0:0:0:1") || address.equals("::1");
  }
}
