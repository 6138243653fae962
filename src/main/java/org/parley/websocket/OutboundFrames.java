package org.parley.websocket;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;
import org.glassfish.tyrus.spi.WriterInfo;
import org.jspecify.annotations.Nullable;

/**
 * The frames that wait for one peer: a bounded queue with one write in flight. A caller never waits
 * for the peer and never runs another's completion handler: a virtual thread, alive only while
 * there is something to write, takes all that is ready in one go, hands it to the container and
 * completes the handlers. Nothing follows a close frame (RFC 6455 section 5.5.1).
 */
final class OutboundFrames extends Writer {
  /** Bytes that go to the container between two signs of progress. */
  static final int SLICE_BYTES = 64 * 1024;

  /** What a waiting frame costs besides its bytes. */
  static final int FRAME_COST_BYTES = 128;

  /** Pongs that may wait; RFC 6455 section 5.5.3 lets us leave older pings unanswered. */
  static final int MAX_WAITING_PONGS = 16_384;

  /** What the owner of the queue is told; never called with a lock held. */
  interface Owner {
    /** A close frame was queued, or the engine wants the connection closed. */
    void closing();

    /** The close frame went to the container. */
    void closeWritten();

    /** The container refused a write. */
    void writeFailed();
  }

  private record Waiting(
      ByteBuffer bytes,
      @Nullable CompletionHandler<ByteBuffer> handler,
      WriterInfo.@Nullable MessageType type) {
    long cost() {
      return (long) bytes.remaining() + FRAME_COST_BYTES;
    }
  }

  private final OutputStream output;
  private final long maxBytes;
  private final Executor threads;
  private final LongSupplier nanoTime;
  private final Owner owner;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(2);
  private List<Waiting> inFlight = List.of();
  private long waitingBytes;
  private int waitingPongs;
  private boolean writing;
  private boolean closeQueued;
  private boolean failed;
  private long progressNanos;
  private volatile long holdingThread;

  OutboundFrames(
      OutputStream output, long maxBytes, Executor threads, LongSupplier nanoTime, Owner owner) {
    this.output = output;
    this.maxBytes = maxBytes;
    this.threads = threads;
    this.nanoTime = nanoTime;
    this.owner = owner;
  }

  @Override
  public void write(ByteBuffer frame, @Nullable CompletionHandler<ByteBuffer> handler) {
    write(frame, handler, null, null);
  }

  @Override
  public void write(
      ByteBuffer frame, @Nullable CompletionHandler<ByteBuffer> handler, WriterInfo info) {
    write(frame, handler, info.getMessageType(), info.getRemoteEndpointType());
  }

  private void write(
      ByteBuffer frame,
      @Nullable CompletionHandler<ByteBuffer> handler,
      WriterInfo.@Nullable MessageType type,
      WriterInfo.@Nullable RemoteEndpointType remote) {
    boolean close = type == WriterInfo.MessageType.CLOSE;
    ByteBuffer bytes = close ? CloseFrames.withFixedPhrase(frame) : frame;
    String refusal = enqueue(new Waiting(bytes, handler, type));
    if (refusal != null && handler != null) {
      threads.execute(() -> fail(handler, new IOException(refusal)));
    }
    if (close) {
      owner.closing();
    }
    boolean mayWait = remote != WriterInfo.RemoteEndpointType.BASIC && holding();
    if (refusal == null && !mayWait) {
      startWriting();
    }
  }

  /** The engine's wish to close the connection; a queued close frame still goes out. */
  @Override
  public void close() {
    owner.closing();
  }

  /** From now on frames that this thread sends wait, to leave together at {@link #release()}. */
  void hold() {
    holdingThread = Thread.currentThread().threadId();
  }

  void release() {
    holdingThread = 0;
    startWriting();
  }

  /** Lets what waits for {@link #release()} leave now; what follows waits again. */
  void flush() {
    startWriting();
  }

  /** Fails every frame that has not been written, and all later ones. */
  void abort() {
    List<Waiting> lost = new ArrayList<>();
    lock.lock();
    try {
      failed = true;
      lost.addAll(inFlight);
      lost.addAll(waiting);
      inFlight = List.of();
      waiting.clear();
      waitingBytes = 0;
      waitingPongs = 0;
    } finally {
      lock.unlock();
    }
    for (Waiting frame : lost) {
      if (frame.handler != null) {
        fail(frame.handler, new IOException("connection closed"));
      }
    }
  }

