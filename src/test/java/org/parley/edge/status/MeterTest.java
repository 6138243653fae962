package org.parley.edge.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MeterTest {
  private static final Offset<Double> CLOSE = within(1e-6);

  private long nanos;
  private long count;
  private final Meter rate = new Meter(() -> count, () -> nanos);

  private void pass(Duration time, long events) {
    nanos += time.toNanos();
    count += events;
    rate.tick();
  }

  private double of(String key) {
    return (double) rate.perSecond().getOrDefault(key, -1.0);
  }

  @Test
  void givenNothingYet_whenRead_thenZero() {
    rate.tick();

    assertThat(rate.perSecond().values()).hasSize(4).containsOnly(0.0);
    assertThat(rate.count()).isZero();
  }

  @Test
  void givenSteadyEvents_whenRead_thenTheSameOverAnyTime() {
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofSeconds(5), 50);
    }

    assertThat(rate.count()).isEqualTo(5000);
    assertThat(of("1")).isCloseTo(10, CLOSE);
    assertThat(of("5")).isCloseTo(10, CLOSE);
    assertThat(of("15")).isCloseTo(10, CLOSE);
    assertThat(of("total")).isCloseTo(10, CLOSE);
  }

  @Test
  void givenEventsThatStopped_whenRead_thenForgottenByTheirAge() {
    pass(Duration.ofMinutes(1), 600);
    for (int i = 0; i < 60; i++) {
      pass(Duration.ofSeconds(5), 0);
    }

    assertThat(of("1")).isCloseTo(10 * Math.exp(-5), CLOSE);
    assertThat(of("5")).isCloseTo(10 * Math.exp(-1), CLOSE);
    assertThat(of("15")).isCloseTo(10 * Math.exp(-1.0 / 3), CLOSE);
    assertThat(of("total")).isCloseTo(600.0 / 360, CLOSE);
  }

  @Test
  void givenTicksAtUnevenTimes_whenRead_thenOnlyTheTimeCounts() {
    pass(Duration.ofMinutes(1), 600);
    pass(Duration.ofSeconds(7), 0);
    pass(Duration.ofSeconds(53), 0);

    assertThat(of("1")).isCloseTo(10 * Math.exp(-1), CLOSE);
  }
}
