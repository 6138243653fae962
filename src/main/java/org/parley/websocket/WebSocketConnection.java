package org.parley.websocket;

import jakarta.servlet.http.WebConnection;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.glassfish.tyrus.spi.Connection;
import org.glassfish.tyrus.spi.WebSocketEngine.UpgradeInfo;
import org.jspecify.annotations.Nullable;
import org.parley.websocket.protocol.FrameGuard;
import org.parley.websocket.protocol.FrameRules;
import org.parley.websocket.protocol.FrameViolation;

/**
 * One upgraded connection, between the container's streams and the engine.
 *
 * <p>It ends once, in one of these ways: the closing handshake is complete; the peer's TCP
 * connection ended; a close frame was queued and the close timeout passed; a write made no
 * progress; the application stops. Then TCP is closed, what waits to be written fails, and the
 * endpoint is told if it has not been.
 */
final class WebSocketConnection implements ClientInput.Sink, OutboundFrames.Owner {
  /** The connection whose endpoint is being opened on this thread. */
  static final ScopedValue<WebSocketConnection> OPENING = ScopedValue.newInstance();

  /** How long input is discarded where TCP cannot be closed from here. */
  private static final Duration DISCARD_LIMIT = Duration.ofSeconds(30);

  /** How long the container may take to close before TCP is closed regardless. */
  private static final Duration CONTAINER_CLOSE_LIMIT = Duration.ofMillis(250);

  private static final int MOST_CANCELS = 10;
  private static final Duration READ_CANCEL_LIMIT = Duration.ofSeconds(10);
  private static final Duration BETWEEN_CANCELS = Duration.ofMillis(10);

  private final WebSocketRuntime runtime;
  private final WebConnection connection;
  private final ClientInput input;
  private final OutboundFrames outbound;
  private final WebSocketInput observed;
  private final InboundBudget.Share budgetShare;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CountDownLatch endpointTold = new CountDownLatch(1);
  private FrameRules rules;
  private @Nullable InboundFrames inbound;
  private final InputClock inputClock = new InputClock();
  private volatile boolean discarding;
  private volatile boolean closeWritten;
  private volatile boolean closeReceived;
  private volatile @Nullable Connection engine;
  private volatile @Nullable Future<?> closeDeadline;

  WebSocketConnection(WebSocketRuntime runtime, WebConnection connection) throws IOException {
    this.runtime = runtime;
    this.connection = connection;
    this.input = new ClientInput(connection, runtime, this);
    this.outbound =
        new OutboundFrames(
            connection.getOutputStream(),
            runtime.limits().maxOutboundBytes(),
            runtime,
            runtime::nanoTime,
            this);
    this.observed = new WebSocketInput(outbound::flush, this::abort);
    this.budgetShare = runtime.inboundBudget().share();
    this.rules = runtime.limits().rules();
  }

  /** Opens the endpoint, then begins to read; the endpoint may send and close while it opens. */
  void open(UpgradeInfo upgrade) {
    runtime.opened(this);
    try {
      ScopedValue.where(OPENING, this)
          .where(WebSocketInput.OPENING, observed)
          .run(() -> engine = upgrade.createConnection(outbound, reason -> outbound.close()));
    } catch (Throwable fault) {
      runtime.ended(this, false); // there is no endpoint to tell
      endpointTold.countDown();
      throw fault;
    }
    inbound = new InboundFrames(new FrameGuard(rules), this::toEngine);
    if (ended.get()) {
      tellEndpoint(); // ended while it was being opened
    } else {
      input.start();
      if (runtime.stopping()) {
        goAway();
      }
    }
  }

  /** Narrows what is read to what the endpoint takes; called while the endpoint is opened. */
  void narrow(EndpointTraits traits) {
    rules = traits.narrow(rules);
  }

  @Override
  public boolean ended() {
    return ended.get();
  }

  @Override
  public void inputEnded() {
    end();
  }

  @Override
  public void inputFailed(Throwable fault) {
    if (!ended.get()) {
      FaultLog.engineFailed(fault);
    }
    end();
  }

  @Override
  public void closing() {
    if (!ended.get() && closing.compareAndSet(false, true)) {
      closeDeadline = runtime.after(runtime.limits().closeTimeout(), this::end);
    }
  }

  @Override
  public void closeWritten() {
    closeWritten = true;
    endWhenBothClosed();
  }

  @Override
  public void writeFailed() {
    end();
  }

