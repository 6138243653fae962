package org.parley.transport;

import java.time.Duration;
import java.util.Map;
import org.parley.core.ByteWire;
import org.parley.websocket.protocol.FrameRules;
import org.parley.websocket.protocol.OpeningHandshake;

/**
 * How a listener speaks WebSocket (RFC 6455): the binary messages that come in are one stream of
 * bytes, and each write goes out as one.
 *
 * @param rules for what comes in
 * @param admission decides each opening handshake
 * @param openingLimit after so long without a whole opening handshake a connection is closed; the
 *     TLS handshake has its own time
 */
public record WebSocketOptions(FrameRules rules, Admission admission, Duration openingLimit) {

  /** An opening handshake as it came. */
  public interface Request extends OpeningHandshake.Request {
    /** Returns the path of the request target, without query, as it was sent. */
    String rawPath();
  }

  /** What becomes of an opening handshake. */
  public sealed interface Answer {
    /** It is accepted, if it is well made, with this subprotocol. */
    record Accepted(String subprotocol) implements Answer {}

    /** It is answered with this. */
    record Refused(HttpAnswer answer) implements Answer {}
  }

  /**
   * An answer that ends the connection.
   *
   * @param headers beside those of its content
   * @param text of one line, plain
   */
  public record HttpAnswer(int status, Map<String, String> headers, String text) {
    public HttpAnswer {
      headers = Map.copyOf(headers);
    }
  }

  /** Decides opening handshakes. */
  @FunctionalInterface
  public interface Admission {
    /** Called by the threads that own the wires: must not block. */
    Answer decide(Request request, ByteWire.Peer peer);
  }
}
