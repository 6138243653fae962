package org.parley.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireMeterTest {
  private static final long START = 1_000;
  private final WireMeter meter = new WireMeter(START);

  @Test
  void givenMessages_whenCounted_thenCountsAndBytesOfEachDirection() {
    meter.received(5, START);
    meter.received(6, START);
    meter.sent(7);

    assertThat(meter.messagesIn()).isEqualTo(2);
    assertThat(meter.bytesIn()).isEqualTo(11);
    assertThat(meter.messagesOut()).isEqualTo(1);
    assertThat(meter.bytesOut()).isEqualTo(7);
  }

  @Test
  void givenNothingHeard_whenAsked_thenSilentSinceItWasMade() {
    assertThat(meter.silence(START + 5)).isEqualTo(Duration.ofNanos(5));
  }

  @Test
  void givenMessageSent_whenAsked_thenStillSilent() {
    meter.sent(7);

    assertThat(meter.silence(START + 5)).isEqualTo(Duration.ofNanos(5));
  }

  @Test
  void givenMessageReceived_whenAsked_thenSilentSinceThen() {
    meter.received(1, START + 10);

    assertThat(meter.silence(START + 15)).isEqualTo(Duration.ofNanos(5));
  }

  @Test
  void givenReadingOlderThanTheLastSign_whenAsked_thenNotSilent() {
    meter.heard(START + 10);

    assertThat(meter.silence(START)).isEqualTo(Duration.ZERO);
  }

  @Test
  void givenPing_whenItsPongComes_thenRoundTripMeasuredAndNothingOwed() {
    meter.pinged(START);
    assertThat(meter.unansweredPing(START + 3)).contains(Duration.ofNanos(3));

    meter.ponged(START, START + 7);

    assertThat(meter.roundTrip()).contains(Duration.ofNanos(7));
    assertThat(meter.unansweredPing(START + 8)).isEmpty();
    assertThat(meter.silence(START + 8)).isEqualTo(Duration.ofNanos(1));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, START - 1, Long.MIN_VALUE, Long.MAX_VALUE})
  void givenPing_whenAnotherPongComes_thenStillOwedButHeard(long payload) {
    meter.pinged(START);

    meter.ponged(payload, START + 7);

    assertThat(meter.roundTrip()).isEmpty();
    assertThat(meter.unansweredPing(START + 8)).contains(Duration.ofNanos(8));
    assertThat(meter.silence(START + 8)).isEqualTo(Duration.ofNanos(1));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, START, Long.MIN_VALUE})
  void givenNoPing_whenAPongComes_thenNoRoundTrip(long payload) {
    meter.ponged(payload, START + 7);

    assertThat(meter.roundTrip()).isEmpty();
  }
}
