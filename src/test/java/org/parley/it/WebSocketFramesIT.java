package org.parley.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.Frame;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.V1;
import org.parley.testing.V2;

/** RFC 6455 section 5 on the wire: what is read, however it is cut, and what is refused. */
class WebSocketFramesIT extends ServerUnderTest {
  private static final String NAME = "frames";
  private static final int LIMIT = 1 << 20;

  private static RawWebSocket open(String clientType) throws IOException {
    var socket = handshake(PKI.client(NAME), "/pcp2/" + clientType);
    assertThat(socket.answer().status()).isEqualTo(101);
    return socket;
  }

  private static String toSelf(String clientType, String data) {
    return V2.message(V2.id(1), "hello", uri(clientType), data);
  }

  private static String fromSelf(String clientType, String data) {
    return V2.relayed(V2.id(1), "hello", uri(clientType), uri(clientType), data);
  }

  private static String uri(String clientType) {
    return "pcp://" + NAME + "/" + clientType;
  }

  private static void assertAlive(RawWebSocket socket, String clientType) throws IOException {
    socket.send(Frame.text(toSelf(clientType, "\"alive\"")));
    assertThat(socket.readFrame(Frame.TEXT, SOON).text())
        .isEqualTo(fromSelf(clientType, "\"alive\""));
  }

  static Stream<Arguments> violations() {
    byte[] empty = {};
    return Stream.of(
        violation("W06 unmasked text", 1002, Frame.text("{}").unmasked()),
        violation("W06 unmasked empty ping", 1002, Frame.ping().unmasked()),
        violation("W07 RSV1 without extension", 1002, Frame.text("{}").firstOctet(0xC1)),
        violation("W07 RSV2", 1002, Frame.text("{}").firstOctet(0xA1)),
        violation("W07 RSV3", 1002, Frame.text("{}").firstOctet(0x91)),
        violation("W07 opcode 3", 1002, Frame.of(3, empty)),
        violation("W07 opcode 7", 1002, Frame.of(7, empty)),
        violation("W07 opcode 11", 1002, Frame.of(11, empty)),
        violation("W07 opcode 15", 1002, Frame.of(15, empty)),
        violation("W07 fragmented ping", 1002, Frame.ping().unfinished()),
        violation("W07 ping of 126 bytes", 1002, Frame.ping(new byte[126])),
        violation("W07 close of 1 byte", 1002, Frame.of(Frame.CLOSE, new byte[] {3})),
        violation("W07 close 1005", 1002, Frame.close(1005, "")),
        violation("W07 continuation first", 1002, Frame.of(Frame.CONTINUATION, empty)),
        violation("W07 text inside text", 1002, Frame.text("{").unfinished(), Frame.text("}")),
        violation("W07 length not minimal", 1002, new byte[] {(byte) 0x81, (byte) 0xFE, 0, 5}),
        violation("W08 length with top bit", 1002, header(Long.MIN_VALUE)),
        violation("W08 length of all ones", 1002, header(-1)),
        violation("W09 claimed 2^40", 1009, header(1L << 40)),
        violation("W09 claimed 2^31", 1009, header(1L << 31)),
        violation("W09 claimed limit + 1", 1009, header(LIMIT + 1)),
        violation("W10 fragments over the limit", 1009, fragments(LIMIT / 2, LIMIT / 2, 1)),
        violation("W11 endless small fragments", 1009, fragments(IntStream.range(0, 4097))),
        violation(
            "W11 endless fragments", 1009, fragments(IntStream.generate(() -> 65_536).limit(64))),
        violation("W20 UTF-8 with a wrong second byte", 1007, text(0xC3, 0x28)),
        violation("W20 UTF-8 overlong", 1007, text(0xC0, 0x80)),
        violation("W20 UTF-8 surrogate", 1007, text(0xED, 0xA0, 0x80)),
        violation("W20 UTF-8 over U+10FFFF", 1007, text(0xF4, 0x90, 0x80, 0x80)),
        violation("W20 UTF-8 cut at the end", 1007, text('{', 0xE2, 0x82)),
        violation(
            "W20 UTF-8 wrong in a fragment",
            1007,
            Frame.text("{").unfinished(),
            Frame.of(Frame.CONTINUATION, new byte[] {(byte) 0xFF}).unfinished(),
            Frame.of(Frame.CONTINUATION, empty)));
  }

