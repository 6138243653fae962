package org.parley.core;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.parley.core.OutboundQueue.Done;

/**
 * What connections have in common, whatever carries them: a queue, counts, last words before the
 * end. Whoever extends it knows how to write, ping and close.
 */
public abstract class QueuedConnection implements Connection {
  private static final CloseReason WRITE_FAILED = new CloseReason(1011, "Write failed.");
  private static final Duration LAST_WORDS = Duration.ofMillis(200);

  private final ConnectionId id = ConnectionId.next();
  private final String remoteAddress;
  private final Instant connectedSince;
  private final Ticker ticker;
  private final WireMeter meter;
  private final OutboundQueue queue;
  private final AtomicReference<Optional<CloseReason>> closedFor =
      new AtomicReference<>(Optional.empty());

  /**
   * @param bounds of this one's queue
   * @param budget of all queues together
   */
  @SuppressWarnings("this-escape") // the queue calls nobody before the first message is offered
  protected QueuedConnection(
      String remoteAddress,
      OutboundQueue.Bounds bounds,
      ByteBudget budget,
      InstantSource clock,
      Ticker ticker) {
    this.remoteAddress = remoteAddress;
    this.connectedSince = clock.instant();
    this.ticker = ticker;
    this.meter = new WireMeter(ticker.nanos());
    this.queue = new OutboundQueue(bounds, budget, meter, this::write, () -> close(WRITE_FAILED));
  }

  /** Writes one message, one at a time; must not block. */
  protected abstract void write(Outbound message, Done done);

  /** Sends a ping with a payload that the pong brings back; must not block. */
  protected abstract void ping(ByteBuffer payload);

  /**
   * Says why and closes; may block. Called once, after what the peer is owed, as far as it reads.
   */
  protected abstract void end(CloseReason reason);

  /** The broker has decided to close: whoever waits on this connection's account need not. */
  protected void closing() {}

  @Override
  public final ConnectionId id() {
    return id;
  }

  @Override
  public final OutboundQueue.Offer send(Outbound message, Runnable onLost) {
    return queue.offer(message, onLost);
  }

  @Override
  public final void ping() {
    long now = ticker.nanos();
    meter.pinged(now);
    ping(ByteBuffer.allocate(Long.BYTES).putLong(0, now));
  }

  /** The peer's pong came in. */
  public final void ponged(ByteBuffer payload) {
    long sent = payload.remaining() == Long.BYTES ? payload.getLong(payload.position()) : 0;
    meter.ponged(sent, ticker.nanos());
  }

  @Override
  public final void close(CloseReason reason) {
    if (!closedFor.compareAndSet(Optional.empty(), Optional.of(reason))) {
      return;
    }
    closing();
    queue.finish();
    Thread.startVirtualThread(
        () -> {
          // What the peer is owed goes first, unless it does not read.
          queue.awaitEmpty(LAST_WORDS);
          queue.close();
          end(reason);
        });
  }

  /** The wire is gone, whoever closed it. */
  public final void gone() {
    closing();
    queue.close();
  }

  /** Waits, for so long at the most, while the peer does not read what is for it. */
  protected final void awaitReader(Duration limit) {
    queue.awaitHalfEmpty(limit);
  }

  /** Returns the moment, as this connection's ticker has it. */
  protected final long nanos() {
    return ticker.nanos();
  }

  @Override
  public final Optional<CloseReason> closedFor() {
    return closedFor.get();
  }

  @Override
  public final String remoteAddress() {
    return remoteAddress;
  }

  @Override
  public final WireMeter meter() {
    return meter;
  }

  @Override
  public final WireStatus wire() {
    return new WireStatus(
        remoteAddress,
        connectedSince,
        meter.silence(ticker.nanos()),
        meter.messagesIn(),
        meter.bytesIn(),
        meter.messagesOut(),
        meter.bytesOut(),
        queue.depth(),
        queue.bytes(),
        meter.roundTrip());
  }

  @Override
  public final boolean congested() {
    return queue.overHalfFull();
  }
}
