package org.parley.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.Crew;

class LogThrottleTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private long now;

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MIN_VALUE, Long.MAX_VALUE})
  void givenManyLinesOfOneKey_whenThePeriodHasPassed_thenOneMoreWithTheCount(long origin) {
    now = origin;
    var throttle = new LogThrottle(MINUTE, 10, () -> now);
    assertThat(throttle.pass("a")).hasValue(0);
    now += MINUTE.toNanos() - 1;
    assertThat(throttle.pass("a")).isEmpty();
    assertThat(throttle.pass("a")).isEmpty();

    now++;

    assertThat(throttle.pass("a")).hasValue(2);
    assertThat(throttle.pass("a")).isEmpty();
    now += MINUTE.toNanos();
    assertThat(throttle.pass("a")).hasValue(1);
  }

  @Test
  void givenOneKeyThatIsLeftOut_whenAnotherComes_thenItPasses() {
    var throttle = new LogThrottle(MINUTE, 10, () -> now);
    assertThat(throttle.pass("a")).hasValue(0);

    assertThat(throttle.pass("b")).hasValue(0);
  }

  @Test
  void givenMoreKeysThanAreRemembered_whenTheOldestComesBack_thenItPassesAnew() {
    var throttle = new LogThrottle(MINUTE, 1, () -> now);
    assertThat(throttle.pass("a")).hasValue(0);
    assertThat(throttle.pass("b")).hasValue(0);

    assertThat(throttle.pass("a")).hasValue(0);
  }

  @Test
  void givenManyThreads_whenTheyAskAtOnce_thenOnePassesAndTheOthersAreCounted() {
    var throttle = new LogThrottle(MINUTE, 10, () -> now);
    var passed = new AtomicLong();

    Crew.run(
        8,
        _ -> {
          for (int i = 0; i < 100; i++) {
            if (throttle.pass("a").isPresent()) {
              passed.incrementAndGet();
            }
          }
        });

    assertThat(passed).hasValue(1);
    now += MINUTE.toNanos();
    assertThat(throttle.pass("a")).hasValue(799);
  }

  @Test
  void givenManyKeys_whenRemembered_thenNoMoreThanTheBound() {
    var values = new RecentlyUsed<Integer, String>(5, Object::toString);

    for (int i = 0; i < 100; i++) {
      assertThat(values.of(i)).isEqualTo(Integer.toString(i));
      assertThat(values.size()).isLessThanOrEqualTo(5);
    }
  }
}