  /** How long something has waited without any progress, in nanoseconds; 0 when nothing waits. */
  long stalledNanos(long now) {
    lock.lock();
    try {
      return waitingBytes == 0 ? 0 : now - progressNanos;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no thread is at work writing; returns false after the wait. */
  boolean awaitIdle(Duration patience) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (writing && left > 0) {
        left = idle.awaitNanos(left);
      }
      return !writing;
    } catch (InterruptedException stopNow) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether this thread holds its frames back and they are still few. */
  private boolean holding() {
    if (holdingThread != Thread.currentThread().threadId()) {
      return false;
    }
    lock.lock();
    try {
      return waitingBytes < SLICE_BYTES;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable String enqueue(Waiting frame) {
    lock.lock();
    try {
      boolean close = frame.type == WriterInfo.MessageType.CLOSE;
      boolean pong = frame.type == WriterInfo.MessageType.PONG;
      if (failed || closeQueued) {
        return "connection closed";
      }
      if (!close && frame.cost() > maxBytes - waitingBytes) {
        return "outbound limit reached";
      }
      if (pong && waitingPongs == MAX_WAITING_PONGS) {
        return "too many pongs wait";
      }
      if (waitingBytes == 0) {
        progressNanos = nanoTime.getAsLong();
      }
      closeQueued = close;
      waitingPongs += pong ? 1 : 0;
      waitingBytes += frame.cost();
      waiting.add(frame);
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void startWriting() {
    lock.lock();
    try {
      if (writing || failed || waiting.isEmpty()) {
        return;
      }
      writing = true;
    } finally {
      lock.unlock();
    }
    threads.execute(this::writeAll);
  }

  private void writeAll() {
    try {
      for (List<Waiting> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
        writeBatch(batch);
        complete(landed());
      }
    } catch (IOException | RuntimeException broken) {
      stopped();
      owner.writeFailed();
    }
  }

  private void stopped() {
    lock.lock();
    try {
      writing = false;
      failed = true;
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Frames for one flush: as many as fit a slice, at least one; none when all is written. */
  private List<Waiting> nextBatch() {
    lock.lock();
    try {
      List<Waiting> batch = new ArrayList<>(Math.min(waiting.size(), 64));
      int bytes = 0;
      for (Waiting next = waiting.peek();
          next != null && (batch.isEmpty() || bytes + next.bytes.remaining() <= SLICE_BYTES);
          next = waiting.peek()) {
        bytes += next.bytes.remaining();
        batch.add(waiting.remove());
      }
      inFlight = batch;
      writing = !batch.isEmpty();
      if (!writing) {
        idle.signalAll();
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void writeBatch(List<Waiting> batch) throws IOException {
    for (Waiting frame : batch) {
      ByteBuffer bytes = frame.bytes.duplicate();
      while (bytes.remaining() > SLICE_BYTES) {
        writeOut(bytes, SLICE_BYTES);
        output.flush();
        progressed();
      }
      writeOut(bytes, bytes.remaining());
    }
    output.flush();
  }

  private void writeOut(ByteBuffer bytes, int count) throws IOException {
    if (bytes.hasArray()) {
      output.write(bytes.array(), bytes.arrayOffset() + bytes.position(), count);
      bytes.position(bytes.position() + count);
    } else {
      byte[] copy = new byte[count];
      bytes.get(copy);
      output.write(copy);
    }
  }

  private void progressed() throws IOException {
    lock.lock();
    try {
      if (failed) {
        throw new IOException("connection closed");
      }
      progressNanos = nanoTime.getAsLong();
    } finally {
      lock.unlock();
    }
  }

  /** Takes back what was in flight; nothing when {@link #abort()} took it. */
  private List<Waiting> landed() {
    lock.lock();
    try {
      List<Waiting> written = inFlight;
      inFlight = List.of();
      for (Waiting frame : written) {
        waitingBytes -= frame.cost();
        waitingPongs -= frame.type == WriterInfo.MessageType.PONG ? 1 : 0;
      }
      progressNanos = nanoTime.getAsLong();
      return written;
    } finally {
      lock.unlock();
    }
  }

  private void complete(List<Waiting> written) {
    for (Waiting frame : written) {
      if (frame.handler != null) {
        try {
          frame.handler.completed(frame.bytes);
        } catch (RuntimeException applicationFault) {
          FaultLog.handlerFailed(applicationFault);
        }
      }
      if (frame.type == WriterInfo.MessageType.CLOSE) {
        owner.closeWritten();
      }
    }
  }

  private static void fail(CompletionHandler<ByteBuffer> handler, IOException cause) {
    try {
      handler.failed(cause);
    } catch (RuntimeException applicationFault) {
      FaultLog.handlerFailed(applicationFault);
    }
  }
}
