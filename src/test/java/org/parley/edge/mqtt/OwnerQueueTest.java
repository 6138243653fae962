package org.parley.edge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One owner at a time, whoever it is. */
@Timeout(60)
class OwnerQueueTest {
  private static final int THREADS = 4;
  private static final int TASKS = 5_000;

  @Test
  void givenManyThreads_whenTheyBringTasksInBothWays_thenAllRunOneAfterTheOther() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var queue = new OwnerQueue(threads);
      var inside = new AtomicInteger();
      var overlaps = new AtomicInteger();
      var order = new ArrayList<List<Integer>>(); // belongs to the owner
      var done = new CountDownLatch(THREADS * TASKS);
      for (int t = 0; t < THREADS; t++) {
        order.add(new ArrayList<>());
      }
      for (int t = 0; t < THREADS; t++) {
        int thread = t;
        threads.execute(
            () -> {
              for (int i = 0; i < TASKS; i++) {
                int number = i;
                Runnable task =
                    () -> {
                      overlaps.addAndGet(inside.getAndIncrement());
                      order.get(thread).add(number);
                      inside.decrementAndGet();
                      done.countDown();
                    };
                if (number % 3 == 0) {
                  queue.call(task);
                } else {
                  queue.execute(task);
                }
              }
            });
      }

      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(overlaps).hasValue(0);
      queue.call(() -> assertThat(order).allSatisfy(OwnerQueueTest::assertInOrder));
    }
  }

  private static void assertInOrder(List<Integer> numbers) {
    assertThat(numbers).hasSize(TASKS).isSorted();
  }

  @Test
  void givenOwnerAtWork_whenCalled_thenTheCallerWaitsEvenIfInterrupted() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var queue = new OwnerQueue(threads);
      var started = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      queue.execute(
          () -> {
            started.countDown();
            await(release);
          });
      started.await();
      var interrupted = new ArrayList<Boolean>();
      var ran = new AtomicInteger();
      var caller =
          Thread.ofVirtual()
              .start(
                  () -> {
                    queue.call(ran::incrementAndGet);
                    interrupted.add(Thread.currentThread().isInterrupted());
                  });
      caller.interrupt();
      assertThat(caller.join(java.time.Duration.ofMillis(100))).isFalse();

      release.countDown();
      caller.join();

      assertThat(ran).hasValue(1);
      assertThat(interrupted).containsExactly(true);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void givenCaller_whenOthersBringTasksMeanwhile_thenItRunsThem() {
    var queue =
        new OwnerQueue(
            _ -> {
              throw new AssertionError("no thread is needed");
            });
    var order = new ArrayList<Integer>();

    queue.call(
        () -> {
          queue.execute(() -> order.add(2));
          queue.execute(() -> order.add(3));
          order.add(1);
        });

    assertThat(order).containsExactly(1, 2, 3);
  }
}
