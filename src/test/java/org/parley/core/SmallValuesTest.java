package org.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.Lifecycle.State;

/** Close reasons, the lifecycle, time and identifiers. */
class SmallValuesTest {

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 999, 5000})
  void givenCodeOutsideRfc6455_whenMade_thenRefused(int code) {
    assertThatIllegalArgumentException().isThrownBy(() -> new CloseReason(code, "no"));
  }

  @Test
  void givenPhraseOf123Bytes_whenMade_thenTaken() {
    assertThat(new CloseReason(1000, "x".repeat(123)).phrase()).hasSize(123);
  }

  @ParameterizedTest
  @CsvSource({"x, 124", "ä, 62", "€, 42"})
  void givenPhraseThatFitsNoCloseFrame_whenMade_thenRefused(String character, int count) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CloseReason(1000, character.repeat(count)));
  }

  @Test
  void givenNewLifecycle_whenAsked_thenStarting() {
    var lifecycle = new Lifecycle();

    assertThat(lifecycle.state()).isEqualTo(State.STARTING);
    assertThat(lifecycle.running()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "RUNNING, DRAINING, DRAINING",
    "DRAINING, RUNNING, DRAINING",
    "STOPPED, STARTING, STOPPED",
    "RUNNING, RUNNING, RUNNING",
    "STARTING, STOPPED, STOPPED"
  })
  void givenState_whenAdvanced_thenOnlyForward(State from, State to, State expected) {
    var lifecycle = new Lifecycle();
    lifecycle.advanceTo(from);

    lifecycle.advanceTo(to);

    assertThat(lifecycle.state()).isEqualTo(expected);
    assertThat(lifecycle.running()).isEqualTo(expected == State.RUNNING);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1000000, 1",
    "0, 1999999, 1",
    "-5000000, 5000000, 10",
    "9223372036854775807, -9223372036853775809, 1"
  })
  void givenTwoReadings_whenSubtracted_thenWholeMillisecondsAcrossTheOverflow(
      long from, long to, long expected) {
    assertThat(Ticker.millisBetween(from, to)).isEqualTo(expected);
  }

  @Test
  void givenManyThreads_whenConnectionsAreNamed_thenNoNameTwice() {
    var names = ConcurrentHashMap.<ConnectionId>newKeySet();

    Crew.run(
        4,
        _ -> {
          for (int i = 0; i < 1_000; i++) {
            names.add(ConnectionId.next());
          }
        });

    assertThat(names).hasSize(4_000);
  }
}
