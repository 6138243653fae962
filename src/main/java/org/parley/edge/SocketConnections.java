package org.parley.edge;

import java.time.InstantSource;
import org.parley.core.ByteBudget;
import org.parley.core.OutboundQueue;
import org.parley.core.Ticker;
import org.parley.limit.MessageRates;

/**
 * What all connections share.
 *
 * @param bounds of each one's outbound queue
 * @param budget of all outbound queues together
 * @param rates at which peers may send
 */
public record SocketConnections(
    OutboundQueue.Bounds bounds,
    ByteBudget budget,
    MessageRates rates,
    InstantSource clock,
    Ticker ticker) {}
