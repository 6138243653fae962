package org.parley.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A blocking WebSocket client that sends what it is told, right or wrong, and reads only when it is
 * told. One thread at a time may read and one may write. Waits end by socket timeouts: {@link
 * SocketTimeoutException} says that nothing, or only part of a frame, came in time.
 *
 * <pre>{@code
 * var wire = Wire.tls(9443, pki.sslContext(pki.client("client01")));
 * try (var socket = RawWebSocket.open(wire, OpeningHandshake.of("/pcp2/agent"))) {
 *   assertThat(socket.answer().status()).isEqualTo(101);
 *   socket.send(Frame.ping());
 *   assertThat(socket.readFrame().opcode()).isEqualTo(Frame.PONG);
 * }
 * }</pre>
 */
public final class RawWebSocket implements AutoCloseable {

  /** How the other side ended the connection. */
  public enum End {
    /** In order: FIN, with TLS perhaps without its close_notify. */
    CLOSED,
    /** By a TCP reset. */
    RESET
  }

  private final Socket tcp;
  private final Socket socket;
  private final InputStream in;
  private final Duration deadline;
  private @Nullable HttpAnswer answer;

  private RawWebSocket(Wire wire) throws IOException {
    var connected = wire.connect();
    this.tcp = connected.tcp();
    this.socket = connected.socket();
    this.in = new BufferedInputStream(socket.getInputStream());
    this.deadline = wire.deadline();
  }

  /** Connects without sending anything. */
  public static RawWebSocket connect(Wire wire) throws IOException {
    return new RawWebSocket(wire);
  }

  /** Connects, sends the handshake and reads the answer, be it 101 or not. */
  public static RawWebSocket open(Wire wire, OpeningHandshake handshake) throws IOException {
    var opened = new RawWebSocket(wire);
    try {
      opened.send(handshake.encode());
      opened.readAnswer();
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.abort();
      throw e;
    }
  }

  /** Reads an HTTP response. */
  public HttpAnswer readAnswer() throws IOException {
    socket.setSoTimeout(Math.toIntExact(deadline.toMillis()));
    var read = HttpAnswer.read(in);
    answer = read;
    return read;
  }

  /** Returns the last HTTP response. */
  public HttpAnswer answer() {
    if (answer == null) {
      throw new IllegalStateException("no answer read");
    }
    return answer;
  }

  public boolean upgraded() {
    return answer().status() == 101;
  }

  /** The TLS session; empty on a plain connection. */
  public Optional<SSLSession> tlsSession() {
    return socket instanceof SSLSocket tls ? Optional.of(tls.getSession()) : Optional.empty();
  }

  /** The protocol chosen by ALPN; empty if none was. */
  public Optional<String> applicationProtocol() {
    return socket instanceof SSLSocket tls
        ? Optional.ofNullable(tls.getApplicationProtocol()).filter(name -> !name.isEmpty())
        : Optional.empty();
  }

  /** Sends bytes in one write; blocks while the other side does not read. */
  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Sends frames in one write. */
  public void send(Frame... frames) throws IOException {
    var all = new ByteArrayOutputStream();
    for (var frame : frames) {
      all.writeBytes(frame.encode());
    }
    send(all.toByteArray());
  }

  /** Sends bytes in pieces, each a write (and so a TLS record) of its own. */
  public void sendInPieces(byte[] bytes, int pieceBytes) throws IOException {
    for (int at = 0; at < bytes.length; at += pieceBytes) {
      socket.getOutputStream().write(bytes, at, Math.min(pieceBytes, bytes.length - at));
      socket.getOutputStream().flush();
    }
  }

  /** Reads the next frame within the deadline of the wire. */
  public Frame readFrame() throws IOException {
    return readFrame(deadline);
  }

  /**
   * Reads the next frame.
   *
   * @throws SocketTimeoutException if no whole frame came; do not read on after that
   * @throws EOFException if the connection ended
   */
  public Frame readFrame(Duration limit) throws IOException {
    return Frame.read(new Deadline(limit));
  }

  /** Reads frames until one with this opcode comes. */
  public Frame readFrame(int opcode, Duration limit) throws IOException {
    var until = new Deadline(limit);
    for (var frame = Frame.read(until); ; frame = Frame.read(until)) {
      if (frame.opcode() == opcode) {
        return frame;
      }
    }
  }

  /**
   * Reads on, through whatever still comes, until the connection ends.
   *
   * @throws SSLException if it ended by a TLS alert, which the message names
   */
  public End awaitEnd(Duration limit) throws IOException {
    var rest = new Deadline(limit);
    try {
      rest.skip(Long.MAX_VALUE);
      return End.CLOSED;
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (SSLException e) {
      return endOf(e);
    } catch (IOException _) {
      return End.RESET;
    }
  }

  private static End endOf(SSLException e) throws SSLException {
    if (e.getCause() instanceof SocketException) {
      return End.RESET;
    }
    if (e.getCause() instanceof EOFException) {
      return End.CLOSED; // without close_notify
    }
    throw e;
  }

  /** Ends the connection with a TCP reset. */
  public void abort() throws IOException {
    tcp.setSoLinger(true, 0);
    tcp.close();
  }

  /** Ends the TCP connection without any good-bye, in the manner of a process that ends. */
  @Override
  public void close() throws IOException {
    tcp.close();
  }

  /** Sets the socket timeout to what is left of a limit before each read. */
  private final class Deadline extends InputStream {
    private final long endNanos;

    Deadline(Duration limit) {
      endNanos = System.nanoTime() + limit.toNanos();
    }

    @Override
    public int read() throws IOException {
      armTimeout();
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      armTimeout();
      return in.read(bytes, offset, length);
    }

    private void armTimeout() throws IOException {
      long leftMillis = (endNanos - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0 && in.available() == 0) {
        throw new SocketTimeoutException("deadline");
      }
      socket.setSoTimeout(Math.clamp(leftMillis, 1, Integer.MAX_VALUE));
    }
  }
}
