package org.parley.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Event;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.StateLimits;
import org.parley.mqtt.state.StateMachine;

/** What is true of this log alone: all is done before the call returns. */
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

  private static Command.Attach attach() {
    var owner = new Owner(Optional.empty(), Optional.empty(), "mqtt-v5", "tcp", "192.0.2.1");
    return new Command.Attach("c", 1, true, 10, 10, owner, Optional.empty());
  }

  @Test
  void givenCommand_whenSubmitted_thenToldBeforeTheCallReturns() {
    log.submit(attach());

    assertThat(told).containsExactly(attach());
    assertThat(state.onlineCount()).isOne();
  }

  @Test
  void givenListenerThatFails_whenMoreWaits_thenItIsAppliedAllTheSame() {
    also =
        (command, events) -> {
          also = null;
          log.submit(new Command.Tick());
          throw new IllegalStateException("a fault of the listener");
        };

    assertThatThrownBy(() -> log.submit(attach())).isInstanceOf(IllegalStateException.class);
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

    assertThatThrownBy(() -> log.submit(attach())).isInstanceOf(OutOfMemoryError.class);
    log.submit(new Command.Tick());

    assertThat(told).hasSize(2);
  }
}
