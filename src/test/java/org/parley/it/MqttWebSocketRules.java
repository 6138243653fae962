package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.ClientIdentity;
import org.parley.testing.Frame;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.RawWebSocket.End;
import org.parley.testing.Wire;
import org.parley.testing.mqtt.PublishBytes;

/** MQTT over WebSocket below MQTT, on whichever port: who is let in, frames, the end. */
abstract class MqttWebSocketRules extends ServerUnderTest {
  private static final ClientIdentity PEER = PKI.client("mqtt-websocket");

  /** The first byte of a packet of the reserved type 0: whoever sends it is cut. */
  private static final byte RESERVED = 0;

  private static final Frame CONTINUED_AND_ENDED = Frame.of(Frame.CONTINUATION, new byte[0]);

  private static OpeningHandshake offering(String subprotocols) {
    return OpeningHandshake.of("/mqtt").subprotocol(subprotocols);
  }

  /** Returns the port of TLS. */
  abstract int securePort();

  /** Returns the port without TLS. */
  abstract int plainPort();

  /** Returns what the health data call the connections of the port of TLS. */
  abstract String counter();

  private RawWebSocket asking(ClientIdentity identity, OpeningHandshake handshake)
      throws IOException {
    return RawWebSocket.open(Wire.tls(securePort(), PKI.sslContext(identity)), handshake);
  }

  private RawWebSocket mqtt() throws IOException {
    var socket = asking(PEER, offering("mqtt"));
    assertThat(socket.answer().status()).isEqualTo(101);
    return socket;
  }

  @ParameterizedTest
  @Tag("MQTT-6.0.0-4")
  @ValueSource(strings = {"mqtt", "mqttv3.1, mqtt", "mqtt, mqttv3.1", "foo,mqtt"})
  void givenMqttOffered_whenUpgraded_thenMqttIsChosen(String offered) throws IOException {
    try (var socket = asking(PEER, offering(offered))) {
      assertThat(socket.answer().status()).isEqualTo(101);
      assertThat(socket.answer().header("Sec-WebSocket-Protocol")).contains("mqtt");
    }
  }

