package org.parley.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.parley.core.OutboundQueue.Bounds;
import org.parley.core.OutboundQueue.Done;
import org.parley.core.OutboundQueue.Offer;

class OutboundQueueConcurrencyTest {
  private static final int THREADS = 8;
  private static final int EACH = 5_000;
  private static final Bounds WIDE = new Bounds(1_000_000, Long.MAX_VALUE);

  private final ByteBudget budget = new ByteBudget(1_000_000_000);

  /** Ends every third write within the call, the others on another thread. */
  private static final class MixedWire implements OutboundQueue.Wire {
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final AtomicInteger writing = new AtomicInteger();
    private final AtomicInteger overlaps = new AtomicInteger();
    private final List<String> written = new ArrayList<>();

    @Override
    public void write(Outbound message, Done done) {
      if (writing.incrementAndGet() > 1) {
        overlaps.incrementAndGet();
      }
      written.add(((Outbound.Text) message).text());
      if (written.size() % 3 == 0) {
        end(done);
      } else {
        executor.execute(() -> end(done));
      }
    }

    private void end(Done done) {
      writing.decrementAndGet();
      done.written(true);
    }

    List<String> writtenWhenIdle(OutboundQueue queue) throws InterruptedException {
      while (queue.depth() > 0) {
        Thread.onSpinWait();
      }
      executor.shutdown();
      assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      return written;
    }
  }

  @Test
  void givenManyThreads_whenTheyOffer_thenNoneLostNoneDoubledAndEachThreadsOrderKept()
      throws InterruptedException {
    var wire = new MixedWire();
    var queue = new OutboundQueue(WIDE, budget, new WireMeter(0), wire, () -> {});

    Crew.run(
        THREADS,
        thread -> {
          for (int i = 0; i < EACH; i++) {
            assertThat(queue.offer(Outbound.Text.of(thread + ":" + i))).isEqualTo(Offer.QUEUED);
          }
        });

    var written = wire.writtenWhenIdle(queue);
    assertThat(wire.overlaps).hasValue(0);
    assertThat(written).hasSize(THREADS * EACH);
    for (int thread = 0; thread < THREADS; thread++) {
      var prefix = thread + ":";
      assertThat(written.stream().filter(text -> text.startsWith(prefix)))
          .isEqualTo(IntStream.range(0, EACH).mapToObj(i -> prefix + i).toList());
    }
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void givenManyThreads_whenClosedInTheMiddle_thenTheBudgetIsReleasedExactly()
      throws InterruptedException {
    for (int round = 0; round < 20; round++) {
      var wire = new MixedWire();
      var queue = new OutboundQueue(WIDE, budget, new WireMeter(0), wire, () -> {});
      var queued = new AtomicInteger();

      Crew.run(
          THREADS,
          thread -> {
            for (int i = 0; i < 500; i++) {
              if (thread == 0 && i == 250) {
                queue.close();
              } else if (queue.offer(Outbound.Text.of("m")) == Offer.QUEUED) {
                queued.incrementAndGet();
              }
            }
          });

      assertThat(wire.writtenWhenIdle(queue)).hasSizeLessThanOrEqualTo(queued.get());
      assertThat(wire.overlaps).hasValue(0);
      assertThat(budget.usedBytes()).isZero();
      assertThat(queue.bytes()).isZero();
    }
  }
}
