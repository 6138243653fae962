package org.parley.edge.controller;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.parley.core.CloseReason;
import org.parley.core.Outbound;
import org.parley.core.OutboundQueue.Done;
import org.parley.core.QueuedConnection;

/** The connection to one controller, over a wire that the broker has dialled. */
final class LinkConnection extends QueuedConnection {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Dialler.Wire wire;
  private final long connectedNanos;

  /**
   * @param remoteAddress host and port as the operator wrote them
   */
  LinkConnection(Dialler.Wire wire, String remoteAddress, LinkLimits limits) {
    super(remoteAddress, limits.bounds(), limits.budget(), limits.clock(), limits.ticker());
    this.wire = wire;
    this.connectedNanos = nanos();
  }

  @Override
  protected void write(Outbound message, Done done) {
    wire.write(message, done);
  }

  @Override
  protected void ping(ByteBuffer payload) {
    wire.ping(payload);
  }

  @Override
  protected void end(CloseReason reason) {
    wire.close(reason);
  }

  /** Counts a message that came in, and waits a while if the controller does not read its own. */
  void received(int bytes) {
    meter().received(bytes, nanos());
    awaitReader(PATIENCE);
  }

  /** Returns how long it has been open. */
  Duration age() {
    return Duration.ofNanos(nanos() - connectedNanos);
  }
}
