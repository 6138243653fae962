package org.parley.fault;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.ServerPacketReader;
import org.parley.testing.mqtt.WebSocketSocket;

/** A connection of an MQTT client. One thread reads, any may write. */
final class MqttLine implements AutoCloseable {
  /** A broker that says nothing for so long, though it is pinged, is taken for dead. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** As long as that again a client that has lost patience would wait, and blame the broker. */
  private static final int CLOSE_MILLIS = 100;

  private final Socket socket;
  private final InputStream in;
  private final ProtocolVersion version;
  private final ReentrantLock writing = new ReentrantLock();

  private MqttLine(Socket socket, ProtocolVersion version) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.version = version;
    socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
  }

  static MqttLine open(Transport transport, int port, SSLContext tls, ProtocolVersion version)
      throws IOException {
    var wire = (transport == Transport.TCP ? Wire.plain(port) : Wire.tls(port, tls));
    wire.deadline(PATIENCE);
    var socket =
        switch (transport) {
          case TCP -> wire.connect().socket();
          case TLS -> wire.applicationProtocols("mqtt").connect().socket();
          case WSS, WSS_OF_MQTT -> upgraded(wire);
        };
    return new MqttLine(socket, version);
  }

  private static Socket upgraded(Wire wire) throws IOException {
    var frames = RawWebSocket.open(wire, OpeningHandshake.of("/mqtt").subprotocol("mqtt"));
    if (!frames.upgraded()) {
      frames.close();
      throw new Refused("HTTP " + frames.answer().status());
    }
    return new WebSocketSocket(frames);
  }

  /** Returns whether the session was there. */
  boolean connect(ConnectBytes connect) throws IOException {
    send(connect.toByteArray());
    var packet = next();
    if (packet instanceof Connack connack && connack.reason() == ReasonCode.SUCCESS) {
      return connack.sessionPresent();
    }
    throw new Refused(packet.toString());
  }

  void send(byte... bytes) throws IOException {
    writing.lock();
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } finally {
      writing.unlock();
    }
  }

  /** Sends PUBACK, PUBREC, PUBREL or PUBCOMP, by the first byte. */
  void acknowledge(int firstByte, int packetId) throws IOException {
    send(Bytes.packet(firstByte, Bytes.empty().u16(packetId)));
  }

  void ping() throws IOException {
    send((byte) 0xC0, (byte) 0);
  }

  void disconnect() throws IOException {
    send((byte) 0xE0, (byte) 0);
  }

  Packet next() throws IOException {
    var read = ServerPacketReader.read(ServerPacketReader.bytes(in), version);
    if (read instanceof Disconnect disconnect) {
      throw new Refused(disconnect.toString());
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    if (!socket.isClosed()) {
      socket.setSoTimeout(CLOSE_MILLIS); // TLS waits for the other end's word
      socket.close();
    }
  }
}
