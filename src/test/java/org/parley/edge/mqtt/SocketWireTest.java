package org.parley.edge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.core.ByteWire;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.UnwiredBroker;
import org.parley.transport.WireLimits;

/** A wire over a WebSocket: who runs the handler, frames in and out, marks, the end. */
class SocketWireTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final ByteWire.Peer PEER = new ByteWire.Peer("wss", "192.0.2.1", 4711, List.of());
  private static final WireLimits LIMITS = new WireLimits(10, 20, 40, Duration.ofSeconds(1));

  private final RecordingSession session = new RecordingSession();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private Consumer<ByteBuffer> onReceived = _ -> {};

  private SocketWire open() {
    var sockets = new MqttSockets(new MqttService(this::accept, () -> {}), LIMITS, 1);
    return sockets.open(session.session(), PEER);
  }

  private ByteWire.Handler accept(ByteWire wire) {
    event("open");
    return new ByteWire.Handler() {
      @Override
      public void received(ByteBuffer bytes) {
        event("received " + bytes.remaining());
        onReceived.accept(bytes);
      }

      @Override
      public void receivedAll() {
        event("all");
      }

      @Override
      public void writable() {
        event("writable");
      }

      @Override
      public void closed() {
        event("closed");
      }
    };
  }

  private void event(String name) {
    threads.add(Thread.currentThread());
    events.add(name);
  }

  private void awaitEvents(String... names) {
    Awaitility.await().atMost(SOON).untilAsserted(() -> assertThat(events).containsExactly(names));
  }

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count);
  }

  /** Runs something as the owner of the wire, and waits for it. */
  private static void own(SocketWire wire, Runnable task) throws InterruptedException {
    var done = new CountDownLatch(1);
    wire.executor()
        .execute(
            () -> {
              task.run();
              done.countDown();
            });
    assertThat(done.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void givenMessages_whenReceived_thenHandledByTheThreadThatReads() {
    var wire = open();

    wire.received(bytes(3));
    wire.received(bytes(0));
    wire.received(bytes(1));

    assertThat(events).containsExactly("open", "received 3", "all", "received 1", "all");
    assertThat(threads).containsOnly(Thread.currentThread());
    assertThat(wire.peer()).isEqualTo(PEER);
  }

  @Test
  void givenTaskOfAHandler_whenTheRoundEnds_thenItRunsAfterIt() {
    var wire = open();
    onReceived = _ -> wire.executor().execute(() -> event("task"));

    wire.received(bytes(1));

    assertThat(events).startsWith("open", "received 1").contains("task", "all");
    assertThat(threads).containsOnly(Thread.currentThread());
  }

  @Test
  void givenNobodyReads_whenTaskComes_thenAVirtualThreadRunsIt() throws InterruptedException {
    var wire = open();

    own(wire, () -> event("task"));

    assertThat(threads.getLast().isVirtual()).isTrue();
  }

  @Test
  void givenReadingOff_whenBytesCome_thenTheReaderWaitsUntilItIsOn() throws InterruptedException {
    var wire = open();
    own(wire, () -> wire.reading(false));

    var reader = Thread.ofVirtual().start(() -> wire.received(bytes(2)));
    assertThat(reader.join(Duration.ofMillis(200))).isFalse();
    assertThat(events).containsExactly("open");

    own(wire, () -> wire.reading(true));
    assertThat(reader.join(SOON)).isTrue();
    assertThat(events).containsExactly("open", "received 2", "all");
  }

  @Test
  void givenReadingOff_whenClosed_thenTheReaderIsLetGoForGood() throws InterruptedException {
    var wire = open();
    own(wire, () -> wire.reading(false));
    var reader = Thread.ofVirtual().start(() -> wire.received(bytes(2)));

    assertThat(wire.closed()).isTrue();
    assertThat(reader.join(SOON)).isTrue();
    own(wire, () -> wire.reading(false));
    wire.received(bytes(1));

    awaitEvents("open", "closed");
  }

  @Test
  void givenWrites_whenMade_thenEachIsOneFrame() throws InterruptedException {
    var wire = open();
    own(
        wire,
        () -> {
          wire.write(ByteBuffer.wrap(new byte[] {1, 2}));
          wire.write(ByteBuffer.wrap(new byte[] {3}));
        });

    assertThat(session.frames).containsExactly(new byte[] {1, 2}, new byte[] {3});
    assertThat(wire.unsentBytes()).isEqualTo(3);
    session.send(2);
    assertThat(wire.unsentBytes()).isZero();
  }

  @Test
  void givenMoreThanHigh_whenSentDownToLow_thenToldOnce() throws InterruptedException {
    var wire = open();
    var writable = new ArrayList<Boolean>();
    own(
        wire,
        () -> {
          wire.write(bytes(10));
          wire.write(bytes(10));
          writable.add(wire.writable());
          wire.write(bytes(1));
          writable.add(wire.writable());
        });
    assertThat(writable).containsExactly(true, false);

    session.send(1); // 11 left: under high, over low
    own(wire, () -> writable.add(wire.writable()));
    assertThat(writable).containsExactly(true, false, false);
    assertThat(events).containsExactly("open");

    session.send(1);
    awaitEvents("open", "writable");
    session.send(1);
    own(wire, () -> writable.add(wire.writable()));
    assertThat(writable).endsWith(true);
    assertThat(events).containsExactly("open", "writable");
  }

  @Test
  void givenSentBeforeAskedAgain_whenWritable_thenNobodyIsTold() throws InterruptedException {
    var wire = open();
    own(
        wire,
        () -> {
          wire.write(bytes(21));
          session.send(1);
          assertThat(wire.writable()).isTrue();
        });

    assertThat(events).containsExactly("open");
  }

  @Test
  void givenWriterThatHeedsNothing_whenBeyondTheLimit_thenClosed() throws InterruptedException {
    var wire = open();
    own(
        wire,
        () -> {
          wire.write(bytes(41));
          wire.write(bytes(1));
          wire.write(bytes(1));
        });

    assertThat(session.frames).hasSize(1);
    Awaitility.await().atMost(SOON).until(() -> session.closeCodes.equals(List.of(1011)));
  }

  @Test
  void givenFinish_whenCalled_thenClosed1000AndNothingPassesAnyMore() throws InterruptedException {
    var wire = open();
    own(
        wire,
        () -> {
          wire.write(bytes(1));
          wire.finish();
          wire.finish();
          wire.write(bytes(2));
        });
    wire.received(bytes(3));

    assertThat(session.frames).hasSize(1);
    Awaitility.await().atMost(SOON).until(() -> session.closeCodes.equals(List.of(1000)));
    assertThat(events).containsExactly("open");
  }

  @Test
  void givenHandlerThatThrows_whenCalled_thenClosed() {
    var wire = open();
    onReceived =
        _ -> {
          throw new IllegalStateException("a fault of ours, thrown on purpose");
        };

    wire.received(bytes(1));
    wire.received(bytes(1));

    Awaitility.await().atMost(SOON).until(() -> session.closeCodes.equals(List.of(1011)));
    assertThat(events).containsExactly("open", "received 1");
  }

  @Test
  void givenFaultOfTheEngine_whenOpenAndWhenEnded_thenClosedOnce() throws InterruptedException {
    var wire = open();

    wire.failed(new IllegalStateException("a fault, made on purpose"));
    wire.failed(new IllegalStateException("another"));
    own(wire, () -> {});

    Awaitility.await().atMost(SOON).until(() -> session.closeCodes.equals(List.of(1011)));
  }

  @Test
  void givenSessionThatIsClosed_whenWritten_thenNothingWaits() throws InterruptedException {
    var wire = open();
    session.breakDown();

    own(wire, () -> wire.write(bytes(5)));

    assertThat(wire.unsentBytes()).isZero();
  }

  @Test
  void givenWriteThatFails_whenTheEngineTellsSo_thenClosedForTheStreamHasAHole()
      throws InterruptedException {
    var wire = open();
    own(
        wire,
        () -> {
          wire.write(bytes(5));
          wire.write(bytes(6));
        });

    session.fail();
    own(wire, () -> wire.write(bytes(7)));

    assertThat(wire.unsentBytes()).isEqualTo(6);
    assertThat(session.frames).hasSize(2);
    Awaitility.await().atMost(SOON).until(() -> session.closeCodes.equals(List.of(1011)));
  }

  @Test
  void givenWriteThatIsRefused_whenMade_thenClosedForTheStreamHasAHole()
      throws InterruptedException {
    var wire = open();
    session.breakDown();

    own(wire, () -> wire.write(bytes(5)));

    Awaitility.await().atMost(SOON).until(() -> session.closeCodes.equals(List.of(1011)));
  }

  @Test
  void givenClosed_whenToldTwice_thenHandlerOnce() throws InterruptedException {
    var wire = open();

    assertThat(wire.closed()).isTrue();
    assertThat(wire.closed()).isFalse();
    own(wire, () -> wire.write(bytes(1)));

    assertThat(events).containsExactly("open", "closed");
    assertThat(session.frames).isEmpty();
  }

  /** The engine's close frame, which says why, may still wait to be written: it is not cut off. */
  @Test
  @Tag("W20")
  void givenPeerThatIsNobodyYet_whenTheEngineCloses_thenNothingIsAborted() {
    var broker = UnwiredBroker.start(_ -> {}, (_, task) -> task.run());
    var wire = new SocketWire(session.session(), PEER, LIMITS, Runnable::run);
    wire.open(broker.broker());

    assertThat(wire.closed()).isTrue();
    wire.executor().execute(wire::abort); // as the one that has decided it just before

    assertThat(session.closeCodes).isEmpty();
    broker.close();
  }

  /** A Remaining Length that is more than its WebSocket message has: the rest is still to come. */
  @Test
  @Tag("CVE-2026-25627")
  void givenPublishOfWhichOneMessageHasThreeBytes_whenMoreComes_thenNothingElseWasReadForIt() {
    var broker = UnwiredBroker.start(_ -> {}, (_, task) -> task.run());
    var limits = new WireLimits(64 * 1024, 256 * 1024, 1 << 20, Duration.ofSeconds(1));
    var sockets = new MqttSockets(new MqttService(broker.broker(), () -> {}), limits, 1);
    var wire = sockets.open(session.session(), PEER);
    wire.received(ByteBuffer.wrap(ConnectBytes.v311("c").toByteArray()));
    wire.received(ByteBuffer.wrap(Bytes.hex("82 06 00 01 00 01 74 00")));
    awaitFrames(2);

    var behind = ByteBuffer.wrap(Bytes.hex("30 80 20 00 01 74 EE EE EE EE EE EE")).limit(6);
    wire.received(behind);
    wire.received(ByteBuffer.wrap(new byte[4093 - 1]));
    assertThat(session.frames).hasSize(2);
    wire.received(ByteBuffer.wrap(new byte[1]));

    awaitFrames(3);
    assertThat(session.frames.getLast())
        .isEqualTo(PublishBytes.of("t", new byte[4093]).toByteArray(ProtocolVersion.V3_1_1));
    broker.close();
  }

  private void awaitFrames(int count) {
    Awaitility.await().atMost(SOON).untilAsserted(() -> assertThat(session.frames).hasSize(count));
  }

  @Test
  void givenSockets_whenOpenedAndClosed_thenCounted() {
    var sockets = new MqttSockets(new MqttService(this::accept, () -> {}), LIMITS, 1);
    assertThat(sockets.full()).isFalse();

    var wire = sockets.open(session.session(), PEER);
    assertThat(sockets.connections()).isEqualTo(1);
    assertThat(sockets.full()).isTrue();

    sockets.closed(wire);
    sockets.closed(wire); // by its opening, which found it closed, and by the engine
    assertThat(sockets.connections()).isZero();
    awaitEvents("open", "closed");
  }
}
