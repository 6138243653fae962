package org.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.parley.core.OutboundQueue.Bounds;
import org.parley.core.OutboundQueue.Done;
import org.parley.core.OutboundQueue.Offer;

class OutboundQueueTest {
  private static final Bounds WIDE = new Bounds(2_000_000, Long.MAX_VALUE);

  private final ByteBudget budget = new ByteBudget(1_000_000_000);
  private final WireMeter meter = new WireMeter(0);
  private final RecordingWire wire = new RecordingWire();
  private final AtomicInteger failures = new AtomicInteger();

  private OutboundQueue queue(Bounds bounds) {
    return new OutboundQueue(bounds, budget, meter, wire, failures::incrementAndGet);
  }

  private static Outbound bytes(int size) {
    return Outbound.Text.of("x".repeat(size));
  }

  private static List<Outbound> numbered(int count) {
    return IntStream.range(0, count).<Outbound>mapToObj(i -> Outbound.Text.of("m" + i)).toList();
  }

  @Test
  void givenIdleQueue_whenOffered_thenWrittenAtOnce() {
    var offer = queue(WIDE).offer(bytes(5));

    assertThat(offer).isEqualTo(Offer.QUEUED);
    assertThat(wire.written()).containsExactly(bytes(5));
  }

  @Test
  void givenWriteInFlight_whenMoreAreOffered_thenTheyWait() {
    var queue = queue(WIDE);
    numbered(3).forEach(queue::offer);

    assertThat(wire.written()).hasSize(1);
    assertThat(queue.depth()).isEqualTo(3);
    assertThat(queue.bytes()).isEqualTo(6);
  }

