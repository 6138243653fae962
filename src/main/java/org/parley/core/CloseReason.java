package org.parley.core;

import java.nio.charset.StandardCharsets;

/**
 * Why the broker ends a WebSocket connection: a close code of RFC 6455 section 7.4 and a fixed
 * phrase of ours. A phrase never carries text from a peer, an exception or a path.
 *
 * @param code 1000 to 4999
 * @param phrase at most 123 bytes in UTF-8 (RFC 6455 section 5.5)
 */
public record CloseReason(int code, String phrase) {
  public static final CloseReason SUPERSEDED = new CloseReason(4000, "Superseded");
  public static final CloseReason ASSOCIATION_UNSUCCESSFUL =
      new CloseReason(4002, "Association unsuccessful.");
  public static final CloseReason STOPPING = new CloseReason(1001, "Broker is stopping.");
  public static final CloseReason IDLE = new CloseReason(1001, "Idle timeout.");
  public static final CloseReason CONNECTION_LIMIT =
      new CloseReason(1013, "Connection limit exceeded.");
  public static final CloseReason CONTROLLERS_GONE =
      new CloseReason(1011, "All controllers disconnected.");
  public static final CloseReason TOO_SLOW = new CloseReason(1008, "Peer reads too slowly.");
  public static final CloseReason INTERNAL_ERROR = new CloseReason(1011, "Internal error.");
  public static final CloseReason CERTIFICATE_EXPIRED =
      new CloseReason(1008, "Certificate expired.");
  public static final CloseReason NOT_ALLOWED = new CloseReason(1008, "Not allowed any more.");
  public static final CloseReason CERTIFICATE_REVOKED = new CloseReason(1012, "CRL reloaded");

  public CloseReason {
    if (code < 1000 || code > 4999) {
      throw new IllegalArgumentException("close code " + code);
    }
    if (phrase.getBytes(StandardCharsets.UTF_8).length > 123) {
      throw new IllegalArgumentException("close phrase over 123 bytes");
    }
  }
}
