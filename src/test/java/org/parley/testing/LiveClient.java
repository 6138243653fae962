package org.parley.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A PCP client that reads all the time, as real ones do: pings and a close frame are answered at
 * once, messages are kept until they are asked for. Any thread may use it.
 */
public final class LiveClient implements AutoCloseable {
  /** How the connection ended: the broker's close frame, or without one code 1006. */
  public record Closed(int code, String reason) {
    private static final Closed WITHOUT_CLOSE_FRAME = new Closed(1006, "");
  }

  private final RawWebSocket socket;
  private final LinkedBlockingQueue<Frame> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<Closed> ended = new CompletableFuture<>();
  private final ReentrantLock writing = new ReentrantLock();
  private volatile @Nullable Closed closed;

  private LiveClient(RawWebSocket socket) {
    this.socket = socket;
  }

  /** Begins to read; anything but an upgraded connection fails the test. */
  public static LiveClient on(RawWebSocket socket) throws IOException {
    if (!socket.upgraded()) {
      socket.close();
      throw new AssertionError("not upgraded: " + socket.answer());
    }
    var client = new LiveClient(socket);
    Thread.ofVirtual().name("live-client").start(client::read);
    return client;
  }

  /** Sends a v2 message. */
  public void send(String text) throws IOException {
    send(Frame.text(text));
  }

  /** Sends a v1 message. */
  public void send(byte[] message) throws IOException {
    send(Frame.binary(message));
  }

  /** Sends frames in one write. */
  public void send(Frame... frames) throws IOException {
    writing.lock();
    try {
      socket.send(frames);
    } finally {
      writing.unlock();
    }
  }

  /** Waits for the next message, which must be text. */
  public String await(Duration limit) throws InterruptedException {
    return text(next(limit));
  }

  /** Waits for the next message, which must be binary. */
  public byte[] awaitBinary(Duration limit) throws InterruptedException {
    return payload(next(limit), Frame.BINARY);
  }

  private Frame next(Duration limit) throws InterruptedException {
    var message = messages.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (message == null) {
      throw new AssertionError("no message within " + limit + "; closed: " + closed);
    }
    return message;
  }

  /** Takes the next message if it is there; it must be text. */
  public @Nullable String poll() {
    var message = messages.poll();
    return message == null ? null : text(message);
  }

  private static String text(Frame message) {
    return new String(payload(message, Frame.TEXT), StandardCharsets.UTF_8);
  }

  private static byte[] payload(Frame message, int opcode) {
    if (message.opcode() != opcode) {
      throw new AssertionError("opcode " + opcode + " expected, not " + message);
    }
    return message.payload();
  }

  /** Tells whether TCP is still open, for all that is known. */
  public boolean open() {
    return !ended.isDone();
  }

  /** Waits until TCP has ended. */
  public Closed awaitEnd(Duration limit) throws InterruptedException {
    try {
      return ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("still open after " + limit + "; closed: " + closed, e);
    }
  }

  /** Ends the connection with a TCP reset. */
  public void abort() throws IOException {
    socket.abort();
  }

  /** Drops the connection without closing handshake. */
  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void read() {
    var message = new ByteArrayOutputStream();
    int opcode = Frame.TEXT;
    try {
      while (true) {
        var frame = socket.readFrame(Duration.ofHours(1));
        switch (frame.opcode()) {
          case Frame.PING -> send(Frame.pong(frame.payload()));
          case Frame.CLOSE -> {
            closed = new Closed(frame.closeCode(), frame.closeReason());
            send(Frame.of(Frame.CLOSE, frame.payload()));
          }
          case Frame.PONG -> {}
          default -> {
            opcode = frame.opcode() == Frame.CONTINUATION ? opcode : frame.opcode();
            message.writeBytes(frame.payload());
            if (frame.fin()) {
              messages.add(Frame.of(opcode, message.toByteArray()));
              message.reset();
            }
          }
        }
      }
    } catch (IOException _) {
      var last = closed;
      ended.complete(last == null ? Closed.WITHOUT_CLOSE_FRAME : last);
    }
  }
}
