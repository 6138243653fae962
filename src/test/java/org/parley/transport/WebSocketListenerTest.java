package org.parley.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.transport.WireRecorder.SOON;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.ByteWire;
import org.parley.testing.Frame;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;
import org.parley.transport.WebSocketOptions.Answer;
import org.parley.transport.WebSocketOptions.HttpAnswer;
import org.parley.websocket.protocol.FrameRules;

/** WebSocket as a wire: the opening handshake, what comes in frames, what goes out in them. */
class WebSocketListenerTest {
  private static final int MOST_BYTES = 100_000;
  private static final FrameRules RULES = new FrameRules(MOST_BYTES, MOST_BYTES, 100, false, true);
  private static final Answer REFUSED =
      new Answer.Refused(new HttpAnswer(429, Map.of("Retry-After", "7"), "Later."));

  private final WireRecorder recorder = WireRecorder.echo();
  private TcpFixture tcp;

  @BeforeEach
  void open() throws IOException {
    tcp = open(Duration.ofSeconds(10), recorder);
  }

  @AfterEach
  void close() {
    tcp.close();
  }

  private static TcpFixture open(Duration openingLimit, ByteWire.Acceptor acceptor)
      throws IOException {
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
            Optional.of(new WebSocketOptions(RULES, WebSocketListenerTest::decide, openingLimit))),
        acceptor);
  }

  private static Answer decide(WebSocketOptions.Request request, ByteWire.Peer peer) {
    assertThat(peer.transport()).isEqualTo("ws");
    if (request.rawPath().equals("/fault")) {
      throw new IllegalStateException("planted");
    }
    return request.rawPath().equals("/mqtt") ? new Answer.Accepted("mqtt") : REFUSED;
  }

  private RawWebSocket handshake(OpeningHandshake handshake) throws IOException {
    return RawWebSocket.open(Wire.plain(tcp.port()), handshake);
  }

  private static OpeningHandshake good() {
    return OpeningHandshake.of("/mqtt").subprotocol("mqtt");
  }

  private RawWebSocket connected() throws IOException {
    var socket = handshake(good());
    assertThat(socket.answer().status()).isEqualTo(101);
    return socket;
  }

  /** Reads binary messages until so many bytes have come. */
  private static byte[] read(RawWebSocket socket, int bytes) throws IOException {
    var all = ByteBuffer.allocate(bytes);
    while (all.hasRemaining()) {
      all.put(socket.readFrame(Frame.BINARY, SOON).payload());
    }
    return all.array();
  }

  // -- the opening handshake

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

  // -- frames

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, MOST_BYTES})
  void givenMessageOfEachLength_whenEchoed_thenTheSameBytes(int bytes) throws IOException {
    var payload = new byte[bytes];
    new Random(bytes).nextBytes(payload);
    try (var socket = connected()) {
      socket.send(Frame.binary(payload), Frame.binary((byte) 7));

      var echoed = read(socket, bytes + 1);

      assertThat(Arrays.copyOf(echoed, bytes)).isEqualTo(payload);
      assertThat(echoed[bytes]).isEqualTo((byte) 7);
    }
  }

  /** Fragments of chance, with pings between them, cut into reads of chance. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void givenBytesInFramesOfChance_whenEchoed_thenTheSameBytes(long seed) throws IOException {
    var random = new Random(seed);
    var payload = new byte[20_000];
    random.nextBytes(payload);
    try (var socket = connected()) {
      int from = 0;
      while (from < payload.length) {
        int to = Math.min(payload.length, from + random.nextInt(3_000));
        var message = Frame.binary(Arrays.copyOfRange(payload, from, to));
        var fragments = message.fragments(1 + random.nextInt(1_000));
        for (var fragment : fragments) {
          socket.sendInPieces(fragment.encode(), 1 + random.nextInt(500));
          socket.send(Frame.ping((byte) from));
        }
        from = to;
      }

      assertThat(read(socket, payload.length)).isEqualTo(payload);
    }
  }

  @Test
  void givenManyPings_whenNothingIsRead_thenEachIsAnsweredInTheEnd() throws IOException {
    try (var socket = connected()) {
      socket.send(Collections.nCopies(5_000, Frame.ping((byte) 7)).toArray(Frame[]::new));

      for (int i = 0; i < 5_000; i++) {
        assertThat(socket.readFrame(Frame.PONG, SOON).payload()).containsExactly(7);
      }
    }
  }

  /** RFC 6455 section 5.5.3: the newest ping alone may be answered. */
  @Test
  void givenPeerThatOnlyPings_whenItReadsNothing_thenLittleWaitsAndTheNewestIsAnswered()
      throws Exception {
    int pings = 200_000;
    try (var socket = connected()) {
      var wire = recorder.next().wire;
      for (int i = 0; i < pings; i += 1_000) {
        socket.send(IntStream.range(i, i + 1_000).mapToObj(Numbered::ping).toArray(Frame[]::new));
      }
      var unsent = new CompletableFuture<Long>();
      wire.executor().execute(() -> unsent.complete(wire.unsentBytes()));
      assertThat(unsent.get(5, TimeUnit.SECONDS)).isLessThan(150 * 1024);

      int last = -1;
      int answered = 0;
      while (last < pings - 1) {
        int next = Numbered.of(socket.readFrame(Frame.PONG, SOON));
        assertThat(next).isGreaterThan(last);
        last = next;
        answered++;
      }
      assertThat(answered).isLessThan(pings);
    }
  }

  /** Pings of 100 bytes that begin with their number. */
  private static final class Numbered {
    static Frame ping(int number) {
      return Frame.ping(ByteBuffer.allocate(100).putInt(0, number).array());
    }

    static int of(Frame pong) {
      return ByteBuffer.wrap(pong.payload()).getInt();
    }
  }

  static Stream<Arguments> violations() {
    return Stream.of(
        argumentSet("text", Frame.text("x").encode(), 1003),
        argumentSet("unmasked", Frame.binary((byte) 1).unmasked().encode(), 1002),
        argumentSet("too big", Frame.header(0x82, true, MOST_BYTES + 1), 1009),
        argumentSet("close of 1 byte", Frame.of(Frame.CLOSE, new byte[] {3}).encode(), 1002),
        argumentSet("close code 1005", Frame.close(1005, "").encode(), 1002));
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("violations")
  void givenBytesBeforeAViolation_whenSent_thenTheyAreDealtWithAndTheEndIsTold(
      byte[] violation, int code) throws Exception {
    try (var socket = connected()) {
      var recorded = recorder.next();
      socket.send(join(Frame.binary((byte) 1).encode(), violation));

      assertThat(read(socket, 1)).containsExactly(1);
      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(code);
      assertThat(socket.awaitEnd(SOON)).isNotNull();
      recorded.awaitClosed();
      assertThat(tcp.listener().violations()).isOne();
    }
  }

  private static byte[] join(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  /** As clients do: their last packet and the close in one write. */
  @Test
  void givenBytesBeforeAClose_whenSentInOneWrite_thenTheyAreDealtWith() throws Exception {
    try (var socket = connected()) {
      socket.send(Frame.binary((byte) 1, (byte) 2), Frame.close(1000, ""), Frame.binary((byte) 3));

      assertThat(read(socket, 2)).containsExactly(1, 2);
      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(1000);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 4000, 0})
  void givenCloseFrame_whenSent_thenAnsweredWithItsCodeAndTheWireIsGone(int code) throws Exception {
    try (var socket = connected()) {
      var recorded = recorder.next();
      socket.send(code == 0 ? Frame.of(Frame.CLOSE, new byte[0]) : Frame.close(code, "bye"));

      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode())
          .isEqualTo(code == 0 ? 1000 : code);
      assertThat(socket.awaitEnd(SOON)).isNotNull();
      recorded.awaitClosed();
    }
  }

  @Test
  void givenPeerThatDoesNotRead_whenItCloses_thenGoneWithinItsTime() throws Exception {
    try (var socket = connected()) {
      var recorded = recorder.next();
      var piece = ByteBuffer.allocate(16 * 1024);
      boolean takes = true;
      while (takes) {
        takes =
            recorded.ask(
                wire -> {
                  wire.write(piece.duplicate());
                  return wire.writable();
                });
      }

      socket.send(Frame.close(1000, ""));

      recorded.awaitClosed();
    }
  }

  @Test
  @Tag("W19")
  void givenFinish_whenTheCloseIsNeverAnswered_thenClosedWithinItsTime() throws Exception {
    try (var socket = connected()) {
      var recorded = recorder.next();
      recorded.wire.executor().execute(recorded.wire::finish);

      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(1000);
      recorded.awaitClosed();
    }
  }

  @Test
  void givenFinish_whenTheCloseIsAnswered_thenTheConnectionEnds() throws Exception {
    try (var socket = connected()) {
      var recorded = recorder.next();
      recorded.wire.executor().execute(recorded.wire::finish);
      var _ = socket.readFrame(Frame.CLOSE, SOON);
      socket.send(Frame.close(1000, ""));

      assertThat(socket.awaitEnd(SOON)).isNotNull();
      recorded.awaitClosed();
    }
  }
}
