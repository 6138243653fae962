package org.parley.edge.controller;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.parley.core.CloseReason;
import org.parley.core.Connection;
import org.parley.core.ConnectionId;
import org.parley.core.Outbound;
import org.parley.core.OutboundQueue;
import org.parley.core.WireMeter;
import org.parley.core.WireStatus;

/** The connection to one controller, over a wire that the broker has dialled. */
final class LinkConnection implements Connection {
  private static final CloseReason WRITE_FAILED = new CloseReason(1011, "Write failed.");

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LAST_WORDS = Duration.ofMillis(200);

  private final ConnectionId id = ConnectionId.next();
  private final Dialler.Wire wire;
  private final String remoteAddress;
  private final LinkLimits limits;
  private final Instant connectedSince;
  private final long connectedNanos;
  private final WireMeter meter;
  private final OutboundQueue queue;
  private final AtomicReference<Optional<CloseReason>> closedFor =
      new AtomicReference<>(Optional.empty());

  /**
   * @param remoteAddress host and port as the operator wrote them
   */
  LinkConnection(Dialler.Wire wire, String remoteAddress, LinkLimits limits) {
    this.wire = wire;
    this.remoteAddress = remoteAddress;
    this.limits = limits;
    this.connectedSince = limits.clock().instant();
    this.connectedNanos = limits.ticker().nanos();
    this.meter = new WireMeter(connectedNanos);
    this.queue =
        new OutboundQueue(
            limits.bounds(), limits.budget(), meter, wire::write, () -> close(WRITE_FAILED));
  }

  @Override
  public ConnectionId id() {
    return id;
  }

  @Override
  public OutboundQueue.Offer send(Outbound message, Runnable onLost) {
    return queue.offer(message, onLost);
  }

  @Override
  public void ping() {
    long now = limits.ticker().nanos();
    meter.pinged(now);
    wire.ping(ByteBuffer.allocate(Long.BYTES).putLong(0, now));
  }

  void ponged(ByteBuffer payload) {
    long sent = payload.remaining() == Long.BYTES ? payload.getLong(payload.position()) : 0;
    meter.ponged(sent, limits.ticker().nanos());
  }

  @Override
  public void close(CloseReason reason) {
    if (!closedFor.compareAndSet(Optional.empty(), Optional.of(reason))) {
      return;
    }
    queue.finish();
    Thread.startVirtualThread(
        () -> {
          // What the controller is owed goes first, unless it does not read.
          queue.awaitEmpty(LAST_WORDS);
          queue.close();
          wire.close(reason);
        });
  }

  /** Counts a message that came in, and waits a while if the controller does not read its own. */
  void received(int bytes) {
    meter.received(bytes, limits.ticker().nanos());
    queue.awaitHalfEmpty(PATIENCE);
  }

  /** The wire is gone, whoever closed it. */
  void gone() {
    queue.close();
  }

  /** Returns how long it has been open. */
  Duration age() {
    return Duration.ofNanos(limits.ticker().nanos() - connectedNanos);
  }

  @Override
  public Optional<CloseReason> closedFor() {
    return closedFor.get();
  }

  @Override
  public String remoteAddress() {
    return remoteAddress;
  }

  @Override
  public WireMeter meter() {
    return meter;
  }

  @Override
  public WireStatus wire() {
    return new WireStatus(
        remoteAddress,
        connectedSince,
        meter.silence(limits.ticker().nanos()),
        meter.messagesIn(),
        meter.bytesIn(),
        meter.messagesOut(),
        meter.bytesOut(),
        queue.depth(),
        queue.bytes(),
        meter.roundTrip());
  }

  @Override
  public boolean congested() {
    return queue.overHalfFull();
  }
}
