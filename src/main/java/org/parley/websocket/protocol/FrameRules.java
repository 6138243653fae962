package org.parley.websocket.protocol;

/**
 * What one endpoint takes from its clients.
 *
 * @param maxFrameBytes payload of one frame
 * @param maxMessageBytes payload of one message, all its fragments together
 * @param maxFragments frames of one message
 * @param text whether text messages are accepted
 * @param binary whether binary messages are accepted
 */
public record FrameRules(
    long maxFrameBytes, long maxMessageBytes, int maxFragments, boolean text, boolean binary) {}
