package org.parley.websocket;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What the WebSocket connections of one application share: limits, counters, buffers, one timer
 * thread, and the list of themselves. Stopped when the application stops.
 */
final class WebSocketRuntime implements Executor {
  private static final Duration LONGEST_SWEEP = Duration.ofSeconds(1);

  private final WebSocketLimits limits;
  private final WebSocketStatistics statistics;
  private final ClassLoader applicationLoader;
  private final InboundBudget inboundBudget;
  private final ReadBuffers readBuffers = new ReadBuffers();
  private final LibertyConnections liberty = new LibertyConnections();
  private final Set<WebSocketConnection> connections = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor timer;
  private volatile boolean stopping;

  WebSocketRuntime(
      WebSocketLimits limits, WebSocketStatistics statistics, ClassLoader applicationLoader) {
    this.limits = limits;
    this.statistics = statistics;
    this.applicationLoader = applicationLoader;
    this.inboundBudget = new InboundBudget(limits.inboundBudgetBytes());
    this.timer = new ScheduledThreadPoolExecutor(1, this::timerThread);
    timer.setRemoveOnCancelPolicy(true);
    // Named here so that its class is there at the stop, when the WAR's file may be gone.
    Objects.requireNonNull(WebSocketConnection.OPENING);
  }

  /** Starts the watchdog over writes that make no progress and messages that take too long. */
  void start() {
    long shortest = Math.min(limits.writeTimeout().toMillis(), limits.messageTimeout().toMillis());
    long period = Math.min(shortest / 8 + 1, LONGEST_SWEEP.toMillis());
    Future<?> watchdog =
        timer.scheduleWithFixedDelay(this::endTardy, period, period, TimeUnit.MILLISECONDS);
    assert !watchdog.isDone();
  }

  WebSocketLimits limits() {
    return limits;
  }

  WebSocketStatistics statistics() {
    return statistics;
  }

  InboundBudget inboundBudget() {
    return inboundBudget;
  }

  ReadBuffers readBuffers() {
    return readBuffers;
  }

  LibertyConnections liberty() {
    return liberty;
  }

  boolean stopping() {
    return stopping;
  }

  long nanoTime() {
    return System.nanoTime();
  }

  /** Runs a task on a virtual thread of its own that sees the application's classes. */
  @Override
  public void execute(Runnable task) {
    Thread thread = Thread.ofVirtual().name("parley-websocket").unstarted(task);
    thread.setContextClassLoader(applicationLoader);
    thread.start();
  }

  /** Runs a task after a delay, on a thread of its own; at once when the runtime has stopped. */
  Future<?> after(Duration delay, Runnable task) {
    try {
      return timer.schedule(() -> execute(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopped) {
      execute(task);
      return CompletableFuture.completedFuture(null);
    }
  }

  void opened(WebSocketConnection connection) {
    connections.add(connection);
    statistics.upgraded();
  }

  void ended(WebSocketConnection connection, boolean closingHandshakeCompleted) {
    if (connections.remove(connection)) {
      statistics.ended(closingHandshakeCompleted);
    }
  }

  /**
   * Closes every connection with 1001 and aborts what is left after the close timeout. Returns when
   * every endpoint knows, or after three close timeouts.
   */
  void stop() {
    stopping = true;
    Set<WebSocketConnection> all = Set.copyOf(connections);
    all.forEach(connection -> execute(connection::goAway));
    awaitEnd(all, limits.closeTimeout().multipliedBy(2));
    all.forEach(connection -> execute(connection::abort));
    awaitEnd(all, limits.closeTimeout());
    timer.shutdownNow();
  }

  private void awaitEnd(Set<WebSocketConnection> all, Duration patience) {
    long deadline = nanoTime() + patience.toNanos();
    try {
      for (WebSocketConnection connection : all) {
        if (!connection.awaitEnd(Duration.ofNanos(Math.max(0, deadline - nanoTime())))) {
          return;
        }
      }
    } catch (InterruptedException stopNow) {
      Thread.currentThread().interrupt();
    }
  }

  private void endTardy() {
    long now = nanoTime();
    long allowed = limits.writeTimeout().toNanos();
    long forMessage = limits.messageTimeout().toNanos();
    for (WebSocketConnection connection : connections) {
      if (connection.stalledNanos(now) > allowed) {
        execute(connection::writeTimedOut);
      } else if (connection.unfinishedNanos(now) > forMessage) {
        execute(connection::messageTimedOut);
      }
    }
  }

  private Thread timerThread(Runnable task) {
    Thread thread = new Thread(task, "parley-websocket-timer");
    thread.setDaemon(true);
    thread.setContextClassLoader(applicationLoader);
    return thread;
  }
}
