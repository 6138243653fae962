package org.parley.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.parley.core.OutboundQueue.Bounds;
import org.parley.core.OutboundQueue.Done;
import org.parley.core.OutboundQueue.Offer;

/** What becomes of messages that wait when their connection ends. */
class OutboundQueueLossTest {
  private final ByteBudget budget = new ByteBudget(1000);
  private final ArrayDeque<Done> inFlight = new ArrayDeque<>();
  private final List<String> lost = new ArrayList<>();
  private final OutboundQueue queue =
      new OutboundQueue(
          new Bounds(100, 1000),
          budget,
          new WireMeter(0),
          (_, done) -> inFlight.add(done),
          () -> {});

  private Offer offer(String text) {
    return queue.offer(Outbound.Text.of(text), () -> lost.add(text));
  }

  @Test
  void givenWaitingMessages_whenClosed_thenEachIsReportedLostOnceInOrder() {
    offer("in flight");
    offer("second");
    offer("third");

    queue.close();
    queue.close();

    assertThat(lost).containsExactly("second", "third");
  }

  @Test
  void givenMessageInFlight_whenItsWriteFails_thenItAndTheWaitingAreReportedLost() {
    offer("in flight");
    offer("second");

    inFlight.remove().written(false);

    assertThat(lost).containsExactlyInAnyOrder("in flight", "second");
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void givenMessageInFlight_whenClosedAndThenWritten_thenItIsNotLost() {
    offer("in flight");
    queue.close();

    inFlight.remove().written(true);

    assertThat(lost).isEmpty();
  }

  @Test
  void givenClosedQueue_whenOffered_thenTheOfferTellsAndNothingIsReported() {
    queue.close();

    assertThat(offer("late")).isEqualTo(Offer.CLOSED);
    assertThat(lost).isEmpty();
  }

  @Test
  void givenFinishedQueue_whenTheRestIsWritten_thenNothingIsLostAndItIsEmpty() {
    offer("first");
    offer("second");

    queue.finish();

    assertThat(offer("late")).isEqualTo(Offer.CLOSED);
    assertThat(queue.awaitEmpty(Duration.ZERO)).isFalse();
    inFlight.remove().written(true);
    inFlight.remove().written(true);
    assertThat(queue.awaitEmpty(Duration.ZERO)).isTrue();
    assertThat(lost).isEmpty();
  }
}
