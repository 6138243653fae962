package org.parley.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Event;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.StateLimits;
import org.parley.mqtt.state.StateMachine;

class MemoryCommitLogTest {
  private static final StateLimits LIMITS =
      new StateLimits(5_000, 10, 10_000, StateLimits.Overflow.DROP_NEW, 10, 10, 10_000);

  private final StateMachine state = new StateMachine(LIMITS);
  private final List<Command> told = new ArrayList<>();
  private long now = 1_000_000;
  private CommitLog.@Nullable Listener also;
  private final MemoryCommitLog log =
      new MemoryCommitLog(state, () -> Instant.ofEpochMilli(now), this::applied);

  private void applied(Command command, List<Event> events) {
    told.add(command);
    if (also != null) {
      also.applied(command, events);
    }
  }

  private static Command.Attach attach(String clientId, long expiry, long delay) {
    var will =
        new Will(
            TopicName.of("w"),
            BinaryData.EMPTY,
            QoS.AT_MOST_ONCE,
            false,
            delay,
            MessageProperties.NONE);
    var owner = new Owner(Optional.empty(), Optional.empty(), "mqtt-v5", "tcp", "192.0.2.1");
    return new Command.Attach(clientId, 1, true, expiry, 10, owner, Optional.of(will));
  }

  private static Command.Detach detach(String clientId, long epoch) {
    return new Command.Detach(clientId, epoch, OptionalLong.empty(), true);
  }

  @Test
  void givenCommand_whenSubmitted_thenToldBeforeTheCallReturns() {
    log.submit(attach("c", 10, 0));

    assertThat(told).containsExactly(attach("c", 10, 0));
    assertThat(state.onlineCount()).isOne();
  }

  @Test
  void givenListenerThatSubmits_whenTold_thenItsCommandComesAfterTheOneAtWork() {
    also =
        (command, events) -> {
          for (var event : events) {
            if (event instanceof Event.WillDue due) {
              log.submit(new Command.PublishWill(due.id()));
              log.tick();
              assertThat(told.getLast()).isEqualTo(command);
            }
          }
        };
    log.submit(attach("c", 0, 0));
    log.submit(detach("c", 1));

    assertThat(told).hasSize(3);
    assertThat(told.getLast()).isInstanceOf(Command.PublishWill.class);
  }

  @Test
  void givenListenerThatFails_whenMoreWaits_thenItIsAppliedAllTheSame() {
    also =
        (command, events) -> {
          also = null;
          log.submit(new Command.Tick());
          throw new IllegalStateException("a fault of the listener");
        };

    assertThatThrownBy(() -> log.submit(attach("c", 0, 0)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(told).hasSize(2);

    log.submit(new Command.Tick());
    assertThat(told).hasSize(3);
  }

  @Test
  void givenListenerThatRunsOutOfMemory_whenMoreIsSubmitted_thenItIsApplied() {
    also =
        (command, events) -> {
          also = null;
          throw new OutOfMemoryError("as the test wants it");
        };

    assertThatThrownBy(() -> log.submit(attach("c", 0, 0))).isInstanceOf(OutOfMemoryError.class);
    log.submit(new Command.Tick());

    assertThat(told).hasSize(2);
  }

  @Test
  void givenClockThatGoesBack_whenTimeIsToldAgain_thenNothingBecomesUndone() {
    log.submit(attach("c", 10, 100));
    log.submit(detach("c", 1));
    now += 10_000;
    log.submit(attach("other", 10, 0));
    now -= 9_000;

    log.tick();

    assertThat(state.session("c")).isNull();
  }

  @Test
  void givenMuchIsDue_whenTicked_thenAllOfItInParts() {
    for (int i = 1; i <= 2_500; i++) {
      log.submit(attach("c" + i, 1, 0));
      log.submit(detach("c" + i, i));
    }
    told.clear();
    log.tick();
    assertThat(told).isEmpty();
    now += 1_000;

    log.tick();

    assertThat(told).hasSize(3);
    assertThat(state.sessionCount()).isZero();
  }

  @Test
  void givenClosed_whenSubmitted_thenNothingHappens() {
    log.close();

    log.submit(attach("c", 10, 0));
    log.tick();

    assertThat(told).isEmpty();
    assertThat(state.sessionCount()).isZero();
  }

  @Test
  void givenManyThreads_whenTheySubmit_thenOneOrderForAll() throws InterruptedException {
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        int thread = i;
        threads.execute(
            () -> {
              for (int j = 0; j < 500; j++) {
                log.submit(attach("c" + thread + "-" + j, 100, 0));
              }
            });
      }
      threads.shutdown();
      assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(told).hasSize(2_000);
    assertThat(state.onlineCount()).isEqualTo(2_000);
  }
}
