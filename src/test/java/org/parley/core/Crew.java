package org.parley.core;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/** Threads that start together; what one of them throws fails the test. */
public final class Crew {
  private static final long PATIENCE_SECONDS = 60;

  private Crew() {}

  /** Runs a task on so many threads, each with its number, and waits for all. */
  public static void run(int threads, IntConsumer task) {
    var start = new CountDownLatch(1);
    var ends = new ArrayList<Future<?>>();
    try (var executor = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        int number = i;
        ends.add(
            executor.submit(
                () -> {
                  start.await();
                  task.accept(number);
                  return null;
                }));
      }
      start.countDown();
      for (var end : ends) {
        end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
