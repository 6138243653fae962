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
  private final Connection connection;
  private volatile Protocol protocol;
  private volatile boolean provisional;

  public ClientSession(
      ClientUri uri, PeerPrincipal principal, Protocol protocol, Connection connection) {
    this.uri = uri;
    this.principal = principal;
    this.protocol = protocol;
    this.provisional = protocol == Protocol.PCP_V1;
    this.connection = connection;
  }

  public ClientUri uri() {
    return uri;
  }

  /** Returns who the peer proved to be in the TLS handshake. */
  public PeerPrincipal principal() {
    return principal;
  }

  /** Returns what the peer speaks; the broker speaks the same to it. */
  public Protocol protocol() {
    return protocol;
  }

  /**
   * Returns whether the protocol is only what the path said: until the first message, version 2 may
   * be spoken on a path of version 1.
   */
  public boolean provisional() {
    return provisional;
  }

  /** The first message has shown what the peer speaks. */
  public void settle(Protocol spoken) {
    if (provisional) {
      protocol = spoken;
      provisional = false;
    }
  }

  public Connection connection() {
    return connection;
  }

  @Override
  public String toString() {
    return uri + " on connection " + connection.id().value();
  }
}
