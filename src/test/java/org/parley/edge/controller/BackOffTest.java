package org.parley.edge.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
  /** Draws nothing: each pause is as long as it can be. */
  private static final RandomGenerator LEAST =
      new Random() {
        private static final long serialVersionUID = 1L;

        @Override
        public long nextLong(long bound) {
          return 0;
        }
      };

  private static long[] millis(BackOff backOff, int times) {
    return IntStream.range(0, times).mapToLong(_ -> backOff.next().toMillis()).toArray();
  }

  @Test
  void givenFailures_whenPausesAreAsked_thenTheyDoubleUpToTheLongest() {
    assertThat(millis(new BackOff(LEAST), 9))
        .containsExactly(200, 400, 800, 1600, 3200, 6400, 12_800, 15_000, 15_000);
  }

  @Test
  void givenJitter_whenPausesAreAsked_thenEachIsBetweenHalfAndWhole() {
    var whole = millis(new BackOff(LEAST), 200);
    var drawn = millis(new BackOff(new Random(7)), 200);

    for (int i = 0; i < whole.length; i++) {
      assertThat(drawn[i]).isBetween(whole[i] / 2, whole[i]);
    }
    assertThat(IntStream.range(8, 200).mapToLong(i -> drawn[i]).distinct().count())
        .isGreaterThan(100);
  }

  @Test
  void givenLastingLink_whenReset_thenThePausesBeginAnew() {
    var backOff = new BackOff(LEAST);
    var _ = millis(backOff, 5);

    backOff.reset();

    assertThat(millis(backOff, 2)).containsExactly(200, 400);
  }
}
