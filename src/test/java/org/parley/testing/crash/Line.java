package org.parley.testing.crash;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.ServerPacketReader;
import org.parley.testing.mqtt.SubscribeBytes;

/** A connection of a client that lives with its end at any moment: an {@link IOException}. */
final class Line implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;
  private final ProtocolVersion version;

  private Line(Socket socket, ProtocolVersion version) throws IOException {
    this.socket = socket;
    this.version = version;
    this.in = new BufferedInputStream(socket.getInputStream());
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
  }

  static Line open(int port, ProtocolVersion version) throws IOException {
    return new Line(new Socket(InetAddress.getLoopbackAddress(), port), version);
  }

  /** How long the server may take for its next word. */
  void patience(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  Connack connect(ConnectBytes connect) throws IOException {
    send(connect.toByteArray());
    return next(Connack.class);
  }

  void send(byte... bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void send(PublishBytes publish) throws IOException {
    send(publish.toByteArray(version));
  }

  void send(int packetId, SubscribeBytes subscribe) throws IOException {
    send(subscribe.toByteArray(packetId, version));
  }

  /** Sends PUBACK, PUBREC, PUBREL or PUBCOMP, by the first byte. */
  void acknowledge(int firstByte, int packetId) throws IOException {
    send(Bytes.packet(firstByte, Bytes.empty().u16(packetId)));
  }

  void ping() throws IOException {
    send((byte) 0xC0, (byte) 0);
  }

  /** Says goodbye; the session stays. */
  void disconnect() throws IOException {
    send((byte) 0xE0, (byte) 0);
  }

  /** Returns whether there is something to read already. */
  boolean hasMore() throws IOException {
    return in.available() > 0;
  }

  Packet next() throws IOException {
    return ServerPacketReader.read(ServerPacketReader.bytes(in), version);
  }

  /** Returns the next packet, which is of this kind. */
  <T extends Packet> T next(Class<T> type) throws IOException {
    var packet = next();
    if (!type.isInstance(packet)) {
      throw new Unexpected(packet);
    }
    return type.cast(packet);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** The server said something else than it should: mostly a DISCONNECT with its reason. */
  static final class Unexpected extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient Packet packet;

    Unexpected(Packet packet) {
      super("the server says " + packet);
      this.packet = packet;
    }

    Packet packet() {
      return packet;
    }
  }
}