  private static Arguments violation(String row, int code, Frame... frames) {
    return violation(row, code, encode(frames));
  }

  private static Arguments violation(String row, int code, byte[] bytes) {
    return arguments(row, code, named(bytes.length + " bytes", bytes));
  }

  private static byte[] header(long claimedLength) {
    return Frame.header(0x81, true, claimedLength);
  }

  private static Frame text(int... octets) {
    var bytes = new ByteArrayOutputStream();
    Arrays.stream(octets).forEach(bytes::write);
    return Frame.of(Frame.TEXT, bytes.toByteArray());
  }

  private static Frame[] fragments(IntStream sizes) {
    return fragments(sizes.map(size -> size < 5000 ? 0 : size).toArray());
  }

  /** A message that never ends. */
  private static Frame[] fragments(int... sizes) {
    var frames = new ArrayList<Frame>();
    for (int size : sizes) {
      int opcode = frames.isEmpty() ? Frame.TEXT : Frame.CONTINUATION;
      var spaces = " ".repeat(size).getBytes(UTF_8);
      frames.add(Frame.of(opcode, spaces).unfinished());
    }
    return frames.toArray(Frame[]::new);
  }

  private static byte[] encode(Frame... frames) {
    var bytes = new ByteArrayOutputStream();
    for (var frame : frames) {
      bytes.writeBytes(frame.encode());
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("violations")
  void givenSession_whenFramesBreakTheRules_thenItIsClosedAndToldWhy(
      String row, int code, byte[] bytes) throws Exception {
    try (var socket = open("violation")) {
      var sending = Thread.startVirtualThread(() -> sendAsFarAsItGoes(socket, bytes));

      var close = socket.readFrame(Frame.CLOSE, SOON);
      assertThat(close.closeCode()).as(row).isEqualTo(code);
      assertSaysNothingOfTheInside(close.closeReason());
      assertThat(sending.join(SOON)).isTrue();
      sendAsFarAsItGoes(socket, Frame.close(code, "").encode());
      socket.awaitEnd(SOON);
    }
  }

  /** The broker may cut the connection before it has taken all of it. */
  private static void sendAsFarAsItGoes(RawWebSocket socket, byte[] bytes) {
    try {
      socket.send(bytes);
    } catch (IOException _) {
      // What it said before is still to be read.
    }
  }

  /** W20. */
  static void assertSaysNothingOfTheInside(String reason) {
    assertThat(reason).matches("[A-Z][A-Za-z0-9 -]{1,60}\\.");
    assertThat(reason).doesNotContainIgnoringCase("exception").doesNotContainIgnoringCase("class");
  }

  @ParameterizedTest(name = "W05 binary frame of {0} bytes")
  @ValueSource(ints = {0, 1, 100_000})
  void givenVersion2_whenBinaryComes_thenItCouldNotBeDecodedAndTheSessionLives(int size)
      throws Exception {
    try (var socket = open("binary")) {
      socket.send(Frame.binary(new byte[size]));

      assertThat(V2.withoutId(socket.readFrame(Frame.TEXT, SOON).text()))
          .isEqualTo(V2.couldNotDecode());
      assertAlive(socket, "binary");
    }
  }

  @ParameterizedTest(name = "W13 empty ping cut behind byte {0}")
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void givenEmptyPingInTwoReads_whenAMessageFollows_thenBothAreIntact(int cut) throws Exception {
    try (var socket = open("split");
        var other = open("split-other")) {
      var bytes = encode(Frame.ping(), Frame.text(toSelf("split", "\"next\"")));
      socket.send(Arrays.copyOf(bytes, cut));
      assertAlive(other, "split-other"); // the server has had time to read the first piece
      socket.send(Arrays.copyOfRange(bytes, cut, bytes.length));

      assertThat(socket.readFrame(Frame.PONG, SOON).payload()).isEmpty();
      assertThat(socket.readFrame(Frame.TEXT, SOON).text())
          .isEqualTo(fromSelf("split", "\"next\""));
    }
  }

  @Test
  void givenW13EmptyPingsAmongMessages_whenEachByteIsARecord_thenAllAreIntact() throws Exception {
    try (var socket = open("bytes")) {
      var message = Frame.text(toSelf("bytes", "\"1\""));

      socket.sendInPieces(
          encode(Frame.ping(), message, Frame.ping(), Frame.pong(), message, Frame.ping()), 1);

      var expected = fromSelf("bytes", "\"1\"");
      assertThat(socket.readFrame(Frame.TEXT, SOON).text()).isEqualTo(expected);
      assertThat(socket.readFrame(Frame.TEXT, SOON).text()).isEqualTo(expected);
    }
  }

  @Test
  void givenText_whenItIsCutAtEveryByte_thenItIsIntactEachTime() throws Exception {
    try (var socket = open("cut")) {
      for (var cut = 1; cut < 160; cut++) {
        var data = "\"cut " + cut + " é€😀\"";
        var bytes = encode(Frame.text(toSelf("cut", data)));
        socket.send(Arrays.copyOf(bytes, Math.min(cut, bytes.length - 1)));
        socket.send(Arrays.copyOfRange(bytes, Math.min(cut, bytes.length - 1), bytes.length));

        assertThat(socket.readFrame(Frame.TEXT, SOON).text()).isEqualTo(fromSelf("cut", data));
      }
    }
  }

  @Test
  void givenW14TenThousandPingsInOneWrite_whenRead_thenEachIsAnsweredInOrder() throws Exception {
    try (var socket = open("pings")) {
      int count = 10_000;
      var frames =
          IntStream.range(0, count)
              .mapToObj(i -> Frame.ping(ByteBuffer.allocate(4).putInt(i).array()))
              .toArray(Frame[]::new);

      socket.send(frames);

      for (int i = 0; i < count; i++) {
        assertThat(ByteBuffer.wrap(socket.readFrame(Frame.PONG, SOON).payload()).getInt())
            .isEqualTo(i);
      }
      assertAlive(socket, "pings");
    }
  }

  @ParameterizedTest(name = "W12 fragments of {0} bytes")
  @ValueSource(ints = {1, 7, 125, 126})
  void givenFragments_whenPingsComeBetween_thenTheyAreAnsweredAndTheMessageIsWhole(int size)
      throws Exception {
    try (var socket = open("fragments")) {
      var data = '"' + "é€😀".repeat(40) + '"';
      var fragments = Frame.text(toSelf("fragments", data)).fragments(size);
      var frames = new ArrayList<Frame>();
      for (byte i = 0; i < fragments.size() && i >= 0; i++) {
        frames.addAll(List.of(fragments.get(i), Frame.ping(i)));
      }
      if (fragments.size() > frames.size() / 2) {
        frames.addAll(fragments.subList(frames.size() / 2, fragments.size()));
      } else {
        frames.removeLast(); // the last ping would follow the message
      }
      long pings = frames.stream().filter(frame -> frame.opcode() == Frame.PING).count();

      socket.send(frames.toArray(Frame[]::new));

      for (int i = 0; i < pings; i++) {
        assertThat(socket.readFrame(Frame.PONG, SOON).payload()).containsExactly(i);
      }
      assertThat(socket.readFrame(Frame.TEXT, SOON).text()).isEqualTo(fromSelf("fragments", data));
    }
  }

  @ParameterizedTest(name = "W12 message of {0} bytes")
  @ValueSource(ints = {125, 126, 127, 8191, 8192, 8193, 65_535, 65_536, LIMIT - 1, LIMIT})
  void givenLengthAtABoundary_whenAMessageOfItComes_thenItIsIntact(int size) throws Exception {
    try (var socket = open("l")) {
      int envelope = toSelf("l", "\"\"").length();
      var data = '"' + "x".repeat(size - envelope) + '"';

      socket.send(Frame.text(toSelf("l", data)));

      assertThat(socket.readFrame(Frame.TEXT, SOON).text()).isEqualTo(fromSelf("l", data));
    }
  }

  @ParameterizedTest(name = "W12 binary message of {0} bytes")
  @ValueSource(ints = {8192, 65_535, 65_536, LIMIT - 1, LIMIT})
  void givenVersion1_whenABinaryMessageOfThatLengthComes_thenItIsIntact(int size) throws Exception {
    try (var socket = handshake(PKI.client(NAME), "/pcp/binary")) {
      var message = binary(size);

      socket.send(Frame.binary(message));

      assertThat(socket.readFrame(Frame.BINARY, SOON).payload()).isEqualTo(message);
    }
  }

  @Test
  void givenVersion1_whenABinaryMessageIsOneByteTooLong_thenItIsTooBig() throws Exception {
    try (var socket = handshake(PKI.client(NAME), "/pcp/binary")) {
      var sending =
          Thread.startVirtualThread(
              () -> sendAsFarAsItGoes(socket, Frame.binary(binary(LIMIT + 1)).encode()));

      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(1009);
      assertThat(sending.join(SOON)).isTrue();
    }
  }

  /** A version 1 message of this size in all, to itself. */
  private static byte[] binary(int size) {
    var uri = uri("binary");
    int around = V1.message(V2.id(1), "hello", uri, uri, "").length;
    return V1.message(V2.id(1), "hello", uri, uri, "x".repeat(size - around));
  }

  @Test
  void givenManyMessagesInOneWrite_whenRead_thenEachIsDelivered() throws Exception {
    try (var socket = open("many")) {
      var message = Frame.text(toSelf("many", "\"m\""));

      socket.send(Collections.nCopies(300, message).toArray(Frame[]::new));

      for (int i = 0; i < 300; i++) {
        assertThat(socket.readFrame(Frame.TEXT, SOON).text()).isEqualTo(fromSelf("many", "\"m\""));
      }
    }
  }

  @Test
  void givenHandshake_whenFramesComeInTheSameSegment_thenTheyAreNotLost() throws Exception {
    for (int i = 0; i < 5; i++) {
      var bytes = new ByteArrayOutputStream();
      bytes.writeBytes(OpeningHandshake.of("/pcp2/segment").encode());
      bytes.writeBytes(encode(Frame.ping(), Frame.text(toSelf("segment", "\"first\""))));
      try (var socket = RawWebSocket.connect(wire(PKI.client(NAME)))) {
        socket.send(bytes.toByteArray());

        assertThat(socket.readAnswer().status()).isEqualTo(101);
        assertThat(socket.readFrame(Frame.PONG, SOON).payload()).isEmpty();
        assertThat(socket.readFrame(Frame.TEXT, SOON).text())
            .isEqualTo(fromSelf("segment", "\"first\""));
        assertAlive(socket, "segment");
      }
    }
  }

  @Test
  void givenW18DeflateOffered_whenUpgraded_thenItIsNotNegotiated() throws Exception {
    var offer =
        OpeningHandshake.of("/pcp2/deflate")
            .header("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");
    try (var socket = handshake(PKI.client(NAME), offer)) {
      assertThat(socket.answer().status()).isEqualTo(101);
      assertThat(socket.answer().header("Sec-WebSocket-Extensions")).isEmpty();
      assertThat(socket.answer().header("Set-Cookie")).isEmpty();
      assertAlive(socket, "deflate");
    }
  }
}
