package org.parley.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.Crew;
import org.parley.limit.Excess.Limit;
import org.parley.session.ClientUri;

class ConnectionRatesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String HERE = "192.0.2.1";

  private long now;

  private static Rate perSecond(long events, int burst) {
    return new Rate(events, SECOND, burst);
  }

  private ConnectionRates rates(Rate total, Rate perIdentity, Rate perAddress) {
    return new ConnectionRates(
        new ConnectionRates.Rates(total, perIdentity, perAddress, 3), () -> now);
  }

  private static ClientUri agent(String commonName) {
    return new ClientUri(commonName, "agent");
  }

  private static Optional<Limit> over(ConnectionRates rates, String commonName, String address) {
    return rates.take(agent(commonName), address).map(Excess::limit);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MIN_VALUE / 2, Long.MAX_VALUE / 2, -1})
  void givenBurst_whenUsedUp_thenRefusedUntilATokenIsBack(long origin) {
    now = origin;
    var rates = rates(Rate.UNLIMITED, perSecond(2, 3), Rate.UNLIMITED);
    for (int i = 0; i < 3; i++) {
      assertThat(rates.take(agent("a"), HERE)).isEmpty();
    }

    var excess = rates.take(agent("a"), HERE).orElseThrow();

    assertThat(excess.limit()).isEqualTo(Limit.IDENTITY_RATE);
    assertThat(excess.retryAfter()).isEqualTo(Duration.ofMillis(500));
    assertThat(excess.detail()).isEqualTo("pcp://a/agent: its identity connects too often");
    now += excess.retryAfter().toNanos() - 1;
    assertThat(rates.take(agent("a"), HERE)).isPresent();
    now += 1;
    assertThat(rates.take(agent("a"), HERE)).isEmpty();
    assertThat(rates.take(agent("a"), HERE)).isPresent();
  }

  @Test
  void givenLongQuiet_whenItEnds_thenNoMoreThanTheBurst() {
    var rates = rates(perSecond(1, 2), Rate.UNLIMITED, Rate.UNLIMITED);
    now += Duration.ofDays(100).toNanos();

    assertThat(over(rates, "a", HERE)).isEmpty();
    assertThat(over(rates, "b", HERE)).isEmpty();
    assertThat(over(rates, "c", HERE)).contains(Limit.RATE);
  }

  @Test
  void givenOneIdentityOverItsRate_whenAnotherConnects_thenItMay() {
    var rates = rates(Rate.UNLIMITED, perSecond(1, 1), Rate.UNLIMITED);
    assertThat(over(rates, "a", HERE)).isEmpty();

    assertThat(over(rates, "a", "192.0.2.9")).contains(Limit.IDENTITY_RATE);
    assertThat(over(rates, "b", HERE)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "2001:db8:0:1:0:0:0:1, 2001:db8:0:1:ff:0:0:2, true",
    "2001:db8:0:1:0:0:0:1, 2001:db8:0:2:0:0:0:1, false"
  })
  void givenAddressOverItsRate_whenAnotherConnects_thenItsNetworkDecides(
      String first, String second, boolean refused) {
    var rates = rates(Rate.UNLIMITED, Rate.UNLIMITED, perSecond(1, 1));
    assertThat(over(rates, "a", first)).isEmpty();

    assertThat(over(rates, "b", second).isPresent()).isEqualTo(refused);
  }

  @Test
  void givenNoLimit_whenManyConnect_thenAllMay() {
    var rates = rates(Rate.UNLIMITED, Rate.UNLIMITED, Rate.UNLIMITED);

    for (int i = 0; i < 10_000; i++) {
      assertThat(rates.take(agent("a"), HERE)).isEmpty();
    }
  }

  @Test
  void givenAllTogetherOverTheirRate_whenOneIsRefused_thenItsOwnTokensAreLeft() {
    var rates = rates(perSecond(1, 1), perSecond(1, 1), perSecond(1, 1));
    assertThat(over(rates, "a", "192.0.2.1")).isEmpty();
    assertThat(over(rates, "b", "192.0.2.2")).contains(Limit.RATE);
    assertThat(over(rates, "b", "192.0.2.1")).contains(Limit.ADDRESS_RATE);

    now += SECOND.toNanos();

    assertThat(over(rates, "b", "192.0.2.2")).isEmpty();
  }

  @Test
  void givenRefusedHandshakes_whenTheyGoOn_thenTheyDoNotPutOffTheNextToken() {
    var rates = rates(Rate.UNLIMITED, perSecond(1, 1), Rate.UNLIMITED);
    assertThat(over(rates, "a", HERE)).isEmpty();
    for (int i = 0; i < 999; i++) {
      now += SECOND.toNanos() / 1000;
      assertThat(over(rates, "a", HERE)).isPresent();
    }

    now += SECOND.toNanos() / 1000;

    assertThat(over(rates, "a", HERE)).isEmpty();
  }

  @Test
  void givenMoreIdentitiesThanAreTracked_whenOneComesBack_thenOnlyTheOldestIsForgotten() {
    var rates = rates(Rate.UNLIMITED, perSecond(1, 1), Rate.UNLIMITED);
    assertThat(over(rates, "a", HERE)).isEmpty();
    assertThat(over(rates, "b", HERE)).isEmpty();
    assertThat(over(rates, "c", HERE)).isEmpty();
    assertThat(over(rates, "a", HERE)).isPresent();

    assertThat(over(rates, "d", HERE)).isEmpty();

    assertThat(over(rates, "a", HERE)).isPresent();
    assertThat(over(rates, "c", HERE)).isPresent();
    assertThat(over(rates, "d", HERE)).isPresent();
    assertThat(over(rates, "b", HERE)).isEmpty();
  }

  @Test
  void givenManyThreads_whenTheyConnectAtOnce_thenExactlyTheBurstPasses() {
    var rates = rates(perSecond(1, 500), perSecond(1, 10_000), perSecond(1, 10_000));
    var passed = new AtomicInteger();

    Crew.run(
        8,
        _ -> {
          for (int i = 0; i < 200; i++) {
            if (over(rates, "a", HERE).isEmpty()) {
              passed.incrementAndGet();
            }
          }
        });

    assertThat(passed).hasValue(500);
  }

  @Test
  void givenRateThatMakesNoSense_whenMade_thenRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Rate(-1, SECOND, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Rate(1, Duration.ZERO, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Rate(1, SECOND, 0));
  }
}
