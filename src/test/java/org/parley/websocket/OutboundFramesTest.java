package org.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.WriterInfo;
import org.glassfish.tyrus.spi.WriterInfo.MessageType;
import org.glassfish.tyrus.spi.WriterInfo.RemoteEndpointType;
import org.junit.jupiter.api.Test;

class OutboundFramesTest {
  private static final WriterInfo BINARY =
      new WriterInfo(MessageType.BINARY, RemoteEndpointType.ASYNC);
  private static final WriterInfo CLOSE =
      new WriterInfo(MessageType.CLOSE, RemoteEndpointType.SUPER);

  private final Peer peer = new Peer();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<String> events = new ArrayList<>();
  private long now = 1;
  private final OutboundFrames frames =
      new OutboundFrames(peer, 1000, tasks::add, () -> now, new Recorder());

  @Test
  void givenFramesSentTogether_whenWritten_thenOneFlushAndHandlersInOrder() {
    send("a", 10);
    send("b", 20);
    assertThat(events).isEmpty();
    runAll();
    assertThat(peer.bytes.size()).isEqualTo(30);
    assertThat(peer.flushes).isEqualTo(1);
    assertThat(events).containsExactly("a done", "b done");
  }

  @Test
  void givenFullQueue_whenSending_thenTheHandlerFailsOnAnotherThread() {
    send("a", 800);
    send("b", 100);
    assertThat(events).isEmpty();
    runAll();
    assertThat(events).containsExactlyInAnyOrder("a done", "b failed: outbound limit reached");
  }

  @Test
  void givenHandlerThatSends_whenCompleted_thenNoRecursionAndAllIsWritten() {
    int[] left = {10_000};
    frames.write(ByteBuffer.allocate(1), again(left), BINARY);
    runAll();
    assertThat(peer.bytes.size()).isEqualTo(10_001);
  }

  @Test
  void givenCloseFrame_whenQueued_thenNothingFollowsAndOwnerIsTold() {
    frames.write(ByteBuffer.allocate(2), null, CLOSE);
    send("late", 5);
    runAll();
    assertThat(peer.bytes.size()).isEqualTo(2);
    assertThat(events)
        .containsExactlyInAnyOrder("closing", "close written", "late failed: connection closed");
  }

  @Test
  void givenFullQueue_whenCloseFrameComes_thenItIsStillTaken() {
    send("a", 800);
    frames.write(ByteBuffer.allocate(200), null, CLOSE);
    runAll();
    assertThat(events).containsExactly("closing", "a done", "close written");
  }

  @Test
  void givenNoProgress_whenTimePasses_thenStalled() {
    assertThat(frames.stalledNanos(now + 50)).isZero();
    send("a", 5);
    assertThat(frames.stalledNanos(now + 50)).isEqualTo(50);
    runAll();
    assertThat(frames.stalledNanos(now + 50)).isZero();
  }

  @Test
  void givenWaitingFrames_whenAborted_thenEachFailsOnce() {
    send("a", 5);
    frames.abort();
    send("b", 5);
    runAll();
    assertThat(events)
        .containsExactlyInAnyOrder("a failed: connection closed", "b failed: connection closed");
    assertThat(peer.bytes.size()).isZero();
  }

  @Test
  void givenBrokenOutput_whenWriting_thenOwnerIsTold() {
    peer.broken = true;
    send("a", 5);
    runAll();
    assertThat(events).containsExactly("write failed");
    frames.abort();
    assertThat(events).containsExactly("write failed", "a failed: connection closed");
  }

  @Test
  void givenHeldFrames_whenReleased_thenWrittenTogether() {
    frames.hold();
    send("a", 5);
    send("b", 5);
    assertThat(tasks).isEmpty();
    frames.release();
    runAll();
    assertThat(peer.flushes).isEqualTo(1);
    assertThat(events).containsExactly("a done", "b done");
  }

  @Test
  void givenHeldFrames_whenFlushed_thenTheyLeaveAndWhatFollowsWaitsAgain() {
    frames.hold();
    send("a", 5);
    frames.flush();
    runAll();
    assertThat(events).containsExactly("a done");
    send("b", 5);
    assertThat(tasks).isEmpty();
    frames.release();
    runAll();
    assertThat(events).containsExactly("a done", "b done");
  }

  private void send(String name, int bytes) {
    frames.write(ByteBuffer.allocate(bytes), named(name), BINARY);
  }

  private void runAll() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private CompletionHandler<ByteBuffer> named(String name) {
    return new CompletionHandler<>() {
      @Override
      public void completed(ByteBuffer frame) {
        events.add(name + " done");
      }

      @Override
      public void failed(Throwable cause) {
        events.add(name + " failed: " + cause.getMessage());
      }
    };
  }

  private CompletionHandler<ByteBuffer> again(int[] left) {
    return new CompletionHandler<>() {
      @Override
      public void completed(ByteBuffer frame) {
        if (left[0]-- > 0) {
          frames.write(ByteBuffer.allocate(1), this, BINARY);
        }
      }
    };
  }

  private final class Recorder implements OutboundFrames.Owner {
    @Override
    public void closing() {
      events.add("closing");
    }

    @Override
    public void closeWritten() {
      events.add("close written");
    }

    @Override
    public void writeFailed() {
      events.add("write failed");
    }
  }

  private static final class Peer extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int flushes;
    private boolean broken;

    @Override
    public void write(int value) {
      bytes.write(value);
    }

    @Override
    public void write(byte[] source, int offset, int count) throws IOException {
      if (broken) {
        throw new IOException("reset by peer");
      }
      bytes.write(source, offset, count);
    }

    @Override
    public void flush() {
      flushes++;
    }
  }
}
