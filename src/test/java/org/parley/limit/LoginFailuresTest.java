package org.parley.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.parley.limit.Excess.Limit;

class LoginFailuresTest {
  private static final Optional<String> ADA = Optional.of("ada");
  private static final Optional<String> NOBODY = Optional.empty();

  private long now = 1;

  private LoginFailures failures(int perAddress, int perUser) {
    return new LoginFailures(
        new LoginFailures.Rates(
            new Rate(1, Duration.ofSeconds(1), perAddress),
            new Rate(1, Duration.ofSeconds(10), perUser),
            100),
        () -> now);
  }

  @Test
  void givenAddress_whenItsLoginsFail_thenRefusedUntilATokenIsBack() {
    var failures = failures(3, 100);
    for (int i = 0; i < 3; i++) {
      assertThat(failures.check(Optional.of("user" + i), "192.0.2.1")).isEmpty();
      failures.failed(Optional.of("user" + i), "192.0.2.1");
    }

    var excess = failures.check(NOBODY, "192.0.2.1").orElseThrow();

    assertThat(excess.limit()).isEqualTo(Limit.LOGINS);
    assertThat(excess.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    assertThat(failures.check(NOBODY, "192.0.2.2")).isEmpty();
    now += Duration.ofSeconds(1).toNanos();
    assertThat(failures.check(NOBODY, "192.0.2.1")).isEmpty();
  }

  /** Else one who guesses under it would keep out all who use it. */
  @Test
  void givenNameThatIsEverybodys_whenItsLoginsFail_thenTheyCountForTheirAddressAlone() {
    var rates =
        new LoginFailures.Rates(
            new Rate(1, Duration.ofSeconds(1), 3), new Rate(1, Duration.ofSeconds(10), 2), 100);
    var failures = new LoginFailures(rates, "jwt"::equals, () -> now);
    var shared = Optional.of("jwt");
    failures.succeeded(shared, "192.0.2.1");
    for (int i = 0; i < 3; i++) {
      failures.failed(shared, "192.0.2.1");
    }

    assertThat(failures.check(shared, "192.0.2.1")).isPresent();
    assertThat(failures.check(shared, "192.0.2.2")).isEmpty();
  }

  @Test
  void givenSiteOfIpV6_whenLoginsFailFromManyOfItsAddresses_thenItIsOne() {
    var failures = failures(2, 100);

    failures.failed(NOBODY, "2001:db8::1");
    failures.failed(NOBODY, "2001:db8::2");

    assertThat(failures.check(NOBODY, "2001:db8::3")).isPresent();
    assertThat(failures.check(NOBODY, "2001:db8:0:1::3")).isEmpty();
  }

  @Test
  void givenUser_whenGuessedFromManyAddresses_thenRefusedButWhereItLogsIn() {
    var failures = failures(100, 5);
    failures.succeeded(ADA, "192.0.2.200");
    for (int i = 0; i < 5; i++) {
      failures.failed(ADA, "192.0.2." + i);
    }

    assertThat(failures.check(ADA, "192.0.2.100")).isPresent();
    assertThat(failures.check(ADA, "192.0.2.200")).isEmpty();
    assertThat(failures.check(Optional.of("eve"), "192.0.2.100")).isEmpty();
    assertThat(failures.check(NOBODY, "192.0.2.100")).isEmpty();
  }

  @Test
  void givenLoginsThatSucceed_whenThereAreMany_thenNothingIsUsedUp() {
    var failures = failures(1, 1);

    for (int i = 0; i < 100; i++) {
      assertThat(failures.check(ADA, "192.0.2.1")).isEmpty();
      failures.succeeded(ADA, "192.0.2.1");
    }
  }

  @Test
  void givenNoLimits_whenAllFails_thenNobodyIsRefused() {
    var failures =
        new LoginFailures(new LoginFailures.Rates(Rate.UNLIMITED, Rate.UNLIMITED, 10), () -> now);

    for (int i = 0; i < 100; i++) {
      failures.failed(ADA, "192.0.2.1");
    }

    assertThat(failures.check(ADA, "192.0.2.1")).isEmpty();
  }

  @Test
  void givenAddressOfMany_whenOthersFailThere_thenWhoHasLoggedInThereHasARateOfHisOwn() {
    var failures = failures(2, 3);
    failures.succeeded(ADA, "192.0.2.1");
    for (int i = 0; i < 10; i++) {
      failures.failed(Optional.of("eve"), "192.0.2.1");
    }
    assertThat(failures.check(Optional.of("bob"), "192.0.2.1")).isPresent();
    assertThat(failures.check(ADA, "192.0.2.1")).isEmpty();

    for (int i = 0; i < 3; i++) {
      failures.failed(ADA, "192.0.2.1");
    }

    assertThat(failures.check(ADA, "192.0.2.1")).as("guessed where she is known").isPresent();
  }

  @Test
  void givenManyLoginsAtOnce_whenTheyFail_thenAllCountAndNoMoreThanABurstIsOwed() {
    var failures = failures(5, 100);
    for (int i = 0; i < 1_000; i++) { // all of them were let through before one had failed
      failures.failed(NOBODY, "192.0.2.1");
    }

    assertThat(failures.check(NOBODY, "192.0.2.1").orElseThrow().retryAfter())
        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(7));
  }

  @Test
  void givenNamesThatNobodyHas_whenAskedAbout_thenNothingIsRemembered() {
    var failures = failures(100, 1);
    failures.failed(ADA, "192.0.2.1");
    for (int i = 0; i < 1_000; i++) {
      assertThat(failures.check(Optional.of("x" + i), "192.0.2." + i)).isEmpty();
      failures.failed(Optional.of("x".repeat(256) + i), "192.0.2.1");
    }

    assertThat(failures.check(ADA, "192.0.2.2")).as("not forgotten for these").isPresent();
  }
}
