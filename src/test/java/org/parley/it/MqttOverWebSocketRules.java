package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.ClientIdentity;
import org.parley.testing.Frame;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.WebSocketSocket;

/** MQTT where its transport can matter: over WebSockets of the real server, MQTT 5.0 section 6. */
abstract class MqttOverWebSocketRules extends ServerUnderTest {
  private static final ClientIdentity PEER = PKI.client("mqtt-over-websocket");
  private static final OpeningHandshake MQTT = OpeningHandshake.of("/mqtt").subprotocol("mqtt");

  /** The first byte of CONNACK. */
  private static final int CONNACK = 0x20;

  /** Returns the port of TLS. */
  abstract int securePort();

  /** Returns the port without TLS. */
  abstract int plainPort();

  private RawWebSocket socket() throws IOException {
    var socket = RawWebSocket.open(Wire.tls(securePort(), PKI.sslContext(PEER)), MQTT);
    assertThat(socket.answer().status()).isEqualTo(101);
    return socket;
  }

  private Peer accepted(ConnectBytes connect) throws IOException {
    return accepted(socket(), connect);
  }

  private static Peer accepted(RawWebSocket socket, ConnectBytes connect) {
    var peer = Peer.on(new WebSocketSocket(socket));
    assertThat(peer.connect(connect).reason()).isEqualTo(ReasonCode.SUCCESS);
    return peer;
  }

  private static Peer overTcp(String clientId) {
    var peer = Peer.open(MQTT_PORT);
    assertThat(peer.connect(ConnectBytes.v5(clientId)).reason()).isEqualTo(ReasonCode.SUCCESS);
    return peer;
  }

  @ParameterizedTest
  @Tag("MQTT-6.0.0-1")
  @ValueSource(strings = {"hello", ""})
  void givenConnected_whenTextIsSent_thenClosedAndTheWillIsPublished(String text)
      throws IOException {
    try (var observer = overTcp("ws-text-observer");
        var socket = socket()) {
      observer.subscribe("ws/text/will", 0);
      accepted(socket, ConnectBytes.v5("ws-text").will("ws/text/will", "gone", 0, false));

      socket.send(Frame.text(text));

      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(1003);
      assertThat(observer.nextText()).isEqualTo("gone");
    }
  }

  @ParameterizedTest
  @Tag("MQTT-6.0.0-2")
  @Tag("edge-167")
  @EnumSource(ProtocolVersion.class)
  void givenOneByteInEachFrame_whenSent_thenUnderstood(ProtocolVersion version) throws IOException {
    try (var socket = socket()) {
      for (byte octet : ConnectBytes.of(version, "ws-bytes").toByteArray()) {
        socket.send(Frame.binary(octet), Frame.binary());
      }

      assertThat(socket.readFrame().payload()).startsWith(CONNACK);
    }
  }

  @Test
  @Tag("MQTT-6.0.0-2")
  @Tag("edge-168")
  @Tag("edge-171")
  void givenSeveralPacketsAndAPart_whenInOneFrame_thenAllAreUnderstood() throws IOException {
    try (var socket = socket()) {
      var peer = Peer.on(new WebSocketSocket(socket));
      var connect = ConnectBytes.v5("ws-joined");
      var publish = PublishBytes.of("ws/joined", "x".repeat(300)).toByteArray(connect.version());
      var first =
          Bytes.empty()
              .raw(connect.toByteArray())
              .raw(peer.subscription(1, "ws/joined", 0))
              .raw(Arrays.copyOf(publish, 100));
      var second = Bytes.empty().raw(Arrays.copyOfRange(publish, 100, publish.length));

      socket.send(Frame.binary(first.toByteArray()), Frame.binary(second.toByteArray()));

      assertThat(peer.nextBytes()).startsWith(CONNACK);
      assertThat(peer.nextBytes()).startsWith(0x90);
      assertThat(peer.nextText()).hasSize(300);
      peer.expectNothing();
    }
  }

  @ParameterizedTest
  @Tag("MQTT-6.0.0-2")
  @Tag("edge-171")
  @ValueSource(ints = {1, 2, 7, 100, 1000})
  void givenMessageInFragments_whenSentWithPingsBetween_thenUnderstood(int size)
      throws IOException {
    try (var socket = socket()) {
      var peer = accepted(socket, ConnectBytes.v5("ws-fragments"));
      peer.subscribe("ws/fragments", 0);
      var payload = "abc".repeat(200);
      var packets =
          Bytes.empty()
              .raw(PublishBytes.of("ws/fragments", payload).toByteArray(peer.version()))
              .raw(PublishBytes.of("ws/fragments", "2").toByteArray(peer.version()));

      for (var fragment : Frame.binary(packets.toByteArray()).fragments(size)) {
        socket.send(fragment, Frame.ping());
      }

      assertThat(texts(socket, 2)).containsExactly(payload, "2");
    }
  }