  @Test
  @Tag("W01")
  @Tag("MQTT-6.0.0-3")
  void givenNoSubprotocol_whenAskedFor_then400() throws IOException {
    try (var socket = asking(PEER, OpeningHandshake.of("/mqtt"))) {
      assertThat(socket.answer().status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @Tag("MQTT-6.0.0-3")
  @Tag("edge-170")
  @ValueSource(strings = {"foo", "MQTT", "mqttv3.1", "mqtt5", "mqtt mqtt"})
  void givenW02W03OtherSubprotocol_whenAskedFor_then400(String offered) throws IOException {
    try (var socket = asking(PEER, offering(offered))) {
      assertThat(socket.answer().status()).isEqualTo(400);
    }
  }

  @Test
  @Tag("edge-172")
  @Tag("rabbitmq-17298")
  void givenNoCertificate_whenNobodyCanLogIn_then401() throws IOException {
    var wire = Wire.tls(securePort(), PKI.anonymousContext());
    try (var socket = RawWebSocket.open(wire, offering("mqtt"))) {
      assertThat(socket.answer().status()).isEqualTo(401);
    }
  }

  @Test
  void givenTwoCommonNames_whenAskedFor_then401() throws IOException {
    var two = PKI.hostile().twoCommonNames("mqtt-one", "mqtt-two");
    try (var socket = asking(two, offering("mqtt"))) {
      assertThat(socket.answer().status()).isEqualTo(401);
    }
  }

  @Test
  @Tag("edge-172")
  void givenRevokedCertificate_whenAskedFor_then401() throws IOException {
    var revoked = PKI.client("mqtt-revoked");
    try {
      install(PKI.crls().revoking(revoked.leaf()));
      Awaitility.await().atMost(SOON).until(() -> status(revoked) == 401);
    } finally {
      install(PKI.crls().empty());
    }
    Awaitility.await().atMost(SOON).until(() -> status(revoked) == 101);
  }

  private int status(ClientIdentity identity) throws IOException {
    try (var socket = asking(identity, offering("mqtt"))) {
      return socket.answer().status();
    }
  }

  @Test
  @Tag("W17")
  void givenForeignOrigin_whenAskedFor_then403() throws IOException {
    try (var socket = asking(PEER, offering("mqtt").header("Origin", "https://evil.test"))) {
      assertThat(socket.answer().status()).isEqualTo(403);
    }
  }

  @Test
  void givenPlainFromThisMachine_whenAskedFor_thenUpgraded() throws IOException {
    try (var socket = RawWebSocket.open(Wire.plain(plainPort()), offering("mqtt"))) {
      assertThat(socket.answer().status()).isEqualTo(101);
    }
  }

  @Test
  void givenNoUpgrade_whenAskedFor_then426() throws Exception {
    assertThat(get(plainPort(), "/mqtt").statusCode()).isEqualTo(426);
  }

  @Test
  @Tag("W04")
  @Tag("MQTT-6.0.0-1")
  void givenText_whenSent_thenClosed1003() throws IOException {
    try (var socket = mqtt()) {
      socket.send(Frame.text("hello"));

      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(1003);
      socket.send(Frame.close(1003, ""));
      assertThat(socket.awaitEnd(SOON)).isEqualTo(End.CLOSED);
    }
  }

  /** What breaks RFC 6455 whatever the messages are. */
  static Stream<Arguments> violations() {
    return WebSocketFramesIT.violations()
        .filter(row -> String.valueOf(row.get()[0]).matches("W0[678] .*"))
        .filter(row -> !String.valueOf(row.get()[0]).contains("text inside"));
  }

  /** The same of a frame that MQTT may be in, if it is one of text. */
  private static byte[] binary(byte[] frames) {
    var changed = frames.clone();
    if ((changed[0] & 0x0F) == 1) {
      changed[0]++;
    }
    return changed;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("violations")
  void givenConnection_whenFramesBreakTheRules_thenItIsClosedAndToldWhy(
      String row, int code, byte[] bytes) throws IOException {
    try (var socket = mqtt()) {
      socket.send(binary(bytes));

      assertClosed(socket, code, row);
    }
  }

  /** W20: the reason says nothing of the inside. */
  private static void assertClosed(RawWebSocket socket, int code, String row) throws IOException {
    var close = socket.readFrame(Frame.CLOSE, SOON);
    assertThat(close.closeCode()).as(row).isEqualTo(code);
    WebSocketFramesIT.assertSaysNothingOfTheInside(close.closeReason());
  }

  /** Packets are handled as they come, and yet a message has to end. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"W10 fragments over the limit, 65500, 17", "W11 endless fragments, 0, 4097"})
  void givenMessageWithoutEnd_whenItHasTooMany_thenTooBig(String row, int bytes, int fragments)
      throws IOException {
    var packet = PublishBytes.of("w", "x".repeat(bytes)).toByteArray(ProtocolVersion.V5);
    var fragment = Frame.of(Frame.CONTINUATION, bytes == 0 ? new byte[0] : packet).unfinished();
    try (var socket = mqtt()) {
      socket.send(Frame.binary(CONNECT).unfinished());
      assertThat(socket.readFrame(Frame.BINARY, SOON).payload()).startsWith(0x20);
      for (int i = 0; i < fragments; i++) {
        socket.send(fragment);
      }

      assertClosed(socket, 1009, row);
    }
  }

  @ParameterizedTest(name = "W09 claimed {0}")
  @ValueSource(longs = {1L << 31, 1L << 40})
  void givenFrame_whenItClaimsMoreThanThereCanBe_thenTooBig(long claimed) throws IOException {
    try (var socket = mqtt()) {
      socket.send(Frame.header(0x82, true, claimed));

      assertClosed(socket, 1009, "W09");
    }
  }

  @Test
  @Tag("W13")
  @Tag("W14")
  void givenManyPings_whenSentByteByByteOrInOneWrite_thenEachIsAnswered() throws IOException {
    try (var socket = mqtt()) {
      socket.sendInPieces(Frame.ping().encode(), 1);
      assertThat(socket.readFrame(Frame.PONG, SOON).payload()).isEmpty();

      socket.send(Collections.nCopies(10_000, Frame.ping((byte) 7)).toArray(Frame[]::new));
      for (int i = 0; i < 10_000; i++) {
        assertThat(socket.readFrame(Frame.PONG, SOON).payload()).containsExactly(7);
      }
    }
  }

  @Test
  @Tag("W15")
  @Tag("W16")
  void givenBadVersionOrKey_whenAskedFor_thenRefused() throws IOException {
    try (var version = asking(PEER, offering("mqtt").with("Sec-WebSocket-Version", "8"));
        var key = asking(PEER, offering("mqtt").with("Sec-WebSocket-Key", "AAAA"))) {
      PlainAnswer.check(version.answer(), 426);
      assertThat(version.answer().header("Sec-WebSocket-Version")).contains("13");
      assertThat(version.answer().header("Upgrade")).contains("websocket");
      PlainAnswer.check(key.answer(), 400);
    }
  }

  @Test
  @Tag("W18")
  void givenOfferedCompression_whenACompressedFrameComes_then1002() throws IOException {
    var offer = offering("mqtt").header("Sec-WebSocket-Extensions", "permessage-deflate");
    try (var socket = asking(PEER, offer)) {
      assertThat(socket.answer().headers()).doesNotContainKey("Sec-WebSocket-Extensions");
      socket.send(Frame.binary((byte) 1).firstOctet(0xC2)); // FIN, RSV1, binary

      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(1002);
    }
  }

  @Test
  @Tag("W19")
  void givenCloseThatIsNeverAnswered_whenItsTimeIsOver_thenTheConnectionEnds() throws IOException {
    try (var socket = mqtt()) {
      socket.send(Frame.text("hello"));
      var _ = socket.readFrame(Frame.CLOSE, SOON);

      assertThat(socket.awaitEnd(Duration.ofSeconds(5))).isNotNull();
    }
  }

  @Test
  void givenPingAmongEmptyFrames_whenSent_thenPong() throws IOException {
    try (var socket = mqtt()) {
      socket.send(
          Frame.binary(), Frame.binary().unfinished(), Frame.ping((byte) 7), CONTINUED_AND_ENDED);

      assertThat(socket.readFrame(Frame.PONG, SOON).payload()).containsExactly(7);
    }
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void givenNoMqtt_whenSent_thenTheConnectionEnds(boolean plain) throws IOException {
    try (var socket =
        plain ? RawWebSocket.open(Wire.plain(plainPort()), offering("mqtt")) : mqtt()) {
      socket.send(Frame.binary(RESERVED, RESERVED));

      assertThat(socket.awaitEnd(SOON)).isNotNull();
    }
  }

  /** A CONNECT of MQTT 5.0 with Clean Start and no client identifier. */
  private static final byte[] CONNECT = {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 60, 0, 0, 0};

  @ParameterizedTest
  @Tag("W12")
  @Tag("MQTT-6.0.0-2")
  @ValueSource(ints = {1, 2, 7, 15})
  void givenConnectInFrames_whenSent_thenConnackInOneFrame(int bytesInFrame) throws IOException {
    try (var socket = mqtt()) {
      for (int at = 0; at < CONNECT.length; at += bytesInFrame) {
        int end = Math.min(at + bytesInFrame, CONNECT.length);
        socket.send(Frame.binary(Arrays.copyOfRange(CONNECT, at, end)), Frame.binary());
      }

      var connack = socket.readFrame(Frame.BINARY, SOON).payload();
      assertThat(connack).startsWith(0x20);
      assertThat(connack).hasSize(2 + connack[1]);
    }
  }

  @Test
  @Tag("W12")
  @Tag("MQTT-6.0.0-2")
  void givenSeveralPacketsInOneFragmentedMessage_whenSent_thenAllAreAnswered() throws IOException {
    var all = new ByteArrayOutputStream();
    all.writeBytes(CONNECT);
    all.writeBytes(new byte[] {(byte) 0xC0, 0, (byte) 0xC0, 0}); // two PINGREQ
    try (var socket = mqtt()) {
      for (var fragment : Frame.binary(all.toByteArray()).fragments(4)) {
        socket.send(fragment);
      }

      var answers = new ByteArrayOutputStream();
      answers.writeBytes(socket.readFrame(Frame.BINARY, SOON).payload());
      int connack = 2 + answers.toByteArray()[1];
      while (answers.size() < connack + 4) {
        answers.writeBytes(socket.readFrame(Frame.BINARY, SOON).payload());
      }
      assertThat(answers.toByteArray()).startsWith(0x20).endsWith(0xD0, 0, 0xD0, 0);
    }
  }

  @Test
  void givenConnections_whenOpenedAndClosed_thenCounted() throws Exception {
    Awaitility.await().atMost(SOON).until(() -> open() == 0);
    try (var _ = mqtt();
        var _ = mqtt()) {
      Awaitility.await().atMost(SOON).until(() -> open() == 2);
    }
    Awaitility.await().atMost(SOON).until(() -> open() == 0);
  }

  private int open() throws IOException, InterruptedException {
    return Health.ready().data("parley-mqtt-listeners").getInt(counter());
  }
}
