package org.parley.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.parley.limit.Excess.Limit;
import org.parley.testing.LoggedLines;

class FlappingTest {
  private static final Duration BAN = Duration.ofMinutes(5);
  private static final Rate THREE_AT_ONCE = new Rate(1, Duration.ofMinutes(1), 3);
  private static final int KEYS = 10;

  private long now;
  @RegisterExtension final LoggedLines logged = LoggedLines.of(Flapping.class);

  private Flapping flapping(Rate connects) {
    return new Flapping(new Flapping.Options(connects, BAN, KEYS), () -> now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  /** Returns whether it was let in. */
  private static boolean connect(Flapping flapping, String client) {
    boolean may = flapping.check(client, () -> "who " + client).isEmpty();
    if (may) {
      flapping.connected(client);
    }
    return may;
  }

  private static void connectThreeTimes(Flapping flapping, String client) {
    for (int i = 0; i < 3; i++) {
      assertThat(connect(flapping, client)).isTrue();
    }
  }

  @Test
  void givenNoRate_whenAClientComesAndGoes_thenItMay() {
    var flapping = flapping(Rate.UNLIMITED);

    for (int i = 0; i < 100; i++) {
      assertThat(connect(flapping, "a")).isTrue();
    }
    assertThat(flapping.limited()).isFalse();
    assertThat(flapping.bans()).isZero();
  }

  @Test
  void givenClientOverTheRate_whenItConnects_thenKeptOutUntilTheBanIsOverAndNobodyElse() {
    var flapping = flapping(THREE_AT_ONCE);
    connectThreeTimes(flapping, "a");

    assertThat(flapping.check("a", () -> "who a"))
        .contains(new Excess(Limit.FLAPPING, BAN, "who a: comes and goes too often"));

    assertThat(connect(flapping, "b")).isTrue();
    pass(BAN.minusSeconds(1));
    assertThat(flapping.check("a", () -> "who a").map(Excess::retryAfter))
        .contains(Duration.ofSeconds(1));
    pass(Duration.ofSeconds(1));
    connectThreeTimes(flapping, "a");
  }

  @Test
  void givenClientThatKnocksWhileItIsKeptOut_whenTheBanIsOver_thenItWasOneBanAndOneLine() {
    var flapping = flapping(THREE_AT_ONCE);
    connectThreeTimes(flapping, "a");
    for (int i = 0; i < 100; i++) {
      assertThat(connect(flapping, "a")).isFalse();
      pass(Duration.ofSeconds(2));
    }
    pass(BAN);

    assertThat(connect(flapping, "a")).isTrue();
    assertThat(flapping.bans()).isEqualTo(1);
    assertThat(logged.lines()).containsExactly("who a comes and goes: kept out for 300 s");
  }

  @Test
  void givenClientThatConnectsWithinTheRate_whenItDoesSoForLong_thenNeverKeptOut() {
    var flapping = flapping(THREE_AT_ONCE);

    for (int i = 0; i < 100; i++) {
      assertThat(connect(flapping, "a")).isTrue();
      pass(Duration.ofMinutes(1));
    }
  }

  @Test
  void givenManyConnectsAtOnce_whenTheyAreOver_thenOneBan() throws Exception {
    var flapping = flapping(THREE_AT_ONCE);
    connectThreeTimes(flapping, "a");

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        var _ = threads.submit(() -> connect(flapping, "a"));
      }
    }

    assertThat(flapping.bans()).isEqualTo(1);
  }

  @Test
  void givenMoreClientsThanAreRemembered_whenTheFirstComesBack_thenForgottenAndNothingGrows() {
    var flapping = flapping(THREE_AT_ONCE);
    connectThreeTimes(flapping, "a");
    assertThat(connect(flapping, "a")).isFalse();

    for (int i = 0; i < KEYS; i++) {
      connectThreeTimes(flapping, "other" + i);
      assertThat(connect(flapping, "other" + i)).isFalse();
    }

    assertThat(connect(flapping, "a")).isTrue();
  }
}
