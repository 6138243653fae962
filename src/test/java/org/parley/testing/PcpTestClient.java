package org.parley.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A well-behaved PCP client for tests: whole messages in, whole messages out; pings are answered
 * while it waits. Not for several threads at a time.
 *
 * <pre>{@code
 * try (var client = PcpTestClient.connect(pki, pki.client("client01"), 9443, "/pcp2/agent")) {
 *   client.sendText("{...}");
 *   var reply = client.awaitText(Duration.ofSeconds(5));
 * }
 * }</pre>
 */
public final class PcpTestClient implements AutoCloseable {
  private final RawWebSocket socket;

  private PcpTestClient(RawWebSocket socket) {
    this.socket = socket;
  }

  /** Connects to the broker on this machine; anything but 101 fails the test. */
  public static PcpTestClient connect(TestPki pki, ClientIdentity identity, int port, String path)
      throws IOException {
    return connect(Wire.tls(port, pki.sslContext(identity)), OpeningHandshake.of(path));
  }

  /** Connects; anything but 101 fails the test. */
  public static PcpTestClient connect(Wire wire, OpeningHandshake handshake) throws IOException {
    var socket = RawWebSocket.open(wire, handshake);
    if (!socket.upgraded()) {
      socket.close();
      throw new AssertionError("not upgraded: " + socket.answer());
    }
    return new PcpTestClient(socket);
  }

  /** Sends a v2 message. */
  public void sendText(String text) throws IOException {
    socket.send(Frame.text(text));
  }

  /** Sends a v1 message. */
  public void sendBinary(byte[] bytes) throws IOException {
    socket.send(Frame.binary(bytes));
  }

  /** Waits for the next message, which must be text. */
  public String awaitText(Duration limit) throws IOException {
    return new String(awaitMessage(Frame.TEXT, limit), StandardCharsets.UTF_8);
  }

  /** Waits for the next message, which must be binary. */
  public byte[] awaitBinary(Duration limit) throws IOException {
    return awaitMessage(Frame.BINARY, limit);
  }

  /** Waits until the broker closes; messages before that are dropped. Answers the close. */
  public Closed awaitClose(Duration limit) throws IOException {
    var close = socket.readFrame(Frame.CLOSE, limit);
    socket.send(Frame.of(Frame.CLOSE, close.payload()));
    return new Closed(close.closeCode(), close.closeReason());
  }

  /** Closes with 1000 and waits for the broker's answer. */
  public Closed closeInOrder(Duration limit) throws IOException {
    socket.send(Frame.close(1000, ""));
    var close = socket.readFrame(Frame.CLOSE, limit);
    return new Closed(close.closeCode(), close.closeReason());
  }

  /** The socket below, for what this client does not do. */
  public RawWebSocket socket() {
    return socket;
  }

  /** Drops the connection without closing handshake. */
  @Override
  public void close() throws IOException {
    socket.close();
  }

  private byte[] awaitMessage(int opcode, Duration limit) throws IOException {
    var message = new ByteArrayOutputStream();
    int expected = opcode;
    while (true) {
      var frame = socket.readFrame(limit);
      if (frame.opcode() == Frame.PING) {
        socket.send(Frame.pong(frame.payload()));
      } else if (frame.opcode() == expected) {
        message.writeBytes(frame.payload());
        expected = Frame.CONTINUATION;
        if (frame.fin()) {
          return message.toByteArray();
        }
      } else if (frame.opcode() != Frame.PONG) {
        throw new AssertionError("opcode " + expected + " expected, not " + frame);
      }
    }
  }

  /** What the broker's close frame said. */
  public record Closed(int code, String reason) {}
}
