package org.parley.edge;

import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.parley.core.CloseReason;
import org.parley.core.Connection;
import org.parley.core.ConnectionId;
import org.parley.core.Outbound;
import org.parley.core.OutboundQueue;
import org.parley.core.OutboundQueue.Done;
import org.parley.core.Ticker;
import org.parley.core.WireMeter;
import org.parley.core.WireStatus;
import org.parley.limit.MessageRates;
import org.parley.websocket.WebSocketInput;

/**
 * A connection over a container's WebSocket. What a container may do by blocking, closing and
 * pinging, is done on a virtual thread of its own.
 */
final class SocketConnection implements Connection {
  private static final Logger LOG = System.getLogger(SocketConnection.class.getName());
  private static final CloseReason WRITE_FAILED = new CloseReason(1011, "Write failed.");

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LAST_WORDS = Duration.ofMillis(200);

  private final ConnectionId id = ConnectionId.next();
  private final Session socket;
  private final String remoteAddress;
  private final int remotePort;
  private final Instant connectedSince;
  private final Ticker ticker;
  private final WireMeter meter;
  private final OutboundQueue queue;
  private final MessageRates.Toll toll;
  private final WebSocketInput input;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicReference<Optional<CloseReason>> closedFor =
      new AtomicReference<>(Optional.empty());

  SocketConnection(Session socket, AdmittedPeer peer, SocketConnections shared) {
    this.socket = socket;
    this.remoteAddress = peer.remoteAddress();
    this.toll = shared.rates().toll(peer.uri().commonName());
    this.remotePort = peer.remotePort();
    this.connectedSince = shared.clock().instant();
    this.ticker = shared.ticker();
    this.meter = new WireMeter(ticker.nanos());
    this.queue =
        new OutboundQueue(
            shared.bounds(), shared.budget(), meter, this::write, () -> close(WRITE_FAILED));
    this.input = WebSocketInput.ofOpening();
    input.onBytes(() -> meter.heard(ticker.nanos()));
  }

  @Override
  public ConnectionId id() {
    return id;
  }

  @Override
  public OutboundQueue.Offer send(Outbound message, Runnable onLost) {
    return queue.offer(message, onLost);
  }

  private void write(Outbound message, Done done) {
    try {
      switch (message) {
        case Outbound.Text text ->
            socket.getAsyncRemote().sendText(text.text(), result -> done.written(result.isOK()));
        case Outbound.Binary binary ->
            socket
                .getAsyncRemote()
                .sendBinary(binary.payload(), result -> done.written(result.isOK()));
      }
    } catch (RuntimeException e) {
      // The engine says so when the socket has closed meanwhile.
      LOG.log(Level.DEBUG, () -> "write on closed connection " + id.value(), e);
      done.written(false);
    }
  }

  @Override
  public void ping() {
    long now = ticker.nanos();
    meter.pinged(now);
    var payload = ByteBuffer.allocate(Long.BYTES).putLong(0, now);
    Thread.startVirtualThread(
        () -> {
          try {
            socket.getAsyncRemote().sendPing(payload);
          } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, () -> "ping on closed connection " + id.value(), e);
          }
        });
  }

  /** The peer's pong came in. */
  void ponged(ByteBuffer payload) {
    long sent = payload.remaining() == Long.BYTES ? payload.getLong(payload.position()) : 0;
    meter.ponged(sent, ticker.nanos());
  }

  @Override
  public void close(CloseReason reason) {
    if (!closedFor.compareAndSet(Optional.empty(), Optional.of(reason))) {
      return;
    }
    closing.countDown();
    queue.finish();
    Thread.startVirtualThread(
        () -> {
          // What the peer is owed goes first, unless it does not read.
          queue.awaitEmpty(LAST_WORDS);
          queue.close();
          try {
            socket.close(
                new jakarta.websocket.CloseReason(
                    CloseCodes.getCloseCode(reason.code()), reason.phrase()));
          } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, () -> "close on closed connection " + id.value(), e);
          }
        });
  }

  /**
   * Holds the peer's own input back while it does not read what is for it, and while it is over its
   * rate: a peer that asks faster than it listens, or than it may, is slowed down, not cut. To be
   * called once a message.
   */
  void awaitPeer() {
    toll.pay(this::pause);
    if (queue.overHalfFull()) {
      input.beforeWait();
      queue.awaitHalfEmpty(PATIENCE);
    }
  }

  private void pause(Duration duration) {
    input.beforeWait();
    try {
      var _ = closing.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The socket is gone, whoever closed it. */
  void gone() {
    closing.countDown();
    queue.close();
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
  public int remotePort() {
    return remotePort;
  }

  @Override
  public WireStatus wire() {
    long now = ticker.nanos();
    Duration silence = meter.silence(now);
    return new WireStatus(
        remoteAddress,
        connectedSince,
        silence,
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
