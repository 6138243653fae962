package org.parley.edge.controller;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import org.parley.core.CloseReason;
import org.parley.core.Outbound;
import org.parley.core.OutboundQueue.Done;
import org.parley.pcp.broker.ControllerAddress;

/** Opens WebSockets to controllers. */
@FunctionalInterface
interface Dialler {
  /** Begins one attempt; does not block. What comes of it, the events tell. */
  Wire dial(ControllerAddress address, Events events);

  /** One attempt, and the WebSocket if it comes to one. No method blocks. */
  interface Wire {
    /** Writes one message, then calls {@code done} once; never two at a time. */
    void write(Outbound message, Done done);

    void ping(ByteBuffer payload);

    /** Tells the controller why; the connection is gone soon after, whatever it does. */
    void close(CloseReason reason);

    /** Ends the attempt or the connection at once. */
    void abort();
  }

  /** What happens on one wire, one event at a time but for {@link #ended}. */
  interface Events {
    /**
     * The WebSocket is open.
     *
     * @param certificate that TLS has verified for the host dialled
     */
    void opened(X509Certificate certificate);

    /** A whole text message came in. The next is read when this returns. */
    void text(String text);

    /** A whole binary message came in; version 2 has none, so its content was not kept. */
    void binary();

    void pong(ByteBuffer payload);

    /**
     * The attempt has failed, or the connection is gone. At most once, and the last event.
     *
     * @param reason one log-safe line
     */
    void ended(String reason);
  }
}
