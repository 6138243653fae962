package org.parley.edge;

import java.security.Principal;
import org.parley.identity.PeerPrincipal;
import org.parley.session.ClientUri;
import org.parley.session.Protocol;

/**
 * What the filter found out about a peer, on its way to the endpoint as the request's principal.
 *
 * @param pathProtocol what the path that it asked for is for; a peer may speak version 2 on any
 * @param remoteAddress the peer's IP address
 * @param remotePort the peer's TCP port; 0: not known
 */
public record AdmittedPeer(
    PeerPrincipal principal,
    ClientUri uri,
    Protocol pathProtocol,
    String remoteAddress,
    int remotePort)
    implements Principal {
  AdmittedPeer(
      PeerPrincipal principal, ClientUri uri, Protocol pathProtocol, String remoteAddress) {
    this(principal, uri, pathProtocol, remoteAddress, 0);
  }

  /** Returns this peer with the port that it comes from. */
  AdmittedPeer from(int port) {
    return new AdmittedPeer(principal, uri, pathProtocol, remoteAddress, port);
  }

  @Override
  public String getName() {
    return uri.toString();
  }
}
