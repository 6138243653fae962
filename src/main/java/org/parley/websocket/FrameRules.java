package org.parley.websocket;

/**
 * What one endpoint takes from its clients.
 *
 * @param maxFrameBytes payload of one frame
 * @param maxMessageBytes payload of one message, all its fragments together
 * @param maxFragments frames of one message
 * @param text whether text messages are accepted
 * @param binary whether binary messages are accepted
 */
record FrameRules(
    long maxFrameBytes, long maxMessageBytes, int maxFragments, boolean text, boolean binary) {

  /** Returns the rules of an endpoint that accepts both kinds of message. */
  static FrameRules of(WebSocketLimits limits) {
    return new FrameRules(
        limits.maxFrameBytes(), limits.maxMessageBytes(), limits.maxFragments(), true, true);
  }

  /** Returns these rules, narrowed to what an endpoint says of itself. */
  FrameRules narrowedTo(EndpointTraits traits) {
    long message = Math.min(maxMessageBytes, traits.maxMessageBytes());
    return new FrameRules(
        Math.min(maxFrameBytes, message), message, maxFragments, traits.text(), traits.binary());
  }
}
