package org.parley.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.limit.Excess.Limit;
import org.parley.testing.LoggedLines;

class SheddingTest {

  private double memory;
  @RegisterExtension final LoggedLines logged = LoggedLines.of(Shedding.class);

  private boolean sheds(Shedding shedding, double used) {
    memory = used;
    shedding.look();
    return shedding.check().isPresent();
  }

  @Test
  void givenMark_whenMemoryIsBelowIt_thenEverybodyIsLetIn() {
    var shedding = new Shedding(95, () -> memory);

    assertThat(shedding.check()).as("before the first look").isEmpty();
    assertThat(sheds(shedding, 0.9499)).isFalse();
    assertThat(shedding.share()).isEqualTo(0.9499);
    assertThat(shedding.refused()).isZero();
  }

  @Test
  void givenMark_whenMemoryIsAtIt_thenNobodyIsLetInUntilItIsWellBelow() {
    var shedding = new Shedding(95, () -> memory);

    assertThat(sheds(shedding, 0.95)).isTrue();
    assertThat(shedding.check())
        .contains(new Excess(Limit.MEMORY, Duration.ofSeconds(10), "memory is nearly full"));
    assertThat(sheds(shedding, 0.94)).as("a little below").isTrue();
    assertThat(sheds(shedding, 0.91)).isTrue();
    assertThat(sheds(shedding, 0.9)).as("well below").isFalse();
    assertThat(sheds(shedding, 0.94)).as("not at the mark again").isFalse();
    assertThat(shedding.active()).isFalse();
    assertThat(shedding.refused()).isEqualTo(4);
  }

  @Test
  void givenMemoryThatComesAndGoes_whenLookedAt_thenALineForEachChange() {
    var shedding = new Shedding(80, () -> memory);
    for (double used : new double[] {0.5, 0.81, 0.9, 0.79, 0.3, 0.2}) {
      sheds(shedding, used);
    }

    assertThat(logged.lines())
        .containsExactly(
            "memory is 81 % full: nobody new is let in",
            "memory is 30 % full: clients are let in again");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.95, 1, 2})
  void givenNoMark_whenMemoryIsFull_thenEverybodyIsLetIn(double used) {
    assertThat(sheds(new Shedding(0, () -> memory), used)).isFalse();
  }

  @Test
  void givenSmallestMark_whenMemoryIsEmptyAgain_thenItEndsToo() {
    var shedding = new Shedding(1, () -> memory);

    assertThat(sheds(shedding, 0.01)).isTrue();
    assertThat(sheds(shedding, 0)).isFalse();
  }
}
