package org.parley.edge.mqtt;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after the other, without a thread of its own while there are none. Who brings a
 * task and finds nobody at work may become the owner on its own thread, by {@link #call}.
 */
final class OwnerQueue implements Executor {
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Tasks that were brought and are not done; above 0 somebody is the owner. */
  private final AtomicInteger undone = new AtomicInteger();

  private final Executor threads;

  /**
   * @param threads runs the owner when there is none; one thread for each call
   */
  OwnerQueue(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (undone.getAndIncrement() == 0) {
      threads.execute(() -> runAll(1));
    }
  }

  /** Runs a task and returns when it is done; what others bring meanwhile is run here, too. */
  void call(Runnable task) {
    if (undone.compareAndSet(0, 1)) {
      try {
        task.run();
      } finally {
        runAll(undone.decrementAndGet());
      }
      return;
    }
    var done = new CountDownLatch(1);
    tasks.add(
        () -> {
          try {
            task.run();
          } finally {
            done.countDown();
          }
        });
    if (undone.getAndIncrement() == 0) {
      runAll(1);
    }
    awaitUninterruptibly(done);
  }

  /** The task may use what belongs to the caller: an interrupt has to wait for its end. */
  private static void awaitUninterruptibly(CountDownLatch done) {
    boolean interrupted = false;
    while (done.getCount() > 0) {
      try {
        done.await();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * As the owner: runs what there is until there is nothing more.
   *
   * @param count tasks that are in the queue for certain
   */
  private void runAll(int count) {
    int ready = count;
    while (ready > 0) {
      for (int i = 0; i < ready; i++) {
        var task = tasks.poll();
        if (task != null) {
          task.run();
        }
      }
      ready = undone.addAndGet(-ready);
    }
  }
}
