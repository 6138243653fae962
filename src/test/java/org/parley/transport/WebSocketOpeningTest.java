package org.parley.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.transport.WireRecorder.SOON;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.testing.Frame;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;

/** The opening handshake of a WebSocket on a port of its own, RFC 6455 section 4.2. */
class WebSocketOpeningTest extends WebSocketListening {
  @Test
  void givenGoodHandshake_whenSent_thenAcceptedWithTheSubprotocol() throws Exception {
    try (var socket = connected()) {
      assertThat(socket.answer().header("Sec-WebSocket-Protocol")).contains("mqtt");
      assertThat(socket.answer().header("Upgrade")).contains("websocket");
      assertThat(recorder.next().wire.peer().remoteAddress()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void givenHandshakeThatIsNotAdmitted_whenSent_thenItsAnswerAndTheEnd() throws IOException {
    try (var socket = handshake(OpeningHandshake.of("/other"))) {
      assertThat(socket.answer().status()).isEqualTo(429);
      assertThat(socket.answer().header("Retry-After")).contains("7");
      assertThat(socket.awaitEnd(SOON)).isNotNull();
    }
    assertThat(recorder.none()).isTrue();
  }

  @Test
  void givenAdmissionThatFails_whenAsked_thenOurErrorAndNothingOfIt() throws IOException {
    try (var socket = handshake(OpeningHandshake.of("/fault"))) {
      assertThat(socket.answer().status()).isEqualTo(500);
      assertThat(socket.answer().body()).isEqualTo("WebSocket handshake failed.\n");
    }
  }

  @Test
  void givenTargetInAbsoluteForm_whenSent_thenAccepted() throws IOException {
    var absolute = good().requestLine("GET http://localhost:1/mqtt?x HTTP/1.1");
    try (var socket = handshake(absolute)) {
      assertThat(socket.answer().status()).isEqualTo(101);
    }
  }

  @Test
  void givenNoHostOrTwo_whenSent_thenMalformed() throws IOException {
    try (var none = handshake(good().without("Host"));
        var two = handshake(good().header("Host", "other"))) {
      assertThat(none.answer().status()).isEqualTo(400);
      assertThat(two.answer().status()).isEqualTo(400);
    }
  }

  @Test
  void givenOtherVersion_whenRefused_thenTheAnswerIsWholeHttp() throws IOException {
    try (var socket = handshake(good().without("Sec-WebSocket-Version"))) {
      var answer = socket.answer();

      assertThat(answer.status()).isEqualTo(426);
      assertThat(answer.header("Sec-WebSocket-Version")).contains("13");
      assertThat(answer.header("Upgrade")).contains("websocket");
      assertThat(answer.header("Connection")).contains("close, Upgrade"); // RFC 9110 7.8
    }
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        argumentSet("no HTTP", "\u0010\r\n\r\n", 400),
        argumentSet("version 12", request("Sec-WebSocket-Version: 12"), 426),
        argumentSet("no version", request("X: y"), 426),
        argumentSet(
            "short key", request("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AA"), 400),
        argumentSet("POST", "POST /mqtt HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", 405),
        argumentSet("content", "POST /mqtt HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n", 400),
        argumentSet("chunks", "GET /mqtt HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        argumentSet("long line", "GET /" + "x".repeat(5_000) + " HTTP/1.1\r\n\r\n", 400),
        argumentSet(
            "long header", "GET /mqtt HTTP/1.1\r\nX: " + "x".repeat(9_000) + "\r\n\r\n", 400));
  }

  private static String request(String headers) {
    return "GET /mqtt HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + headers
        + "\r\n\r\n";
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("malformed")
  void givenMalformedHandshake_whenSent_thenAnErrorAndTheEnd(String request, int status)
      throws IOException {
    try (var socket = tcp.connect()) {
      socket.getOutputStream().write(request.getBytes(US_ASCII));

      var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);

      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    }
    assertThat(recorder.none()).isTrue();
    assertThat(tcp.listener().failedOpenings()).isOne();
  }

  @Test
  @Tag("D10")
  void givenHandshakeThatIsNeverWhole_whenItsTimeIsOver_thenClosed() throws IOException {
    try (var slow = open(Duration.ofMillis(200), recorder);
        var socket = slow.connect()) {
      socket.getOutputStream().write("GET /mqtt HTTP/1.1\r\n".getBytes(US_ASCII));

      assertThat(socket.getInputStream().read()).isNegative();
      assertThat(slow.listener().failedOpenings()).isOne();
    }
  }

  @Test
  void givenWebSocketThatIsOpen_whenTheTimeOfTheHandshakeIsOver_thenItStays() throws Exception {
    try (var quick = open(Duration.ofMillis(200), recorder);
        var socket = RawWebSocket.open(Wire.plain(quick.port()), good());
        var later = quick.connect()) {
      assertThat(later.getInputStream().read()).as("closed for its time").isNegative();

      socket.send(Frame.binary((byte) 1));

      assertThat(read(socket, 1)).containsExactly(1);
    }
  }

  @Test
  void givenFramesBehindTheHandshake_whenSentInOneWrite_thenTheyAreRead() throws IOException {
    try (var socket = tcp.connect()) {
      var out = ByteBuffer.allocate(1000);
      out.put(good().encode()).put(Frame.binary((byte) 1, (byte) 2).encode());
      socket.getOutputStream().write(out.array(), 0, out.position());

      var answer = new StringBuilder();
      while (!answer.toString().endsWith("\r\n\r\n")) {
        answer.append((char) socket.getInputStream().read());
      }
      assertThat(answer.toString()).startsWith("HTTP/1.1 101 ");
      assertThat(socket.getInputStream().readNBytes(4)).containsExactly(0x82, 2, 1, 2);
    }
  }
}
