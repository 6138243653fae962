package org.parley.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.parley.core.ByteWire;

/** Wires over TCP: what comes in, what goes out, how they end. */
class ChannelWireTest {
  @Test
  void givenBytesOneByOne_whenSent_thenAllComeInOrderEachRoundEnded() throws Exception {
    var recorder = new WireRecorder();
    try (var tcp = TcpFixture.open(recorder);
        var client = tcp.connect()) {
      var wire = recorder.next();
      for (byte i = 0; i < 20; i++) {
        client.getOutputStream().write(i);
        wire.awaitBytes(i + 1);
      }

      assertThat(wire.bytes()).startsWith(0, 1, 2, 3).endsWith(19).hasSize(20);
      assertThat(wire.rounds.get()).isBetween(1, 20);
      assertThat(wire.reads.get()).isGreaterThanOrEqualTo(wire.rounds.get());
    }
  }

  @Test
  void givenMuch_whenEchoed_thenNothingLostAndHandlerNeverEnteredTwice() throws Exception {
    var recorder = WireRecorder.echo();
    var data = Data.ofLength(4 << 20);
    try (var tcp = TcpFixture.open(recorder);
        var client = tcp.connect()) {
      var wire = recorder.next();
      var sender = Thread.ofVirtual().start(() -> Data.write(client, data));

      assertThat(client.getInputStream().readNBytes(data.length)).isEqualTo(data);
      sender.join();
      assertThat(wire.reentered()).isFalse();
    }
  }

  @Test
  void givenTask_whenExecutedByHandler_thenItRunsAfterTheRoundOfReads() throws Exception {
    var order = new CopyOnWriteArrayList<String>();
    ByteWire.Acceptor acceptor =
        wire ->
            new Unconcerned() {
              @Override
              public void received(ByteBuffer bytes) {
                order.add("received");
                wire.executor().execute(() -> order.add("task"));
              }

              @Override
              public void receivedAll() {
                order.add("all");
              }
            };
    try (var tcp = TcpFixture.open(acceptor);
        var client = tcp.connect()) {
      client.getOutputStream().write(1);

      Awaitility.await()
          .atMost(WireRecorder.SOON)
          .untilAsserted(() -> assertThat(order).containsExactly("received", "all", "task"));
    }
  }

  @Test
  void givenNotReading_whenClientSends_thenItIsHeldUntilReadingAgain() throws Exception {
    var recorder = new WireRecorder();
    var data = Data.ofLength(8 << 20);
    try (var tcp = TcpFixture.open(recorder);
        var client = tcp.connect()) {
      var wire = recorder.next();
      wire.own(open -> open.reading(false));
      var sender = Thread.ofVirtual().start(() -> Data.write(client, data));

      // More than the kernel holds: the sender cannot end while nothing is read.
      assertThat(sender.join(Duration.ofMillis(300))).isFalse();
      assertThat(wire.bytes()).isEmpty();

      wire.own(open -> open.reading(true));
      wire.awaitBytes(data.length);
      sender.join();
      assertThat(wire.bytes()).isEqualTo(data);
    }
  }

  @Test
  void givenClientThatDoesNotRead_whenWritten_thenNotWritableAndToldOnceWhenItReads()
      throws Exception {
    var recorder = new WireRecorder();
    var chunk = Data.ofLength(32 * 1024);
    try (var tcp = TcpFixture.open(recorder);
        var client = tcp.connect(4096)) {
      var wire = recorder.next();
      int written = wire.ask(open -> fill(open, chunk));

      assertThat(wire.ask(ByteWire::writable)).isFalse();
      assertThat(wire.ask(ByteWire::unsentBytes))
          .isGreaterThan(TcpFixture.LIMITS.highWaterBytes())
          .isLessThan(TcpFixture.LIMITS.highWaterBytes() + 2L * chunk.length);
      assertThat(wire.writables).hasValue(0);

      assertThat(client.getInputStream().readNBytes(written)).hasSize(written);
      Awaitility.await().atMost(WireRecorder.SOON).until(() -> wire.writables.get() == 1);
      assertThat(wire.ask(ByteWire::writable)).isTrue();
      assertThat(wire.ask(ByteWire::unsentBytes)).isZero();
      assertThat(wire.reentered()).isFalse();
    }
  }

  /** Writes until the wire has enough; returns how many bytes. */
  private static int fill(ByteWire wire, byte[] chunk) {
    int written = 0;
    while (wire.writable()) {
      wire.write(ByteBuffer.wrap(chunk));
      written += chunk.length;
    }
    return written;
  }

  @Test
  void givenWriterThatHeedsNothing_whenBeyondTheLimit_thenWireIsAborted() throws Exception {
    var recorder = new WireRecorder();
    var chunk = Data.ofLength(256 * 1024);
    try (var tcp = TcpFixture.open(recorder);
        var _ = tcp.connect(4096)) {
      var wire = recorder.next();
      wire.own(
          open -> {
            for (int i = 0; i < 100; i++) {
              open.write(ByteBuffer.wrap(chunk));
            }
          });

      wire.awaitClosed();
      assertThat(wire.ask(ByteWire::unsentBytes)).isZero();
    }
  }

  @Test
  void givenClientClosed_whenItHadSent_thenBytesFirstAndClosedOnce() throws Exception {
    var recorder = new WireRecorder();
    try (var tcp = TcpFixture.open(recorder)) {
      var client = tcp.connect();
      var wire = recorder.next();
      client.getOutputStream().write(new byte[] {1, 2, 3});
      client.close();

      wire.awaitClosed();
      assertThat(wire.bytes()).containsExactly(1, 2, 3);
      assertThat(wire.closes).hasValue(1);
      awaitNone(tcp);
    }
  }

