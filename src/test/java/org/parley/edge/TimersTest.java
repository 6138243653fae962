package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.CloseReason;
import org.parley.core.RecordingConnection;
import org.parley.session.ClientUri;
import org.parley.session.ConcurrentSessionRegistry;
import org.parley.session.TestSessions;

/** Timers, and the drain that runs on them. */
class TimersTest {
  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Logger QUIET = Logger.getLogger(Timers.class.getName());

  static {
    QUIET.setLevel(Level.OFF);
  }

  private final Timers timers = new Timers();
  private final ConcurrentSessionRegistry registry = new ConcurrentSessionRegistry(10);

  @AfterEach
  void stop() {
    timers.stop();
  }

  private static boolean reached(CountDownLatch latch) throws InterruptedException {
    return latch.await(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(classes = {IllegalStateException.class, StackOverflowError.class})
  void givenTaskThatFails_whenItIsDueAgain_thenItRunsAgain(Class<? extends Throwable> failure)
      throws InterruptedException {
    var runs = new CountDownLatch(3);

    timers.every(
        SOON,
        () -> {
          runs.countDown();
          if (failure == StackOverflowError.class) {
            throw new StackOverflowError("planted");
          }
          throw new IllegalStateException("planted");
        });

    assertThat(reached(runs)).isTrue();
  }

  @Test
  void givenTask_whenItsTimeComes_thenItRunsOnADaemonThread() throws InterruptedException {
    var daemon = new CountDownLatch(1);

    timers.after(
        SOON,
        () -> {
          if (Thread.currentThread().isDaemon()) {
            daemon.countDown();
          }
        });

    assertThat(reached(daemon)).isTrue();
  }

  @Test
  void givenStoppedTimers_whenATaskIsGiven_thenRefusedWithoutFailure() throws Exception {
    timers.stop();
    var ran = new CountDownLatch(1);

    timers.after(Duration.ZERO, ran::countDown);

    assertThat(ran.await(20, TimeUnit.MILLISECONDS)).isFalse();
  }

  @Test
  void givenSessions_whenDrained_thenEachIsToldThatTheBrokerStops() {
    var wires = new RecordingConnection[20];
    for (int i = 0; i < wires.length; i++) {
      wires[i] = new RecordingConnection();
      registry.associate(TestSessions.session(new ClientUri("c" + i, "agent"), wires[i]));
    }

    new Drain(registry, timers).run(LONG, LONG);

    assertThat(wires)
        .allSatisfy(wire -> assertThat(wire.closedFor()).contains(CloseReason.STOPPING));
  }

  @Test
  void givenNoSpread_whenDrained_thenToldAtOnce() {
    var wire = new RecordingConnection();
    registry.associate(TestSessions.session(new ClientUri("a", "agent"), wire));

    new Drain(registry, timers).run(Duration.ZERO, LONG);

    assertThat(wire.closedFor()).contains(CloseReason.STOPPING);
  }

  @Test
  void givenTimersThatAreStopped_whenDrained_thenTheWaitEnds() {
    var wire = new RecordingConnection();
    registry.associate(TestSessions.session(new ClientUri("a", "agent"), wire));
    timers.stop();

    new Drain(registry, timers).run(Duration.ofMillis(5), Duration.ofMillis(5));

    assertThat(wire.closedFor()).isEmpty();
  }

  @Test
  void givenNobody_whenDrained_thenDoneAtOnce() {
    timers.stop();

    new Drain(registry, timers).run(LONG, LONG);

    assertThat(registry.size()).isZero();
  }
}
