package org.parley.edge;

import java.time.InstantSource;
import org.parley.core.ByteBudget;
import org.parley.core.OutboundQueue;
import org.parley.core.Ticker;

/**
 * What all connections share.
 *
 * @param bounds of each one's outbound queue
 * @param budget of all outbound queues together
 */
public record SocketConnections(
    OutboundQueue.Bounds bounds, ByteBudget budget, InstantSource clock, Ticker ticker) {}