  @Test
  void givenClientHalfClosed_whenItHadSent_thenAnsweredAndClosed() throws Exception {
    try (var tcp = TcpFixture.open(WireRecorder.echo());
        var client = tcp.connect()) {
      client.getOutputStream().write("bye".getBytes(US_ASCII));
      client.shutdownOutput();

      assertThat(client.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("bye");
    }
  }

  @Test
  void givenClientReset_whenItHappens_thenClosedAndOthersLive() throws Exception {
    var recorder = WireRecorder.echo();
    try (var tcp = TcpFixture.open(recorder);
        var other = tcp.connect()) {
      recorder.next();
      var client = tcp.connect();
      var wire = recorder.next();
      client.setSoLinger(true, 0);
      client.close();

      wire.awaitClosed();
      assertThat(wire.closes).hasValue(1);
      other.getOutputStream().write(7);
      assertThat(other.getInputStream().read()).isEqualTo(7);
    }
  }

  @Test
  void givenMuchUnsent_whenFinished_thenAllSentThenEndAndClosedWhenClientCloses() throws Exception {
    var recorder = new WireRecorder();
    var data = Data.ofLength(900_000);
    try (var tcp = TcpFixture.open(recorder);
        var client = tcp.connect()) {
      var wire = recorder.next();
      wire.own(
          open -> {
            open.write(ByteBuffer.wrap(data));
            open.finish();
            open.write(ByteBuffer.wrap(data)); // without effect
          });

      assertThat(client.getInputStream().readAllBytes()).isEqualTo(data);
      Data.close(client);
      wire.awaitClosed();
    }
  }

  @Test
  void givenFinished_whenClientGoesOnSending_thenDroppedAndClosedInTime() throws Exception {
    var recorder = new WireRecorder();
    try (var tcp = TcpFixture.open(recorder);
        var client = tcp.connect()) {
      var wire = recorder.next();
      wire.own(ByteWire::finish);
      assertThat(client.getInputStream().read()).isEqualTo(-1);

      assertThatThrownBy(() -> Data.writeForEver(client)).isInstanceOf(SocketException.class);

      wire.awaitClosed();
      assertThat(wire.bytes()).isEmpty();
    }
  }

  @Test
  void givenFinished_whenClientDoesNotRead_thenClosedInTime() throws Exception {
    var recorder = new WireRecorder();
    var chunk = Data.ofLength(32 * 1024);
    try (var tcp = TcpFixture.open(recorder);
        var _ = tcp.connect(4096)) {
      var wire = recorder.next();
      wire.own(
          open -> {
            fill(open, chunk);
            open.finish();
          });

      wire.awaitClosed();
      assertThat(wire.closes).hasValue(1);
    }
  }

  @Test
  void givenAborted_whenBytesWait_thenClosedAtOnceAndWritesWithoutEffect() throws Exception {
    var recorder = new WireRecorder();
    try (var tcp = TcpFixture.open(recorder);
        var client = tcp.connect()) {
      var wire = recorder.next();
      wire.own(
          open -> {
            open.abort();
            open.write(ByteBuffer.wrap(new byte[] {1}));
            open.finish();
            open.reading(true);
            open.abort();
          });

      assertThat(client.getInputStream().read()).isEqualTo(-1);
      wire.awaitClosed();
      assertThat(wire.closes).hasValue(1);
    }
  }

  @Test
  void givenHandlerThatThrows_whenCalled_thenOnlyItsWireEnds() throws Exception {
    ByteWire.Acceptor acceptor =
        _ ->
            new Unconcerned() {
              @Override
              public void received(ByteBuffer bytes) {
                if (bytes.get() == 'x') {
                  throw new IllegalStateException("a fault of ours, thrown on purpose");
                }
              }
            };
    try (var tcp = TcpFixture.open(acceptor);
        var good = tcp.connect();
        var bad = tcp.connect()) {
      good.getOutputStream().write('y');
      bad.getOutputStream().write('x');

      assertThat(bad.getInputStream().read()).isEqualTo(-1);
      Awaitility.await().atMost(WireRecorder.SOON).until(() -> tcp.listener().connections() == 1);
    }
  }

  @Test
  void givenTaskThatThrows_whenRun_thenItsWireEnds() throws Exception {
    var recorder = new WireRecorder();
    try (var tcp = TcpFixture.open(recorder);
        var client = tcp.connect()) {
      var wire = recorder.next();
      wire.wire
          .executor()
          .execute(
              () -> {
                throw new IllegalStateException("a fault of ours, thrown on purpose");
              });

      assertThat(client.getInputStream().read()).isEqualTo(-1);
      wire.awaitClosed();
    }
  }

  @Test
  void givenLimits_whenTheyContradict_thenRefused() {
    assertThatThrownBy(() -> new WireLimits(2, 1, 3, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new WireLimits(-1, 1, 3, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new WireLimits(0, 4, 3, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void awaitNone(TcpFixture tcp) {
    Awaitility.await().atMost(WireRecorder.SOON).until(() -> tcp.listener().connections() == 0);
  }

  /** A handler that does nothing. */
  private abstract static class Unconcerned implements ByteWire.Handler {
    @Override
    public void received(ByteBuffer bytes) {}

    @Override
    public void receivedAll() {}

    @Override
    public void writable() {}

    @Override
    public void closed() {}
  }
}
