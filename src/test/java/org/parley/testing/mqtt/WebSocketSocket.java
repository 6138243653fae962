package org.parley.testing.mqtt;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.parley.testing.Frame;
import org.parley.testing.RawWebSocket;

/**
 * A WebSocket in the place of a TCP connection: what is written in one go is a binary frame, and
 * what is read is the content of binary frames. A Close frame is answered and is the end.
 */
public final class WebSocketSocket extends Socket {
  private final RawWebSocket frames;
  private boolean abortive;

  /** Takes an upgraded connection. */
  public WebSocketSocket(RawWebSocket frames) {
    this.frames = frames;
  }

  @Override
  public InputStream getInputStream() {
    return new Input();
  }

  @Override
  public OutputStream getOutputStream() {
    return new Output();
  }

  /** Waits are limited by the WebSocket itself. */
  @Override
  public synchronized void setSoTimeout(int timeout) {}

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public void setSoLinger(boolean on, int linger) {
    abortive = on && linger == 0;
  }

  /** Ends the TCP connection without a Close frame. */
  @Override
  public synchronized void close() throws IOException {
    if (abortive) {
      frames.abort();
    } else {
      frames.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int octet) throws IOException {
      frames.send(Frame.binary((byte) octet));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      frames.send(Frame.binary(Arrays.copyOfRange(bytes, offset, offset + length)));
    }
  }

  private final class Input extends InputStream {
    private byte[] content = {};
    private int at;
    private boolean ended;

    @Override
    public int read() throws IOException {
      return fill() ? content[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, content.length - at);
      System.arraycopy(content, at, bytes, offset, count);
      at += count;
      return count;
    }

    private boolean fill() throws IOException {
      while (!ended && at == content.length) {
        try {
          take(frames.readFrame());
        } catch (SocketTimeoutException e) {
          throw e;
        } catch (EOFException _) {
          ended = true;
        }
      }
      return !ended;
    }

    private void take(Frame frame) throws IOException {
      switch (frame.opcode()) {
        case Frame.BINARY, Frame.CONTINUATION -> {
          content = frame.payload();
          at = 0;
        }
        case Frame.PING -> frames.send(Frame.pong(frame.payload()));
        case Frame.PONG -> {} // of WebSocket, not of MQTT
        case Frame.CLOSE -> {
          frames.send(Frame.of(Frame.CLOSE, frame.payload()));
          ended = true;
        }
        default -> throw new AssertionError("not for MQTT: opcode " + frame.opcode());
      }
    }
  }
}
