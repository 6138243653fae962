package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.parley.core.Lifecycle;
import org.parley.pcp.broker.ControllerAvailability.State;

class ControllerAvailabilityTest {
  private static final Duration GRACE = Duration.ofSeconds(90);

  private long now = -5; // a ticker may begin anywhere
  private final ControllerAvailability two = new ControllerAvailability(2, GRACE, () -> now);

  private void after(Duration time) {
    now += time.toNanos();
  }

  private void expect(State state, boolean admits) {
    assertThat(two.state()).isEqualTo(state);
    assertThat(two.admits()).isEqualTo(admits);
  }

  @Test
  void givenNoneConfigured_whenAsked_thenAlwaysAdmits() {
    var none = new ControllerAvailability(0, Duration.ZERO, () -> now);
    after(GRACE);

    assertThat(none.state()).isEqualTo(State.UNNEEDED);
    assertThat(none.admits()).isTrue();
    assertThat(none.configured()).isZero();
  }

  @Test
  void givenStart_whenNoneConnects_thenAwaitedAndGoneAfterTheGrace() {
    expect(State.AWAITED, false);

    after(GRACE.minusNanos(1));
    expect(State.AWAITED, false);

    after(Duration.ofNanos(1));
    expect(State.GONE, false);
  }

  @Test
  void givenOneOfTwo_whenTheOtherComesAndGoes_thenNothingChanges() {
    assertThat(two.connected(1)).isTrue();
    assertThat(two.connected(2)).isFalse();
    assertThat(two.connected(1)).isFalse();

    expect(State.PRESENT, true);
  }

  @Test
  void givenLastOneLost_whenItStaysAway_thenMissingAndGoneAfterTheGrace() {
    two.connected(1);
    after(GRACE.multipliedBy(2));

    assertThat(two.connected(0)).isTrue();
    expect(State.MISSING, false);
    after(GRACE.minusNanos(1));
    expect(State.MISSING, false);
    after(Duration.ofNanos(1));
    expect(State.GONE, false);
  }

  @Test
  void givenReturnWithinTheGrace_whenLostAgain_thenTheGraceBeginsAnew() {
    two.connected(1);
    two.connected(0);
    after(GRACE.minusNanos(1));
    two.connected(1);
    expect(State.PRESENT, true);

    two.connected(0);
    after(GRACE.minusNanos(1));
    expect(State.MISSING, false);
  }

  @Test
  void givenGone_whenOneReturns_thenPresent() {
    after(GRACE);
    expect(State.GONE, false);

    two.connected(1);
    expect(State.PRESENT, true);
  }

  @ParameterizedTest
  @CsvSource({
    "STARTING, true, STARTING",
    "RUNNING, true, RUNNING",
    "DRAINING, true, STOPPING",
    "STOPPED, true, STOPPING",
    "STARTING, false, STARTING",
    "RUNNING, false, ERROR",
    "DRAINING, false, STOPPING"
  })
  void givenLifecycleAndControllers_whenStatusIsRead_thenAsTheReferenceSays(
      Lifecycle.State state, boolean connected, ServiceState expected) {
    var lifecycle = new Lifecycle();
    lifecycle.advanceTo(state);
    two.connected(1);
    two.connected(connected ? 1 : 0);

    assertThat(new BrokerStatus(lifecycle, two).state()).isEqualTo(expected);
  }

  @Test
  void givenControllersAwaited_whenStatusIsRead_thenStartingAndLaterError() {
    var lifecycle = new Lifecycle();
    lifecycle.advanceTo(Lifecycle.State.RUNNING);
    var status = new BrokerStatus(lifecycle, two);

    assertThat(status.state()).isEqualTo(ServiceState.STARTING);
    after(GRACE);
    assertThat(status.state()).isEqualTo(ServiceState.ERROR);
  }
}