  @Test
  void givenWaitingMessages_whenEachWriteEnds_thenTheNextIsWrittenInOrder() {
    var queue = queue(WIDE);
    numbered(5).forEach(queue::offer);

    for (int i = 0; i < 5; i++) {
      assertThat(wire.inFlight()).isEqualTo(1);
      wire.end(true);
    }

    assertThat(wire.written()).isEqualTo(numbered(5));
    assertThat(queue.depth()).isZero();
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void givenAsManyMessagesAsAllowed_whenOffered_thenFullUntilOneIsWritten() {
    var queue = queue(new Bounds(3, 1000));
    numbered(3).forEach(queue::offer);

    assertThat(queue.offer(bytes(1))).isEqualTo(Offer.FULL);
    wire.end(true);
    assertThat(queue.offer(bytes(1))).isEqualTo(Offer.QUEUED);
  }

  @ParameterizedTest
  @CsvSource({"10, QUEUED", "11, FULL"})
  void givenByteBound_whenTheSumReachesIt_thenOnlyMoreIsFull(int sum, Offer expected) {
    var queue = queue(new Bounds(100, 10));
    queue.offer(bytes(6));

    assertThat(queue.offer(bytes(sum - 6))).isEqualTo(expected);
  }

  @Test
  void givenEmptyQueue_whenOneMessageIsLargerThanTheBound_thenQueued() {
    assertThat(queue(new Bounds(100, 10)).offer(bytes(11))).isEqualTo(Offer.QUEUED);
  }

  @Test
  void givenMessageInFlight_whenOneLargerThanTheBoundIsOffered_thenFull() {
    var queue = queue(new Bounds(100, 10));
    queue.offer(bytes(0));

    assertThat(queue.offer(bytes(11))).isEqualTo(Offer.FULL);
  }

  @Test
  void givenSharedBudget_whenAnotherQueueUsesIt_thenFullUntilItIsReleased() {
    var shared = new ByteBudget(10);
    var otherWire = new RecordingWire();
    var other = new OutboundQueue(WIDE, shared, meter, otherWire, () -> {});
    var queue = new OutboundQueue(WIDE, shared, meter, wire, () -> {});
    other.offer(bytes(8));

    assertThat(queue.offer(bytes(3))).isEqualTo(Offer.FULL);
    otherWire.end(true);
    assertThat(queue.offer(bytes(3))).isEqualTo(Offer.QUEUED);
  }

  @Test
  void givenFullQueue_whenOffered_thenNothingOfItIsKept() {
    var queue = queue(new Bounds(1, 1000));
    queue.offer(bytes(7));

    queue.offer(bytes(100));

    assertThat(queue.depth()).isEqualTo(1);
    assertThat(queue.bytes()).isEqualTo(7);
    assertThat(budget.usedBytes()).isEqualTo(7);
  }

  @Test
  void givenMillionMessages_whenEachWriteEndsWithinItsCall_thenTheStackDoesNotGrow() {
    var queue = queue(WIDE);
    queue.offer(bytes(1));
    for (int i = 0; i < 1_000_000; i++) {
      queue.offer(bytes(1));
    }
    wire.endInline();

    wire.end(true);

    assertThat(wire.written()).hasSize(1_000_001);
    assertThat(budget.usedBytes()).isZero();
    assertThat(meter.messagesOut()).isEqualTo(1_000_001);
  }

  @Test
  void givenMillionMessages_whenEachWriteEndsLater_thenTheStackDoesNotGrow() {
    var queue = queue(WIDE);
    for (int i = 0; i < 1_000_000; i++) {
      queue.offer(bytes(1));
    }

    for (int i = 0; i < 1_000_000; i++) {
      wire.end(true);
    }

    assertThat(wire.written()).hasSize(1_000_000);
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void givenWaitingMessages_whenAWriteFails_thenFailureIsToldOnceAndTheRestForgotten() {
    var queue = queue(WIDE);
    numbered(3).forEach(queue::offer);

    wire.end(false);

    assertThat(failures).hasValue(1);
    assertThat(wire.written()).hasSize(1);
    assertThat(budget.usedBytes()).isZero();
    assertThat(queue.offer(bytes(1))).isEqualTo(Offer.CLOSED);
    assertThat(meter.messagesOut()).isZero();
  }

  @Test
  void givenWriteInFlight_whenClosed_thenOnlyItsBytesStayInTheBudgetUntilItEnds() {
    var queue = queue(WIDE);
    queue.offer(bytes(7));
    queue.offer(bytes(100));

    queue.close();

    assertThat(budget.usedBytes()).isEqualTo(7);
    assertThat(queue.depth()).isEqualTo(1);
    wire.end(true);
    assertThat(budget.usedBytes()).isZero();
    assertThat(queue.depth()).isZero();
    assertThat(wire.written()).hasSize(1);
  }

  @Test
  void givenClosedQueue_whenOffered_thenClosed() {
    var queue = queue(WIDE);
    queue.close();
    queue.close();

    assertThat(queue.offer(bytes(1))).isEqualTo(Offer.CLOSED);
    assertThat(wire.written()).isEmpty();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void givenWireThatTellsTheEndTwice_whenMessagesWait_thenTheSecondTellingDoesNothing() {
    var queue = queue(WIDE);
    numbered(3).forEach(queue::offer);
    Done first = wire.done();
    wire.end(true);

    first.written(true);

    assertThat(wire.inFlight()).isEqualTo(1);
    assertThat(budget.usedBytes()).isEqualTo(4);
    assertThat(meter.messagesOut()).isEqualTo(1);
  }

  @Test
  void givenWireThatConsumesTheBuffer_whenWritten_thenTheBudgetIsReleasedWhole() {
    OutboundQueue.Wire consuming =
        (message, done) -> {
          if (message instanceof Outbound.Binary(var payload)) {
            payload.get(new byte[payload.remaining()]);
          }
          done.written(true);
        };
    var queue = new OutboundQueue(WIDE, budget, meter, consuming, () -> {});

    queue.offer(new Outbound.Binary(ByteBuffer.allocate(10)));

    assertThat(budget.usedBytes()).isZero();
    assertThat(queue.bytes()).isZero();
    assertThat(meter.bytesOut()).isEqualTo(10);
  }

  @Test
  void givenWriteThatOffersMore_whenItEndsWithinTheCall_thenAllIsWrittenInOrder() {
    var written = new ArrayList<Outbound>();
    var queues = new ArrayList<OutboundQueue>();
    OutboundQueue.Wire echoing =
        (message, done) -> {
          written.add(message);
          if (written.size() < 3) {
            queues.getFirst().offer(bytes(written.size() + 1));
          }
          done.written(true);
        };
    queues.add(new OutboundQueue(WIDE, budget, meter, echoing, () -> {}));

    queues.getFirst().offer(bytes(1));

    assertThat(written).containsExactly(bytes(1), bytes(2), bytes(3));
  }

  @ParameterizedTest
  @CsvSource({"2, 0, false", "3, 0, true", "1, 50, false", "1, 51, true"})
  void givenBounds_whenMoreThanHalfOfOneIsUsed_thenOverHalfFull(
      int messages, int size, boolean expected) {
    var queue = queue(new Bounds(4, 100));
    for (int i = 0; i < messages; i++) {
      queue.offer(bytes(size));
    }

    assertThat(queue.overHalfFull()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 0"})
  void givenBoundsWithoutRoom_whenMade_thenRefused(int messages, long bytes) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(messages, bytes));
  }
}
