package org.parley.edge;

import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.parley.core.CloseReason;
import org.parley.core.Outbound;
import org.parley.core.OutboundQueue.Done;
import org.parley.core.QueuedConnection;
import org.parley.limit.MessageRates;
import org.parley.websocket.WebSocketInput;

/**
 * A connection over a container's WebSocket. What a container may do by blocking, closing and
 * pinging, is done on a virtual thread of its own.
 */
final class SocketConnection extends QueuedConnection {
  private static final Logger LOG = System.getLogger(SocketConnection.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Session socket;
  private final int remotePort;
  private final MessageRates.Toll toll;
  private final WebSocketInput input;
  private final CountDownLatch closing = new CountDownLatch(1);

  SocketConnection(Session socket, AdmittedPeer peer, SocketConnections shared) {
    super(peer.remoteAddress(), shared.bounds(), shared.budget(), shared.clock(), shared.ticker());
    this.socket = socket;
    this.remotePort = peer.remotePort();
    this.toll = shared.rates().toll(peer.uri().commonName());
    this.input = WebSocketInput.ofOpening();
    input.onBytes(() -> meter().heard(nanos()));
  }

  @Override
  protected void write(Outbound message, Done done) {
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
      LOG.log(Level.DEBUG, () -> "write on closed connection " + id().value(), e);
      done.written(false);
    }
  }

  @Override
  protected void ping(ByteBuffer payload) {
    Thread.startVirtualThread(
        () -> {
          try {
            socket.getAsyncRemote().sendPing(payload);
          } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, () -> "ping on closed connection " + id().value(), e);
          }
        });
  }

  @Override
  protected void end(CloseReason reason) {
    try {
      socket.close(
          new jakarta.websocket.CloseReason(
              CloseCodes.getCloseCode(reason.code()), reason.phrase()));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, () -> "close on closed connection " + id().value(), e);
    }
  }

  @Override
  protected void closing() {
    closing.countDown();
  }

  /**
   * Holds the peer's own input back while it does not read what is for it, and while it is over its
   * rate: a peer that asks faster than it listens, or than it may, is slowed down, not cut. To be
   * called once a message.
   */
  void awaitPeer() {
    toll.pay(this::pause);
    if (congested()) {
      input.beforeWait();
      awaitReader(PATIENCE);
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

  @Override
  public int remotePort() {
    return remotePort;
  }
}
