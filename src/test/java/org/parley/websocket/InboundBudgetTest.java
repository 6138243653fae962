package org.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class InboundBudgetTest {
  @Test
  void givenSharesOverTheLimit_whenOneIsReleased_thenThereIsRoomAgain() {
    InboundBudget budget = new InboundBudget(100);
    InboundBudget.Share one = budget.share();
    InboundBudget.Share two = budget.share();
    assertThat(one.hold(60)).isTrue();
    assertThat(two.hold(41)).isFalse();
    two.release();
    two.release();
    assertThat(two.hold(50)).isTrue();
    assertThat(budget.usedBytes()).isEqualTo(60);
    assertThat(one.hold(100)).isTrue();
    one.release();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void givenLimitsThatMakeNoSense_whenMade_thenRefused() {
    assertThatThrownBy(
            () ->
                new WebSocketLimits(
                    1, 1, 1, 1, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("writeTimeout");
    assertThatThrownBy(
            () ->
                new WebSocketLimits(
                    1L << 31,
                    1,
                    1,
                    1,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxMessageBytes");
  }
}
