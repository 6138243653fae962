package org.parley.websocket;

import jakarta.servlet.ServletContext;
import java.time.Duration;
import org.parley.websocket.protocol.FrameRules;

/**
 * What one WebSocket connection, and all of them together, may cost.
 *
 * @param maxMessageBytes payload of one message, all its fragments together; over it 1009
 * @param maxFrameBytes payload of one frame, judged when its header has arrived; over it 1009
 * @param maxFragments frames of one message; over it 1009
 * @param maxOutboundBytes bytes that may wait to be written to one peer, a fixed cost per frame
 *     included; over it the send fails
 * @param writeTimeout how long a write may wait without progress before the connection is aborted
 * @param messageTimeout how long a message may take from its first byte to its last; over it 1008
 * @param closeTimeout how long the TCP connection may live after a close frame was queued
 * @param inboundBudgetBytes bytes of unfinished messages of all connections together; over it the
 *     connection being read is closed with 1013
 */
public record WebSocketLimits(
    long maxMessageBytes,
    long maxFrameBytes,
    int maxFragments,
    long maxOutboundBytes,
    Duration writeTimeout,
    Duration messageTimeout,
    Duration closeTimeout,
    long inboundBudgetBytes) {

  /** The {@link ServletContext} attribute under which an application leaves its limits. */
  public static final String ATTRIBUTE = "org.parley.websocket.limits";

  public static final WebSocketLimits DEFAULTS =
      new WebSocketLimits(
          64L << 20,
          64L << 20,
          4096,
          80L << 20,
          Duration.ofSeconds(20),
          Duration.ofMinutes(10),
          Duration.ofSeconds(1),
          256L << 20);

  private static final long LARGEST_MESSAGE = Integer.MAX_VALUE - (1L << 20);

  public WebSocketLimits {
    requirePositive("maxMessageBytes", maxMessageBytes);
    requirePositive("maxFrameBytes", maxFrameBytes);
    requirePositive("maxFragments", maxFragments);
    requirePositive("maxOutboundBytes", maxOutboundBytes);
    requirePositive("writeTimeout", writeTimeout.toMillis());
    requirePositive("messageTimeout", messageTimeout.toMillis());
    requirePositive("closeTimeout", closeTimeout.toMillis());
    requirePositive("inboundBudgetBytes", inboundBudgetBytes);
    if (maxMessageBytes > LARGEST_MESSAGE) {
      throw new IllegalArgumentException("maxMessageBytes over " + LARGEST_MESSAGE);
    }
  }

  /** Returns the rules of an endpoint that accepts both kinds of message. */
  FrameRules rules() {
    return new FrameRules(maxFrameBytes, maxMessageBytes, maxFragments, true, true);
  }

  /** Returns the limits that the application left in its context, or {@link #DEFAULTS}. */
  static WebSocketLimits of(ServletContext context) {
    return context.getAttribute(ATTRIBUTE) instanceof WebSocketLimits limits ? limits : DEFAULTS;
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
