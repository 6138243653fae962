package org.parley.edge;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that check passwords, which is slow on purpose: few, so that many clients that log in at
 * a time leave the processors to those that have. More than wait here are rejected.
 */
final class PasswordWorkers implements Executor {
  private final ThreadPoolExecutor executor;

  /**
   * @param mostWaiting that wait for a thread
   */
  PasswordWorkers(int mostWaiting) {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    var loader = PasswordWorkers.class.getClassLoader();
    executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(mostWaiting),
            task -> {
              var thread = new Thread(task, "parley-password");
              thread.setDaemon(true);
              thread.setContextClassLoader(loader);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  void stop() {
    executor.shutdownNow();
  }
}
