package org.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.transport.WireRecorder.SOON;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.parley.core.ByteWire;
import org.parley.testing.Frame;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;
import org.parley.transport.WebSocketOptions.Answer;
import org.parley.transport.WebSocketOptions.HttpAnswer;
import org.parley.websocket.protocol.FrameRules;

/** A listener that speaks WebSocket and sends back what comes, for each test. */
abstract class WebSocketListening {
  static final int MOST_BYTES = 100_000;
  private static final FrameRules RULES = new FrameRules(MOST_BYTES, MOST_BYTES, 100, false, true);
  private static final Answer REFUSED =
      new Answer.Refused(new HttpAnswer(429, Map.of("Retry-After", "7"), "Later."));

  final WireRecorder recorder = WireRecorder.echo();
  TcpFixture tcp;

  @BeforeEach
  void open() throws IOException {
    tcp = open(Duration.ofSeconds(10), recorder);
  }

  @AfterEach
  void close() {
    tcp.close();
  }

  static TcpFixture open(Duration openingLimit, ByteWire.Acceptor acceptor) throws IOException {
    var plain = TcpFixture.options(TcpFixture.LIMITS, 100);
    return TcpFixture.open(
        SocketKind.best(),
        new TcpListener.Options(
            plain.address(),
            plain.backlog(),
            plain.mostWires(),
            plain.wire(),
            Optional.empty(),
            Optional.empty(),
            _ -> false,
            Optional.of(new WebSocketOptions(RULES, WebSocketListening::decide, openingLimit))),
        acceptor);
  }

  private static Answer decide(WebSocketOptions.Request request, ByteWire.Peer peer) {
    assertThat(peer.transport()).isEqualTo("ws");
    if (request.rawPath().equals("/fault")) {
      throw new IllegalStateException("planted");
    }
    return request.rawPath().equals("/mqtt") ? new Answer.Accepted("mqtt") : REFUSED;
  }

  RawWebSocket handshake(OpeningHandshake handshake) throws IOException {
    return RawWebSocket.open(Wire.plain(tcp.port()), handshake);
  }

  static OpeningHandshake good() {
    return OpeningHandshake.of("/mqtt").subprotocol("mqtt");
  }

  RawWebSocket connected() throws IOException {
    var socket = handshake(good());
    assertThat(socket.answer().status()).isEqualTo(101);
    return socket;
  }

  /** Reads binary messages until so many bytes have come. */
  static byte[] read(RawWebSocket socket, int bytes) throws IOException {
    var all = ByteBuffer.allocate(bytes);
    while (all.hasRemaining()) {
      all.put(socket.readFrame(Frame.BINARY, SOON).payload());
    }
    return all.array();
  }
}
