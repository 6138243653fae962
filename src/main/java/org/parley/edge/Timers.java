package org.parley.edge;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The broker's regular work, on a few threads of its own; none of it blocks for long. */
final class Timers {
  private static final Logger LOG = System.getLogger(Timers.class.getName());

  /** So many that one slow task, such as reading a large CRL, does not hold up a new policy. */
  private static final int THREADS = 4;

  private final ScheduledThreadPoolExecutor executor;

  Timers() {
    var loader = Timers.class.getClassLoader();
    executor =
        new ScheduledThreadPoolExecutor(
            THREADS,
            task -> {
              var thread = new Thread(task, "parley-timer");
              thread.setDaemon(true);
              thread.setContextClassLoader(loader);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
  }

  /** Runs a task again and again; one that fails is logged, and runs again next time. */
  void every(Duration period, Runnable task) {
    var _ =
        executor.scheduleWithFixedDelay(
            () -> run(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Runs a task once; not at all after {@link #stop}. */
  void after(Duration delay, Runnable task) {
    try {
      var _ = executor.schedule(() -> run(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      LOG.log(Level.DEBUG, "stopped meanwhile");
    }
  }

  /** Ends it all. */
  void stop() {
    executor.shutdownNow();
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      // An executor would never again run what let an error through.
      LOG.log(Level.ERROR, "regular work failed", e);
    }
  }
}
