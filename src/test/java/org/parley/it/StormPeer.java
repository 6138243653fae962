package org.parley.it;

import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.parley.testing.Frame;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.V1;
import org.parley.testing.V2;
import org.parley.testing.Wire;

/** One connection of a storm, of either version. It reads all the time, to the very end. */
final class StormPeer {
  /** How a peer of this storm hears. */
  interface Ear {
    void message(String id);

    void error(String id);

    /** A message of the broker's own: its type, and its data. */
    void broker(String type, JsonObject data);
  }

  private final RawWebSocket socket;
  private final boolean v1;
  private final String uri;
  private final Ear ear;
  private final Consumer<Throwable> onFault;
  private final ReentrantLock writing = new ReentrantLock();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int closeCode;

  private StormPeer(
      RawWebSocket socket, boolean v1, String uri, Ear ear, Consumer<Throwable> onFault) {
    this.socket = socket;
    this.v1 = v1;
    this.uri = uri;
    this.ear = ear;
    this.onFault = onFault;
  }

  /**
   * Connects and begins to read.
   *
   * @param uri of the session that it becomes
   * @return null if the broker refused it
   */
  static @Nullable StormPeer connect(
      Wire wire, boolean v1, String uri, Ear ear, Consumer<Throwable> onFault) throws IOException {
    var clientType = uri.substring(uri.lastIndexOf('/') + 1);
    var path = (v1 ? "/pcp/" : "/pcp2/") + clientType;
    var socket = RawWebSocket.open(wire, OpeningHandshake.of(path));
    if (!socket.upgraded()) {
      socket.close();
      return null;
    }
    // The session begins just after the 101.
    socket.send(Frame.ping());
    var peer = new StormPeer(socket, v1, uri, ear, onFault);
    var associated = new CountDownLatch(1);
    Thread.ofVirtual().name("storm " + uri).start(() -> peer.read(associated));
    try {
      var _ = associated.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return peer;
  }

  /** Sends a message; false when the connection is gone. */
  boolean send(String id, String type, String target, String data) {
    var frame =
        v1
            ? Frame.binary(V1.message(id, type, uri, target, data))
            : Frame.text(V2.message(id, type, target, data));
    return write(frame);
  }

  private boolean write(Frame frame) {
    writing.lock();
    try {
      socket.send(frame);
      return true;
    } catch (IOException _) {
      return false;
    } finally {
      writing.unlock();
    }
  }

  /** Closes by a close frame, and reads what still comes before the broker's answer. */
  void closeInOrder() {
    write(Frame.close(1000, ""));
  }

  /** Resets the TCP connection. */
  void abort() throws IOException {
    socket.abort();
  }

  /** Ends the TCP connection without a close frame. */
  void drop() throws IOException {
    socket.close();
  }

  boolean open() {
    return ended.getCount() > 0 && closeCode == 0;
  }

  boolean awaitEnd(Duration limit) throws InterruptedException {
    return ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns the code of the broker's close frame; 0 without one. */
  int closeCode() {
    return closeCode;
  }

  private void read(CountDownLatch associated) {
    var message = new ByteArrayOutputStream();
    try {
      while (true) {
        var frame = socket.readFrame(Duration.ofHours(1));
        switch (frame.opcode()) {
          case Frame.PING -> write(Frame.pong(frame.payload()));
          case Frame.PONG -> associated.countDown();
          case Frame.CLOSE -> {
            closeCode = Math.max(1, frame.closeCode());
            write(Frame.of(Frame.CLOSE, frame.payload()));
          }
          default -> {
            message.writeBytes(frame.payload());
            if (frame.fin()) {
              hear(message.toByteArray());
              message.reset();
            }
          }
        }
      }
    } catch (IOException _) {
      // The end.
    } catch (RuntimeException | Error e) {
      onFault.accept(e);
    } finally {
      ended.countDown();
      associated.countDown();
    }
  }

  private void hear(byte[] message) {
    if (closeCode != 0) {
      throw new AssertionError("a message behind the close frame");
    }
    if (v1) {
      var parsed = V1.parse(message);
      var data =
          parsed.chunks().isEmpty() ? "{}" : parsed.chunks().getFirst().substring("2:".length());
      hear(parsed.envelope(), () -> V2.parse(data), () -> V2.parse(data).getString("id"));
    } else {
      var envelope = V2.parse(new String(message, StandardCharsets.UTF_8));
      hear(envelope, () -> envelope.getJsonObject("data"), () -> envelope.getString("in_reply_to"));
    }
  }

  private void hear(JsonObject envelope, Supplier<JsonObject> data, Supplier<String> answered) {
    var type = envelope.getString("message_type");
    switch (type) {
      case "storm" -> ear.message(envelope.getString("id"));
      case V2.ERROR -> ear.error(answered.get());
      default -> ear.broker(type, data.get());
    }
  }
}
