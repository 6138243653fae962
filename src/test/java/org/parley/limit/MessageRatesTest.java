package org.parley.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.parley.core.Crew;

class MessageRatesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private long now;
  private final List<Duration> pauses = new ArrayList<>();

  private MessageRates rates(Rate perSession, Rate perIdentity) {
    return new MessageRates(
        new MessageRates.Rates(perSession, perIdentity, LONGEST, 10), () -> now);
  }

  /** Time passes while a reader is held. */
  private void pause(Duration duration) {
    pauses.add(duration);
    now += duration.toNanos();
  }

  private void pay(MessageRates.Toll toll, int messages) {
    for (int i = 0; i < messages; i++) {
      toll.pay(this::pause);
    }
  }

  @Test
  void givenBurst_whenUsedUp_thenEachMessageIsHeldUntilItIsDue() {
    var rates = rates(new Rate(10, SECOND, 3), Rate.UNLIMITED);
    var toll = rates.toll("a");
    pay(toll, 3);
    assertThat(pauses).isEmpty();

    pay(toll, 2);

    assertThat(pauses).containsExactly(Duration.ofMillis(100), Duration.ofMillis(100));
    assertThat(rates.held()).isEqualTo(2);
    assertThat(rates.holding()).isZero();
  }

  @Test
  void givenPeerOverItsRate_whenItRests_thenItsBurstIsBack() {
    var toll = rates(new Rate(10, SECOND, 3), Rate.UNLIMITED).toll("a");
    pay(toll, 4);
    now += SECOND.toNanos();
    pauses.clear();

    pay(toll, 3);

    assertThat(pauses).isEmpty();
  }

  @Test
  void givenTwoSessionsOfOneIdentity_whenTheySend_thenTheyShareItsRate() {
    var rates = rates(Rate.UNLIMITED, new Rate(10, SECOND, 2));
    var one = rates.toll("a");
    var two = rates.toll("a");
    var other = rates.toll("b");
    pay(one, 2);

    pay(two, 1);
    pay(other, 1);

    assertThat(pauses).containsExactly(Duration.ofMillis(100));
  }

  @Test
  void givenSessionRate_whenAnotherSessionOfTheIdentitySends_thenItHasItsOwn() {
    var rates = rates(new Rate(10, SECOND, 1), Rate.UNLIMITED);
    pay(rates.toll("a"), 1);

    pay(rates.toll("a"), 1);

    assertThat(pauses).isEmpty();
  }

  @Test
  void givenBothRates_whenOver_thenHeldForTheLongerOnce() {
    var toll = rates(new Rate(10, SECOND, 1), new Rate(1, SECOND, 1)).toll("a");

    pay(toll, 2);

    assertThat(pauses).containsExactly(SECOND);
  }

  @Test
  void givenRateFarBehind_whenHeld_thenNoLongerThanTheLongestHold() {
    var toll = rates(new Rate(1, Duration.ofHours(1), 1), Rate.UNLIMITED).toll("a");

    pay(toll, 2);

    assertThat(pauses).containsExactly(LONGEST);
  }

  @Test
  void givenNoRate_whenManyAreSent_thenNobodyIsHeld() {
    var rates = rates(Rate.UNLIMITED, Rate.UNLIMITED);

    pay(rates.toll("a"), 10_000);

    assertThat(pauses).isEmpty();
    assertThat(rates.held()).isZero();
  }

  @Test
  void givenHold_whenItIsUnderWay_thenItIsCountedUntilItEndsInAnyWay() {
    var rates = rates(new Rate(10, SECOND, 1), Rate.UNLIMITED);
    var toll = rates.toll("a");
    pay(toll, 1);

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                toll.pay(
                    _ -> {
                      assertThat(rates.holding()).isEqualTo(1);
                      throw new IllegalStateException();
                    }));

    assertThat(rates.holding()).isZero();
  }

  @Test
  void givenManySessionsOfOneIdentity_whenTheySendAtOnce_thenTheirDebtIsExact() {
    var rates = rates(Rate.UNLIMITED, new Rate(1, SECOND, 100));
    var longest = new AtomicLong();

    Crew.run(
        8,
        _ -> {
          var toll = rates.toll("a");
          for (int i = 0; i < 14; i++) {
            toll.pay(held -> longest.accumulateAndGet(held.toSeconds(), Math::max));
          }
        });

    assertThat(rates.held()).isEqualTo(12);
    assertThat(longest).hasValue(12);
  }
}
