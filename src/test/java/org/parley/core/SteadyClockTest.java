package org.parley.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.mqtt.MovedClock;

@Tag("X05")
class SteadyClockTest {
  private final MovedClock wall = new MovedClock();
  private final SteadyClock clock = new SteadyClock(wall, wall);

  @Test
  void givenNobodySetsTheClock_whenTimePasses_thenAsTheWallClock() {
    wall.advance(Duration.ofDays(400));
    clock.follow();

    assertThat(clock.instant()).isEqualTo(wall.instant());
    assertThat(clock.millis()).isEqualTo(wall.millis());
  }

  @ParameterizedTest
  @ValueSource(longs = {3600, -3600})
  void givenTheWallClockIsSet_whenTimePasses_thenFollowedByAHundredthOfIt(long seconds) {
    var before = clock.instant();

    wall.correct(Duration.ofSeconds(seconds));
    clock.follow();
    assertThat(clock.instant()).isEqualTo(before);

    for (int i = 0; i < 100; i++) {
      wall.advance(Duration.ofSeconds(1));
      clock.follow();
    }
    assertThat(Duration.between(before, clock.instant()))
        .isEqualTo(Duration.ofSeconds(100 + Long.signum(seconds)));
  }

  @ParameterizedTest
  @ValueSource(longs = {3600, -3600})
  void givenTheWallClockIsSet_whenLongEnoughHasPassed_thenAsTheWallClockAgain(long seconds) {
    wall.correct(Duration.ofSeconds(seconds));
    wall.advance(Duration.ofHours(100));
    clock.follow();

    assertThat(clock.instant()).isEqualTo(wall.instant());
  }

  @Test
  void givenTimeThatWasBefore_whenTheWallClockIsBehindIt_thenItGoesOnFromThere() {
    var last = wall.millis() + 5_000;

    clock.notBefore(last);
    assertThat(clock.millis()).isEqualTo(last);
    clock.notBefore(last - 1);
    assertThat(clock.millis()).isEqualTo(last);

    wall.advance(Duration.ofSeconds(500));
    clock.follow();
    assertThat(clock.millis()).isEqualTo(wall.millis());
  }

  @Test
  void givenClockBeforeTheEpoch_whenAskedForMillis_thenTheSameAsItsInstant() {
    wall.correct(Duration.ofDays(-40_000).minusNanos(1));
    var early = new SteadyClock(wall, wall);

    assertThat(early.millis()).isEqualTo(early.instant().toEpochMilli());
  }
}
