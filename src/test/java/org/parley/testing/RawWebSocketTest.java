package org.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.RawWebSocket.End;

class RawWebSocketTest {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration AT_ONCE = Duration.ofMillis(50);
  private static final String UPGRADE =
      head(
          "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Sec-WebSocket-Protocol: mqtt");

  private LoopbackPeer peer;

  @BeforeEach
  void listen() throws IOException {
    peer = new LoopbackPeer();
  }

  @AfterEach
  void stop() throws IOException {
    peer.close();
  }

  @Test
  void givenHandshake_whenChangedInEveryPart_thenSentAsItStands() throws IOException {
    var handshake =
        OpeningHandshake.of("/pcp2/a%2Fb")
            .requestLine("POST /pcp2 HTTP/1.0")
            .without("sec-websocket-key")
            .with("Sec-WebSocket-Version", "8")
            .header("Host", "second")
            .subprotocol("mqtt");

    assertThat(new String(handshake.encode(), StandardCharsets.US_ASCII))
        .isEqualTo(
            head(
                "POST /pcp2 HTTP/1.0",
                "Host: localhost",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 8",
                "Host: second",
                "Sec-WebSocket-Protocol: mqtt"));
  }

  @Test
  void givenUpgradeAndFrameInOneWrite_whenOpened_thenBothAreRead() throws IOException {
    peer.accept(socket -> answer(socket, UPGRADE, Frame.text("first").unmasked().encode()));

    try (var socket = open()) {
      assertThat(socket.upgraded()).isTrue();
      assertThat(socket.answer().header("sec-websocket-protocol")).contains("mqtt");
      assertThat(socket.readFrame().text()).isEqualTo("first");
      assertThatThrownBy(() -> socket.readFrame(SOON)).isInstanceOf(EOFException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\n\r\nNope.trailing",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nNop\r\n2;x=y\r\ne.\r\n0\r\n\r\n"
      })
  void givenRefusal_whenOpened_thenStatusHeadersAndBody(String rest) throws IOException {
    peer.accept(socket -> answer(socket, "HTTP/1.1 403 Forbidden\r\nX-A: b\r\n" + rest));

    try (var socket = open()) {
      assertThat(socket.upgraded()).isFalse();
      assertThat(socket.answer().status()).isEqualTo(403);
      assertThat(socket.answer().header("x-a")).contains("b");
      assertThat(socket.answer().body()).isEqualTo("Nope.");
    }
  }

  @Test
  void givenSomethingElseThanHttp_whenOpened_thenAnError() {
    peer.accept(socket -> answer(socket, "SSH-2.0\r\n\r\n"));

    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("SSH-2.0");
  }

  @Test
  void givenFramesInPieces_whenSent_thenTheBytesArrive() throws IOException {
    var received =
        peer.accept(
            socket -> {
              answer(socket, UPGRADE);
              return HexFormat.of().formatHex(socket.getInputStream().readAllBytes());
            });

    try (var socket = open()) {
      socket.sendInPieces(Frame.ping().encode(), 1);
      socket.send(Frame.text("a").unfinished(), Frame.pong().unmasked());
    }

    assertThat(received.result()).endsWith("898037fa213d" + "018137fa213d56" + "8a00");
  }

  @Test
  void givenPeerThatSendsNothing_whenRead_thenTimeoutAtTheDeadline() throws IOException {
    peer.accept(
        socket -> {
          answer(socket, UPGRADE, new byte[] {(byte) 0x81});
          return socket.getInputStream().readAllBytes();
        });

    try (var socket = open()) {
      assertThatThrownBy(() -> socket.readFrame(AT_ONCE))
          .isInstanceOf(SocketTimeoutException.class);
      assertThatThrownBy(() -> socket.awaitEnd(AT_ONCE)).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void givenPeerThatCloses_whenItsEndIsAwaited_thenClosedThroughWhateverCameBefore()
      throws IOException {
    peer.accept(socket -> answer(socket, UPGRADE, Frame.binary(new byte[100_000]).encode()));

    try (var socket = open()) {
      assertThat(socket.awaitEnd(SOON)).isEqualTo(End.CLOSED);
    }
  }

  @Test
  void givenPeerThatResets_whenItsEndIsAwaited_thenReset() throws IOException {
    peer.accept(
        socket -> {
          answer(socket, UPGRADE);
          Frame.read(socket.getInputStream());
          socket.setSoLinger(true, 0);
          return 0;
        });

    try (var socket = open()) {
      socket.send(Frame.ping());
      assertThat(socket.awaitEnd(SOON)).isEqualTo(End.RESET);
    }
  }

  @Test
  void givenClient_whenItAborts_thenThePeerSeesAReset() throws IOException {
    var end =
        peer.accept(
            socket -> {
              answer(socket, UPGRADE);
              return socket.getInputStream().readAllBytes().length;
            });

    open().abort();

    assertThatThrownBy(end::result).isInstanceOf(IOException.class);
  }

  @Test
  void givenClientThatStopsReading_whenPeerWrites_thenThePeerWaitsUntilItReadsAgain()
      throws IOException {
    var written = peer.accept(socket -> answer(socket, UPGRADE, new byte[16_000_000]));
    var wire = Wire.plain(peer.port()).receiveBuffer(4_096);

    try (var socket = RawWebSocket.open(wire, OpeningHandshake.of("/"))) {
      assertThat(written.future()).isNotDone();
      assertThat(socket.awaitEnd(SOON)).isEqualTo(End.CLOSED);
      assertThat(written.result()).isEqualTo(16_000_000);
    }
  }

  @Test
  void givenConversation_whenPcpClientTalks_thenPingsAnsweredFragmentsJoinedCloseTold()
      throws IOException {
    var pong =
        peer.accept(
            socket -> {
              readHandshake(socket);
              var out = socket.getOutputStream();
              out.write(UPGRADE.getBytes(StandardCharsets.US_ASCII));
              out.write(Frame.text("abc").fragments(2).getFirst().unmasked().encode());
              out.write(Frame.ping((byte) 1).unmasked().encode());
              out.write(Frame.text("abc").fragments(2).getLast().unmasked().encode());
              out.write(Frame.binary((byte) 5).unmasked().encode());
              out.write(Frame.close(4000, "Superseded").unmasked().encode());
              return Frame.read(socket.getInputStream());
            });
    var wire = Wire.plain(peer.port());

    try (var client = PcpTestClient.connect(wire, OpeningHandshake.of("/pcp2"))) {
      assertThat(client.awaitText(SOON)).isEqualTo("abc");
      assertThat(client.awaitBinary(SOON)).containsExactly(5);
      assertThat(client.awaitClose(SOON)).isEqualTo(new PcpTestClient.Closed(4000, "Superseded"));
    }

    assertThat(pong.result().opcode()).isEqualTo(Frame.PONG);
    assertThat(pong.result().masked()).isTrue();
  }

  @Test
  void givenRefusal_whenPcpClientConnects_thenTheTestFails() {
    peer.accept(socket -> answer(socket, "HTTP/1.1 401 Unauthorized\r\n\r\n"));

    assertThatThrownBy(
            () -> PcpTestClient.connect(Wire.plain(peer.port()), OpeningHandshake.of("/pcp2")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("401");
  }

  private RawWebSocket open() throws IOException {
    return RawWebSocket.open(Wire.plain(peer.port()), OpeningHandshake.of("/pcp2/agent"));
  }

  private static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private static int answer(Socket socket, String head, byte... body) throws IOException {
    readHandshake(socket);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    return body.length;
  }

  private static void readHandshake(Socket socket) throws IOException {
    var read = new StringBuilder();
    while (read.indexOf("\r\n\r\n") < 0) {
      read.append((char) socket.getInputStream().read());
    }
  }
}
