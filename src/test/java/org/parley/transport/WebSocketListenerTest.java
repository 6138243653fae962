package org.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.transport.WireRecorder.SOON;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.Frame;

/** WebSocket as a wire: what comes in frames, and what goes out in them. */
class WebSocketListenerTest extends WebSocketListening {
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