  /** Returns what was published, from between Pongs. */
  private static List<String> texts(RawWebSocket socket, int count) {
    var quiet = Peer.on(new WebSocketSocket(socket));
    return Stream.generate(quiet::nextText).limit(count).toList();
  }

  @Test
  @Tag("MQTT-6.0.0-2")
  @Tag("edge-169")
  void givenManyMessages_whenTheServerSends_thenEachFrameIsWholePackets() throws IOException {
    try (var socket = socket();
        var publisher = overTcp("ws-frames-publisher")) {
      accepted(socket, ConnectBytes.v5("ws-frames")).subscribe("ws/frames", 0);
      for (int i = 0; i < 200; i++) {
        publisher.publish("ws/frames", "x".repeat(i * 7));
      }

      int packets = 0;
      while (packets < 200) {
        var frame = socket.readFrame();
        assertThat(frame.opcode()).isEqualTo(Frame.BINARY);
        assertThat(frame.fin()).isTrue();
        packets += wholePackets(frame.payload());
      }
      assertThat(packets).isEqualTo(200);
    }
  }

  private static int wholePackets(byte[] bytes) {
    int packets = 0;
    int at = 0;
    while (at < bytes.length) {
      int length = 0;
      int shift = 0;
      int octet;
      at++;
      do {
        octet = bytes[at++];
        length |= (octet & 0x7F) << shift;
        shift += 7;
      } while (octet < 0);
      at += length;
      packets++;
    }
    assertThat(at).as("no part of a packet behind the last").isEqualTo(bytes.length);
    return packets;
  }

  @Tag("edge-66")
  @ParameterizedTest
  @Tag("MQTT-3.1.2-8")
  @CsvSource({"reset", "fin", "close"})
  void givenWill_whenTheWebSocketEndsWithoutDisconnect_thenItIsPublished(String end)
      throws IOException {
    var socket = socket();
    try (var observer = overTcp("ws-will-observer")) {
      observer.subscribe("ws/will", 0);
      accepted(socket, ConnectBytes.v5("ws-will").will("ws/will", end, 0, false));

      switch (end) {
        case "reset" -> socket.abort();
        case "fin" -> socket.close();
        default -> socket.send(Frame.close(1000, ""));
      }

      assertThat(observer.nextText()).isEqualTo(end);
    }
  }

  @Test
  @Tag("MQTT-3.14.4-3")
  void givenWill_whenDisconnectIsSent_thenItIsNotPublishedAndTheWebSocketIsClosed()
      throws IOException {
    try (var observer = overTcp("ws-no-will-observer");
        var socket = socket()) {
      observer.subscribe("ws/no-will", 0);
      accepted(socket, ConnectBytes.v5("ws-no-will").will("ws/no-will", "gone", 0, false));

      socket.send(Frame.binary(Bytes.hex("E0 00")));

      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(1000);
      observer.expectNothing();
    }
  }

  @Test
  @Tag("MQTT-3.1.2-22")
  @Tag("edge-173")
  void givenKeepAlive_whenOnlyWebSocketPingsAreSent_thenTheServerEndsIt() throws IOException {
    try (var socket = socket()) {
      accepted(socket, ConnectBytes.v5("ws-silent").keepAlive(1));

      long end = System.nanoTime() + SOON.toNanos();
      Frame frame;
      do {
        assertThat(System.nanoTime() - end).as("still there").isNegative();
        socket.send(Frame.ping());
        frame = socket.readFrame(SOON);
      } while (frame.opcode() == Frame.PONG);

      assertThat(frame.payload()).isEqualTo(Bytes.hex("E0 01 8D"));
      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(1000);
    }
  }

