package org.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.parley.core.ByteWire;

/** Meets wires and keeps what happens on them; optionally does something of its own. */
final class WireRecorder implements ByteWire.Acceptor {
  static final Duration SOON = Duration.ofSeconds(10);

  private final BlockingQueue<Recorded> wires = new LinkedBlockingQueue<>();
  private final Consumer<Recorded> onReceivedAll;

  WireRecorder() {
    this(_ -> {});
  }

  /**
   * @param onReceivedAll runs on the wire's executor at the end of each round
   */
  WireRecorder(Consumer<Recorded> onReceivedAll) {
    this.onReceivedAll = onReceivedAll;
  }

  /** Sends back what came in, at the end of each round. */
  static WireRecorder echo() {
    return new WireRecorder(recorded -> recorded.wire.write(ByteBuffer.wrap(recorded.drain())));
  }

  @Override
  public ByteWire.Handler accept(ByteWire wire) {
    var recorded = new Recorded(wire, onReceivedAll);
    wires.add(recorded);
    return recorded;
  }

  /** Waits for the next wire. */
  Recorded next() throws InterruptedException {
    var next = wires.poll(SOON.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(next).as("a wire").isNotNull();
    return next;
  }

  boolean none() {
    return wires.isEmpty();
  }

  /** One wire and what happened on it. */
  static final class Recorded implements ByteWire.Handler {
    final ByteWire wire;
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger rounds = new AtomicInteger();
    final AtomicInteger writables = new AtomicInteger();
    final AtomicInteger closes = new AtomicInteger();
    private final Consumer<Recorded> onReceivedAll;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger overlaps = new AtomicInteger();

    Recorded(ByteWire wire, Consumer<Recorded> onReceivedAll) {
      this.wire = wire;
      this.onReceivedAll = onReceivedAll;
    }

    private void during(Runnable event) {
      if (inside.incrementAndGet() > 1) {
        overlaps.incrementAndGet();
      }
      try {
        event.run();
      } finally {
        inside.decrementAndGet();
      }
    }

    @Override
    public void received(ByteBuffer bytes) {
      during(
          () -> {
            reads.incrementAndGet();
            var copy = new byte[bytes.remaining()];
            bytes.get(copy);
            synchronized (received) {
              received.writeBytes(copy);
            }
          });
    }

    @Override
    public void receivedAll() {
      during(
          () -> {
            rounds.incrementAndGet();
            onReceivedAll.accept(this);
          });
    }

    @Override
    public void writable() {
      during(writables::incrementAndGet);
    }

    @Override
    public void closed() {
      during(closes::incrementAndGet);
    }

    /** Returns what came in and was not drained. */
    byte[] bytes() {
      synchronized (received) {
        return received.toByteArray();
      }
    }

    byte[] drain() {
      synchronized (received) {
        var all = received.toByteArray();
        received.reset();
        return all;
      }
    }

    /** Returns whether the handler was called while it was at work. */
    boolean reentered() {
      return overlaps.get() > 0;
    }

    void awaitBytes(int count) {
      Awaitility.await().atMost(SOON).until(() -> bytes().length >= count);
    }

    void awaitClosed() {
      Awaitility.await().atMost(SOON).until(() -> closes.get() > 0);
    }

    /** Runs something as the wire's owner and waits for it. */
    void own(Consumer<ByteWire> task) throws InterruptedException {
      ask(
          wire -> {
            task.accept(wire);
            return true;
          });
    }

    /** The same with an answer. */
    <T> T ask(Function<ByteWire, T> question) throws InterruptedException {
      var answer = new CompletableFuture<T>();
      wire.executor().execute(() -> answer.complete(question.apply(wire)));
      try {
        return answer.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new AssertionError("the owner does not answer", e);
      }
    }
  }
}
