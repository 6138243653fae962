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
 */
public record AdmittedPeer(
    PeerPrincipal principal, ClientUri uri, Protocol pathProtocol, String remoteAddress)
    implements Principal {
  @Override
  public String getName() {
    return uri.toString();
  }
}
