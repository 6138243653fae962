package org.parley.edge.mqtt;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.parley.core.ByteWire;
import org.parley.transport.WireLimits;
import org.parley.websocket.WebSocketInput;

/**
 * A wire over a WebSocket (MQTT 5.0 section 6): the binary messages that come in are one stream of
 * bytes, and each write goes out as one. The thread that reads the socket is the wire's owner while
 * it brings bytes; at other times a virtual thread is, when there is something to do.
 */
public final class SocketWire implements ByteWire {
  private static final Logger LOG = System.getLogger(SocketWire.class.getName());

  private final Session session;
  private final Peer peer;
  private final WireLimits limits;
  private final Executor threads;
  private final WebSocketInput input;
  private final OwnerQueue owner;
  private final ReadGate gate = new ReadGate();
  private final AtomicLong unsent = new AtomicLong();

  /** The WebSocket is closed, or closing: the close frame that says why may still be on its way. */
  private final AtomicBoolean gone = new AtomicBoolean();

  /** Something could not be sent. */
  private final AtomicBoolean broken = new AtomicBoolean();

  private @Nullable Handler handler;

  /** Bytes have come whose round has not ended; belongs to the thread that reads. */
  private boolean inRound;

  /** Nothing goes out or comes in any more; belongs to the owner, as does the handler. */
  private boolean ending;

  /** {@link #writable} has said no: somebody waits to hear of it. */
  private volatile boolean awaited;

  /**
   * @param threads runs what may block, and the owner when nobody reads
   */
  SocketWire(Session session, Peer peer, WireLimits limits, Executor threads) {
    this.session = session;
    this.peer = peer;
    this.limits = limits;
    this.threads = threads;
    this.input = WebSocketInput.ofOpening();
    this.owner = new OwnerQueue(threads);
  }

  /** Begins; called while the WebSocket is being opened. */
  void open(Acceptor acceptor) {
    input.onEnd(this::roundEnded);
    asOwner(() -> handler = acceptor.accept(this));
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public Executor executor() {
    return task -> owner.execute(() -> guarded(task));
  }

  /** Bytes have come, in a message or a part of one; called by the thread that reads. */
  public void received(ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      return; // an empty frame says nothing
    }
    awaitGate();
    inRound = true;
    asOwner(() -> deliver(bytes));
    if (!input.endsRounds()) {
      roundEnded();
    }
  }

  private void deliver(ByteBuffer bytes) {
    var told = handler;
    if (told != null && !ending) {
      told.received(bytes);
    }
  }

  private void roundEnded() {
    if (inRound) {
      inRound = false;
      asOwner(
          () -> {
            var told = handler;
            if (told != null && !ending) {
              told.receivedAll();
            }
          });
    }
  }

  private void awaitGate() {
    if (!gate.isOpen()) {
      input.beforeWait();
      try {
        gate.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * The WebSocket is closed, by whomever.
   *
   * @return whether this is the first that is heard of it
   */
  boolean closed() {
    boolean first = gone.compareAndSet(false, true);
    if (first) {
      owner.execute(this::tellClosed);
    }
    gate.remove(); // who waits there comes after the end
    return first;
  }

  private void tellClosed() {
    ending = true;
    var told = handler;
    handler = null;
    if (told != null) {
      guarded(told::closed);
    }
  }

  /** The engine has met a fault that it does not lay at the peer's door. */
  public void failed(Throwable fault) {
    owner.execute(
        () -> {
          if (!ending) {
            fail(fault);
          }
        });
  }

  private void asOwner(Runnable task) {
    owner.call(() -> guarded(task));
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error fault) {
      fail(fault);
    }
  }

  private void fail(Throwable fault) {
    LOG.log(Level.ERROR, () -> "WebSocket to " + peer.remoteAddress() + " failed", fault);
    abort();
  }

  @Override
  public void write(ByteBuffer bytes) {
    if (ending) {
      return;
    }
    if (unsent.get() > limits.mostUnsentBytes()) {
      LOG.log(Level.ERROR, () -> "WebSocket to " + peer.remoteAddress() + " beyond its limit");
      abort();
      return;
    }
    int count = bytes.remaining();
    unsent.addAndGet(count);
    try {
      session
          .getAsyncRemote()
          .sendBinary(bytes, result -> sent(count, result.isOK())); // the engine copies
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "write on a closed WebSocket", e);
      sent(count, false);
    }
  }

  /** Called by the engine's threads. What could not be sent leaves a hole: the stream has ended. */
  private void sent(int count, boolean whole) {
    long left = unsent.addAndGet(-count);
    if (!whole && broken.compareAndSet(false, true)) {
      owner.execute(() -> guarded(this::breakOff));
    } else if (left <= limits.lowWaterBytes() && awaited) {
      owner.execute(this::tellWritable);
    }
  }

  /** Closes, without effect if that was why it could not be sent. */
  private void breakOff() {
    if (!ending) {
      ending = true;
      gate.remove();
      threads.execute(() -> close(CloseCodes.UNEXPECTED_CONDITION));
    }
  }

  private void tellWritable() {
    var told = handler;
    if (awaited && writable() && told != null && !ending) {
      guarded(told::writable);
    }
  }

  @Override
  public boolean writable() {
    if (!awaited && unsent.get() <= limits.highWaterBytes()) {
      return true;
    }
    awaited = true;
    if (unsent.get() > limits.lowWaterBytes()) {
      return false;
    }
    awaited = false; // it was sent before anybody could be told
    return true;
  }

  @Override
  public long unsentBytes() {
    return unsent.get();
  }

  @Override
  public void reading(boolean on) {
    gate.set(on);
  }

  @Override
  public void finish() {
    if (!ending) {
      ending = true;
      gate.remove();
      threads.execute(() -> close(CloseCodes.NORMAL_CLOSURE));
    }
  }

  @Override
  public void abort() {
    ending = true;
    gate.remove();
    if (gone.get()) {
      return;
    }
    threads.execute(
        () -> {
          if (!input.abort()) {
            close(CloseCodes.UNEXPECTED_CONDITION);
          }
        });
  }

  private void close(CloseCodes code) {
    try {
      session.close(new CloseReason(code, ""));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "close of a closed WebSocket", e);
    }
  }
}
