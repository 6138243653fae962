package org.parley.websocket;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Brings what the client sends to its connection.
 *
 * <p>The way of the servlet API is a {@link ReadListener}. On Open Liberty 26.0.0.3 that loses TLS
 * input: asking {@code isReady()} decrypts what has come in into a buffer of one byte, again and
 * again, and forgets the rest when more than one record waits; input that came in with the opening
 * handshake is announced twice. So there a virtual thread reads and blocks, which the same server
 * does right. It holds a small buffer while it waits.
 */
final class ClientInput implements ReadListener {
  /** What takes the input; called by one thread at a time. */
  interface Sink {
    boolean ended();

    /**
     * Takes input.
     *
     * @param raw array-backed, from position to limit
     * @param frames scratch space, empty
     */
    void received(ByteBuffer raw, ByteBuffer frames);

    void inputEnded();

    void inputFailed(Throwable fault);
  }

  private static final int WAITING_BYTES = 1024;

  private final WebConnection connection;
  private final ServletInputStream input;
  private final WebSocketRuntime runtime;
  private final Sink sink;
  private final CountDownLatch readerDone = new CountDownLatch(1);
  private volatile boolean blocking;

  ClientInput(WebConnection connection, WebSocketRuntime runtime, Sink sink) throws IOException {
    this.connection = connection;
    this.input = connection.getInputStream();
    this.runtime = runtime;
    this.sink = sink;
  }

  /** Begins to read. */
  void start() {
    runtime.liberty().forgetContext(connection);
    Optional<byte[]> early = runtime.liberty().adoptInput(connection);
    if (early.isPresent()) {
      blocking = true;
      runtime.execute(() -> readAll(early.get()));
    } else {
      input.setReadListener(this);
    }
  }

  /**
   * Makes a reader that blocks come back. Asks again and again: a cancellation that comes just
   * before the server waits is lost.
   *
   * @return whether none reads any more
   */
  boolean cancel(Duration limit, Duration pause) {
    if (!blocking) {
      return true;
    }
    try {
      long deadline = runtime.nanoTime() + limit.toNanos();
      while (readerDone.getCount() > 0 && runtime.nanoTime() < deadline) {
        runtime.liberty().cancelRead(connection);
        if (readerDone.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
      return readerDone.getCount() == 0;
    } catch (InterruptedException stopNow) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void readAll(byte[] early) {
    try {
      if (early.length > 0) {
        pass(ByteBuffer.wrap(early));
      }
      byte[] small = new byte[WAITING_BYTES];
      int count = 0;
      while (count >= 0 && !sink.ended()) {
        count = count < WAITING_BYTES ? read(small) : readMuch();
      }
      sink.inputEnded();
    } catch (IOException inputEnded) {
      sink.inputEnded();
    } catch (RuntimeException | Error fault) {
      sink.inputFailed(fault);
    } finally {
      readerDone.countDown();
    }
  }

  /** Reads; the container tells by an unchecked exception, too, that the connection has ended. */
  private int readInto(byte[] bytes) throws IOException {
    try {
      return input.read(bytes, 0, bytes.length);
    } catch (IllegalStateException | NullPointerException closedMeanwhile) {
      throw new IOException("closed", closedMeanwhile);
    }
  }

  private int read(byte[] small) throws IOException {
    int count = readInto(small);
    if (count > 0) {
      pass(ByteBuffer.wrap(small, 0, count));
    }
    return count;
  }

  /** Reads into a large buffer: the last read filled the small one, so more is likely there. */
  private int readMuch() throws IOException {
    ReadBuffers.Pair buffers = runtime.readBuffers().borrow();
    try {
      int count = readInto(buffers.raw().array());
      if (count > 0) {
        sink.received(buffers.raw().clear().limit(count), buffers.frames());
      }
      return count;
    } finally {
      runtime.readBuffers().giveBack(buffers);
    }
  }

  private void pass(ByteBuffer raw) {
    ReadBuffers.Pair buffers = runtime.readBuffers().borrow();
    try {
      sink.received(raw, buffers.frames());
    } finally {
      runtime.readBuffers().giveBack(buffers);
    }
  }

  @Override
  public void onDataAvailable() {
    ReadBuffers.Pair buffers = runtime.readBuffers().borrow();
    try {
      while (!sink.ended() && input.isReady()) {
        int count = input.read(buffers.raw().array());
        if (count < 0) {
          sink.inputEnded();
          return;
        }
        sink.received(buffers.raw().clear().limit(count), buffers.frames());
      }
    } catch (IOException | IllegalStateException inputEnded) {
      sink.inputEnded();
    } finally {
      runtime.readBuffers().giveBack(buffers);
    }
  }

  @Override
  public void onAllDataRead() {
    sink.inputEnded();
  }

  @Override
  public void onError(Throwable fault) {
    if (fault instanceof IOException) {
      sink.inputEnded();
    } else {
      sink.inputFailed(fault);
    }
  }
}