  /** Closes with 1001: the application stops. */
  void goAway() {
    closeEngine(new CloseReason(CloseCodes.GOING_AWAY, "Broker is stopping."));
  }

  /** Ends the connection without a closing handshake. */
  void abort() {
    end();
  }

  long stalledNanos(long now) {
    return outbound.stalledNanos(now);
  }

  /** Returns how long a message has been on its way; 0 when none is. */
  long unfinishedNanos(long now) {
    return discarding ? 0 : inputClock.unfinishedNanos(now);
  }

  void messageTimedOut() {
    if (!ended.get() && !discarding) {
      runtime.statistics().messageTimedOut();
      refuse(CloseCodes.VIOLATED_POLICY, "Message too slow.");
    }
  }

  void writeTimedOut() {
    if (!ended.get()) {
      runtime.statistics().writeTimedOut();
      end();
    }
  }

  /** Waits until the connection has ended and its endpoint knows; returns false after the wait. */
  boolean awaitEnd(Duration patience) throws InterruptedException {
    return endpointTold.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void received(ByteBuffer raw, ByteBuffer scratch) {
    InboundFrames frames = inbound;
    if (discarding || frames == null) {
      return;
    }
    observed.bytesCame();
    FrameViolation violation;
    outbound.hold();
    inputClock.suspend();
    try {
      violation = frames.receive(raw, scratch);
      observed.bytesEnded();
    } finally {
      outbound.release();
    }
    inputClock.resume(frames, runtime.nanoTime());
    if (frames.closeReceived() || answersOurClose(violation)) {
      discarding = true;
      closeReceived = true;
      endWhenBothClosed();
    } else if (violation != null) {
      runtime.statistics().violated(violation);
      refuse(CloseCodes.getCloseCode(violation.code()), violation.phrase());
    } else if (!budgetShare.hold(frames.unfinishedBytes())) {
      runtime.statistics().budgetSpent();
      refuse(CloseCodes.TRY_AGAIN_LATER, "Too much unfinished input.");
    }
  }

  /** A client may echo our close code even if it may not send it first, such as 1012. */
  private boolean answersOurClose(@Nullable FrameViolation violation) {
    return violation == FrameViolation.INVALID_CLOSE_CODE && closing.get();
  }

  private void toEngine(ByteBuffer frames) {
    Connection open = engine;
    if (open != null && !ended.get()) {
      open.getReadHandler().handle(frames);
    }
  }

  private void refuse(CloseReason.CloseCode code, String phrase) {
    discarding = true;
    closeEngine(new CloseReason(code, phrase));
    closing(); // even if the endpoint was closing already, or the engine would not
  }

  private void endWhenBothClosed() {
    if (closeWritten && closeReceived) {
      end();
    }
  }

  private void end() {
    if (ended.compareAndSet(false, true)) {
      if (runtime.liberty().forbidReuse(connection)) {
        runtime.execute(this::closeTcp);
      } else {
        var _ = runtime.after(DISCARD_LIMIT, this::closeTcp);
      }
      Future<?> deadline = closeDeadline;
      if (deadline != null) {
        deadline.cancel(false);
      }
      outbound.abort();
      budgetShare.release();
      tellEndpoint();
    }
  }

  private void closeTcp() {
    LibertyConnections tcp = runtime.liberty();
    // A write may block just after it was cancelled, so again, but not for ever.
    for (int i = 0; i < MOST_CANCELS && !outbound.awaitIdle(BETWEEN_CANCELS); i++) {
      tcp.cancelWrite(connection);
    }
    if (!input.cancel(READ_CANCEL_LIMIT, BETWEEN_CANCELS)) {
      tcp.closeBelowHttp(connection); // the container's close would wait for the reader
      return;
    }
    Future<?> backstop = runtime.after(CONTAINER_CLOSE_LIMIT, () -> tcp.closeBelowHttp(connection));
    LibertyConnections.closeQuietly(connection);
    backstop.cancel(false);
  }

  private void tellEndpoint() {
    if (engine != null) {
      closeEngine(new CloseReason(CloseCodes.CLOSED_ABNORMALLY, "Connection lost."));
      runtime.ended(this, closeWritten && closeReceived);
      endpointTold.countDown();
    }
  }

  private void closeEngine(CloseReason reason) {
    Connection open = engine;
    if (open != null) {
      try {
        open.close(reason);
      } catch (IllegalStateException closedMeanwhile) {
        FaultLog.closedMeanwhile(closedMeanwhile);
      } catch (RuntimeException fault) {
        FaultLog.engineFailed(fault);
      }
    }
  }
}
