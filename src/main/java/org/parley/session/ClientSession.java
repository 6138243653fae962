package org.parley.session;

import org.parley.core.Connection;
import org.parley.identity.PeerPrincipal;

/**
 * One peer, associated by one connection. A peer that connects again is a new session of the same
 * URI: sessions are the same only if they are the same object.
 */
public final class ClientSession {
  private final ClientUri uri;
  private final PeerPrincipal principal;
  private final Protocol protocol;
  private final Connection connection;

  public ClientSession(
      ClientUri uri, PeerPrincipal principal, Protocol protocol, Connection connection) {
    this.uri = uri;
    this.principal = principal;
    this.protocol = protocol;
    this.connection = connection;
  }

  public ClientUri uri() {
    return uri;
  }

  /** Returns who the peer proved to be in the TLS handshake. */
  public PeerPrincipal principal() {
    return principal;
  }

  public Protocol protocol() {
    return protocol;
  }

  public Connection connection() {
    return connection;
  }

  @Override
  public String toString() {
    return uri + " on connection " + connection.id().value();
  }
}
