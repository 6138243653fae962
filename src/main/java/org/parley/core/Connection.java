package org.parley.core;

import java.util.Optional;

/** A network connection to one peer, whatever carries it. No method blocks. */
public interface Connection {
  ConnectionId id();

  /** Queues a message for the peer; it may be lost with the connection. */
  default OutboundQueue.Offer send(Outbound message) {
    return send(message, () -> {});
  }

  /**
   * Queues a message for the peer.
   *
   * @param onLost called at most once, if the message was queued and the connection ended before it
   *     was written
   */
  OutboundQueue.Offer send(Outbound message, Runnable onLost);

  /** Sends a ping that asks for a pong; its round trip is measured. */
  void ping();

  /**
   * Tells the peer why and ends the connection. The socket is gone soon after, whatever the peer
   * does. Further calls do nothing.
   */
  void close(CloseReason reason);

  /** Returns why the broker closed this connection; empty when it did not. */
  Optional<CloseReason> closedFor();

  /** Returns the peer's IP address as text. */
  String remoteAddress();

  WireMeter meter();

  /** Returns the peer's TCP port; 0: not known. */
  default int remotePort() {
    return 0;
  }

  WireStatus wire();

  /** Returns whether more than half of the outbound queue is used. */
  boolean congested();
}
