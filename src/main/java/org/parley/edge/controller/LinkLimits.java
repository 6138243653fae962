package org.parley.edge.controller;

import java.time.Duration;
import java.time.InstantSource;
import org.parley.core.ByteBudget;
import org.parley.core.OutboundQueue;
import org.parley.core.Ticker;

/**
 * What all links share.
 *
 * @param bounds of each one's outbound queue
 * @param budget of all outbound queues of the broker together
 * @param pingInterval how often a controller is pinged
 * @param pongTimeout a controller that owes a pong for so long, and sends nothing, is dead
 * @param connectTimeout for TCP, TLS and the opening handshake together
 * @param closeTimeout after which a connection that was told to close is cut
 * @param messageBytes of one message from a controller at the most
 */
public record LinkLimits(
    OutboundQueue.Bounds bounds,
    ByteBudget budget,
    Duration pingInterval,
    Duration pongTimeout,
    Duration connectTimeout,
    Duration closeTimeout,
    long messageBytes,
    InstantSource clock,
    Ticker ticker) {}
