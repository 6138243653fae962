package org.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ByteBudgetTest {
  private final ByteBudget budget = new ByteBudget(100);

  @Test
  void givenRoom_whenExactlyTheLimitIsTaken_thenItIsThere() {
    assertThat(budget.tryAcquire(100)).isTrue();
    assertThat(budget.usedBytes()).isEqualTo(100);
  }

  @Test
  void givenTooLittleRoom_whenTaken_thenRefusedAndNothingChanges() {
    assertThat(budget.tryAcquire(60)).isTrue();

    assertThat(budget.tryAcquire(41)).isFalse();

    assertThat(budget.usedBytes()).isEqualTo(60);
  }

  @Test
  void givenHugeDemand_whenTaken_thenTheSumDoesNotOverflow() {
    assertThat(budget.tryAcquire(1)).isTrue();

    assertThat(budget.tryAcquire(Long.MAX_VALUE)).isFalse();
  }

  @Test
  void givenUsedBudget_whenReleased_thenThereIsRoomAgain() {
    assertThat(budget.tryAcquire(100)).isTrue();
    budget.release(100);

    assertThat(budget.tryAcquire(100)).isTrue();
  }

  @Test
  void givenSomebodyWhoAsksForTooMuch_whenOthersAskForWhatIsThere_thenNeverRefused() {
    Crew.run(
        4,
        thread -> {
          for (int i = 0; i < 100_000; i++) {
            if (thread == 0) {
              assertThat(budget.tryAcquire(1_000)).isFalse();
            } else {
              assertThat(budget.tryAcquire(1)).isTrue();
              budget.release(1);
            }
          }
        });

    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void givenNoRoomAtAll_whenMade_thenRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ByteBudget(0));
    assertThat(budget.limitBytes()).isEqualTo(100);
  }
}