  @Test
  @Tag("MQTT-4.13.1-1")
  @Tag("MQTT-3.14.4-2")
  void givenConnected_whenAPacketIsMalformed_thenDisconnectCloseAndTheWill() throws IOException {
    try (var observer = overTcp("ws-malformed-observer");
        var socket = socket()) {
      observer.subscribe("ws/malformed", 0);
      accepted(socket, ConnectBytes.v5("ws-malformed").will("ws/malformed", "gone", 0, false));

      socket.send(Frame.binary(Bytes.hex("C1 00 C0 00")));

      var frame = socket.readFrame(SOON);
      assertThat(frame.opcode()).isEqualTo(Frame.BINARY);
      assertThat(frame.payload()).isEqualTo(Bytes.hex("E0 01 81"));
      assertThat(socket.readFrame(SOON).closeCode()).isEqualTo(1000);
      assertThat(observer.nextText()).isEqualTo("gone");
    }
  }

  @Test
  @Tag("MQTT-3.1.2-5")
  @Tag("edge-173")
  void givenSession_whenItIsResumedOverAWebSocket_thenQueuedMessagesCome() throws IOException {
    var connect = ConnectBytes.v5("ws-session-" + securePort()).resume(60);
    try (var peer = accepted(connect)) {
      peer.subscribe("ws/session", 2);
      peer.disconnect();
    }
    try (var publisher = overTcp("ws-session-publisher")) {
      publisher.publish("ws/session", "1", 1).publish("ws/session", "2", 2);
    }

    try (var back = Peer.on(new WebSocketSocket(socket()))) {
      assertThat(back.connect(connect).sessionPresent()).isTrue();
      assertThat(List.of(back.nextText(), back.nextText())).containsExactly("1", "2");
    }
  }

  @Test
  @Tag("MQTT-3.1.4-2")
  @Tag("edge-174")
  void givenWrongPassword_whenConnecting_thenConnackSaysSo() throws IOException {
    try (var peer = Peer.on(new WebSocketSocket(socket()))) {
      peer.send(ConnectBytes.v5("ws-nobody").userName("nobody").password("wrong"))
          .expectRefusal(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    }
  }

  @Test
  @Tag("MQTT-3.1.4-3")
  void givenClientOverAWebSocket_whenItConnectsOverTcp_thenTheWebSocketIsTold() throws IOException {
    try (var old = accepted(ConnectBytes.v5("ws-twice"));
        var next = overTcp("ws-twice")) {
      old.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
      next.expectNothing();
      try (var again = accepted(ConnectBytes.v5("ws-twice"))) {
        next.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
        again.expectNothing();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"V5,0", "V5,1", "V5,2", "V3_1_1,0", "V3_1_1,1", "V3_1_1,2"})
  void givenSubscriber_whenPublishedOverTheOtherTransport_thenItArrives(
      ProtocolVersion version, int qos) throws IOException {
    try (var socket = accepted(ConnectBytes.of(version, "ws-both-" + qos));
        var tcp = overTcp("tcp-both-" + qos)) {
      socket.subscribe("ws/both/1", qos);
      tcp.subscribe("ws/both/2", qos);

      tcp.publish("ws/both/1", "from TCP", qos);
      assertThat(socket.nextText()).isEqualTo("from TCP");

      socket.publish("ws/both/2", "from the WebSocket", qos);
      assertThat(tcp.nextText()).isEqualTo("from the WebSocket");
    }
  }

  @Test
  @Tag("MQTT-6.0.0-2")
  void givenLargeMessages_whenPublishedAndHeardOverWebSockets_thenNoByteIsLost()
      throws IOException {
    var payload = new byte[1_000_000];
    for (int i = 0; i < payload.length; i++) {
      payload[i] = (byte) ((i * 31) >> 3);
    }
    try (var peer = accepted(ConnectBytes.v5("ws-large"))) {
      peer.subscribe("ws/large", 1);
      for (int i = 0; i < 5; i++) {
        peer.send(PublishBytes.of("ws/large", payload).qos(1, 1 + i));
      }

      var heard = new ByteArrayOutputStream();
      while (heard.size() < 5 * payload.length) {
        if (peer.next() instanceof Publish publish) {
          heard.writeBytes(publish.payload().toByteArray());
          peer.puback(publish.packetId());
        }
      }
      assertThat(Arrays.equals(heard.toByteArray(), 0, payload.length, payload, 0, payload.length))
          .isTrue();
    }
  }

  @Test
  @Tag("edge-167")
  void givenPlainWebSocketOfThisMachine_whenConnecting_thenServedTheSame() throws IOException {
    try (var peer =
        accepted(RawWebSocket.open(Wire.plain(plainPort()), MQTT), ConnectBytes.v311("ws-plain"))) {
      peer.subscribe("ws/plain", 1);
      peer.publish("ws/plain", "x", 0);
      assertThat(peer.nextText()).isEqualTo("x");
    }
  }
}
