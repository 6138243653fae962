package org.parley.testing.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.Unsuback;

/** A client that says whatever a test wants, and reads strictly what the server says. */
public final class Peer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int SMALL_BUFFER = 8 * 1024;

  private final Socket socket;
  private final InputStream in;

  /** Messages that came before the PUBREL that was waited for. */
  private final Queue<Packet> overtaken = new ArrayDeque<>();

  private ProtocolVersion version = ProtocolVersion.V5;
  private int lastPacketId;

  private Peer(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
  }

  public static Peer open(TestBroker broker) {
    return open(broker.port());
  }

  /** A peer with so small a buffer that the server soon notices when it does not read. */
  public static Peer slow(TestBroker broker, ConnectBytes connect) {
    try {
      var socket = new Socket();
      socket.setReceiveBufferSize(SMALL_BUFFER);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port()));
      var peer = new Peer(socket);
      assertThat(peer.connect(connect).reason()).isEqualTo(ReasonCode.SUCCESS);
      return peer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Peer open(int port) {
    try {
      return new Peer(new Socket(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A peer on a connection that is open, whatever it runs over. */
  public static Peer on(Socket socket) {
    try {
      return new Peer(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A peer with MQTT 5.0 and a session of its own that ends with the connection. */
  public static Peer connected(TestBroker broker, String clientId) {
    return connected(broker, ConnectBytes.v5(clientId));
  }

  /** A peer that was accepted. */
  public static Peer connected(TestBroker broker, ConnectBytes connect) {
    var peer = open(broker);
    assertThat(peer.connect(connect).reason()).isEqualTo(ReasonCode.SUCCESS);
    return peer;
  }

  /** A peer that was accepted and found its session. */
  public static Peer resumed(TestBroker broker, ConnectBytes connect) {
    var peer = open(broker);
    var connack = peer.connect(connect);
    assertThat(connack.reason()).isEqualTo(ReasonCode.SUCCESS);
    assertThat(connack.sessionPresent() || connect.version() == ProtocolVersion.V3_1)
        .as("Session Present")
        .isTrue();
    return peer;
  }

  public ProtocolVersion version() {
    return version;
  }

  /** What the server says is read in this version, whatever the peer has said. */
  public Peer speaking(ProtocolVersion spoken) {
    version = spoken;
    return this;
  }

  // -- saying

  public Peer send(byte... bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Peer sendHex(String hex) {
    return send(Bytes.hex(hex));
  }

  public Peer send(ConnectBytes connect) {
    version = connect.version();
    return send(connect.toByteArray());
  }

  public Peer send(PublishBytes publish) {
    return send(publish.toByteArray(version));
  }

  /** Sends CONNECT and returns the answer. */
  public Connack connect(ConnectBytes connect) {
    return send(connect).next(Connack.class);
  }

  /** Sends PUBACK, PUBREC, PUBREL or PUBCOMP in its short form, by the first byte. */
  public Peer acknowledge(int firstByte, int packetId) {
    return send(Bytes.packet(firstByte, Bytes.empty().u16(packetId)));
  }

  /** The same with a reason code; of 5.0 only. */
  public Peer acknowledge(int firstByte, int packetId, int reason) {
    return send(Bytes.packet(firstByte, Bytes.empty().u16(packetId).u8(reason)));
  }

  public Peer puback(int packetId) {
    return acknowledge(0x40, packetId);
  }

  public Peer pubrec(int packetId) {
    return acknowledge(0x50, packetId);
  }

  public Peer pubrel(int packetId) {
    return acknowledge(0x62, packetId);
  }

  public Peer pubcomp(int packetId) {
    return acknowledge(0x70, packetId);
  }

  /** Returns a SUBSCRIBE of one filter. */
  public byte[] subscription(int packetId, String filter, int options) {
    var body = Bytes.empty().u16(packetId);
    if (version == ProtocolVersion.V5) {
      body.varInt(0);
    }
    return Bytes.packet(0x82, body.string(filter).u8(options));
  }

  /** Subscribes and returns the answer; {@code options} is the whole byte. */
  public Suback subscribe(String filter, int options) {
    return send(subscription(nextPacketId(), filter, options)).next(Suback.class);
  }

  /** Subscribes with 5.0 and a Subscription Identifier. */
  public Suback subscribe(String filter, int options, int subscriptionId) {
    var body =
        Bytes.empty()
            .u16(nextPacketId())
            .block(Bytes.empty().u8(0x0B).varInt(subscriptionId))
            .string(filter)
            .u8(options);
    return send(Bytes.packet(0x82, body)).next(Suback.class);
  }

  /** Subscribes to several filters at once, or with properties. */
  public Suback subscribe(SubscribeBytes subscribe) {
    return send(subscribe.toByteArray(nextPacketId(), version)).next(Suback.class);
  }

  public Unsuback unsubscribe(String... filters) {
    var body = Bytes.empty().u16(nextPacketId());
    if (version == ProtocolVersion.V5) {
      body.varInt(0);
    }
    List.of(filters).forEach(body::string);
    return send(Bytes.packet(0xA2, body)).next(Unsuback.class);
  }

  public int nextPacketId() {
    lastPacketId = lastPacketId % 65_535 + 1;
    return lastPacketId;
  }

  /** Publishes with QoS 0. */
  public Peer publish(String topic, String payload) {
    return send(PublishBytes.of(topic, payload));
  }

  /** Publishes and sees the exchange through to its end. */
  public Peer publish(String topic, String payload, int qos) {
    return publish(PublishBytes.of(topic, payload), qos);
  }

  /** The same for a message with properties. */
  public Peer publish(PublishBytes message, int qos) {
    int packetId = nextPacketId();
    send(message.qos(qos, packetId));
    switch (qos) {
      case 1 -> assertThat(next(Puback.class).packetId()).isEqualTo(packetId);
      case 2 -> {
        assertThat(next(Pubrec.class).packetId()).isEqualTo(packetId);
        pubrel(packetId);
        assertThat(next(Pubcomp.class).packetId()).isEqualTo(packetId);
      }
      default -> {}
    }
    return this;
  }

  /** Says goodbye: DISCONNECT with 0x00. */
  public void disconnect() {
    sendHex("E0 00").expectClosed();
  }

  // -- hearing

  /** Returns the next packet as it is on the wire. */
  public byte[] nextBytes() {
    try {
      return ServerPacketReader.bytes(in);
    } catch (IOException e) {
      throw new AssertionError("no packet: " + e.getMessage(), e);
    }
  }

  /** Returns the next packet. */
  public Packet next() {
    var first = overtaken.poll();
    return first == null ? read() : first;
  }

  private Packet read() {
    return ServerPacketReader.read(nextBytes(), version);
  }

  /** Returns the next packet, which is of this kind. */
  public <T extends Packet> T next(Class<T> type) {
    var packet = next();
    assertThat(packet).isInstanceOf(type);
    return type.cast(packet);
  }

  public Publish nextPublish() {
    return next(Publish.class);
  }

  /** Returns the payload of the next message as text. */
  public String nextText() {
    return new String(nextPublish().payload().toByteArray(), StandardCharsets.UTF_8);
  }

  /** The server says why, and closes. Before 5.0 it only closes. */
  public void expectDisconnect(ReasonCode reason) {
    if (version == ProtocolVersion.V5) {
      assertThat(next(Disconnect.class).reason()).isEqualTo(reason);
    }
    expectClosed();
  }

  /** The server refuses CONNECT, and closes. */
  public void expectRefusal(ReasonCode reason) {
    var connack = next(Connack.class);
    assertThat(connack.reason()).isEqualTo(reason);
    assertThat(connack.sessionPresent()).isFalse();
    expectClosed();
  }

  /** The server closes without another byte. */
  public void expectClosed() {
    try {
      assertThat(in.read()).as("the end").isEqualTo(-1);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("still open", e);
    } catch (IOException _) {
      // reset: closed as well
    }
  }

  /** The server has nothing to say: a PINGREQ gets its answer before anything else. */
  public Peer expectNothing() {
    sendHex("C0 00").next(Pingresp.class);
    return this;
  }

  /** Returns the payload as text. */
  public static String text(Publish publish) {
    return new String(publish.payload().toByteArray(), StandardCharsets.UTF_8);
  }

  /**
   * Returns the next PUBLISH, and sees the exchange through to its end. If the PUBCOMP of an
   * earlier connection was lost with it, its PUBREL comes again first.
   */
  public Publish receive() {
    var first = next();
    while (first instanceof Pubrel again) {
      pubcomp(again.packetId());
      first = next();
    }
    assertThat(first).isInstanceOf(Publish.class);
    var publish = (Publish) first;
    switch (publish.qos()) {
      case AT_MOST_ONCE -> {}
      case AT_LEAST_ONCE -> puback(publish.packetId());
      case EXACTLY_ONCE -> {
        pubrec(publish.packetId());
        var packet = read();
        while (packet instanceof Publish) {
          overtaken.add(packet);
          packet = read();
        }
        assertThat(packet).isEqualTo(new Pubrel(publish.packetId(), ReasonCode.SUCCESS));
        pubcomp(publish.packetId());
      }
    }
    return publish;
  }

  // -- ends

  /** Sends no more, FIN, and still reads. */
  public Peer endOutput() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cuts the connection as a lost network does for the server: RST. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
