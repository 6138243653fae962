package org.parley.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the broker knows of one wire at one moment.
 *
 * @param remoteAddress the peer's IP address as text
 * @param connectedSince when the opening handshake ended
 * @param silence how long nothing has come in
 * @param queueDepth messages that wait to go out, the one in flight included
 * @param queueBytes bytes that wait to go out
 * @param roundTrip of the last ping that the peer answered
 */
public record WireStatus(
    String remoteAddress,
    Instant connectedSince,
    Duration silence,
    long messagesIn,
    long bytesIn,
    long messagesOut,
    long bytesOut,
    int queueDepth,
    long queueBytes,
    Optional<Duration> roundTrip) {}
