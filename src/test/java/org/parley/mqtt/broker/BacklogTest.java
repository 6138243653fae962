package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.parley.core.ByteBudget;
import org.parley.mqtt.broker.MqttCounters.Drop;

class BacklogTest {
  private static final long LIMIT = 1 << 20;

  private final ByteBudget budget = new ByteBudget(4 * Backlog.GRAIN);
  private final Backlog backlog = new Backlog(LIMIT, budget);

  @Test
  void givenLittleThatWaits_whenAdded_thenTheBudgetIsLeftAlone() {
    assertThat(backlog.add(Backlog.FREE)).isNull();

    assertThat(budget.usedBytes()).isZero();
    assertThat(backlog.bytes()).isEqualTo(Backlog.FREE);
  }

  @Test
  void givenMore_whenAddedAndRemoved_thenTheBudgetIsChargedByTheGrain() {
    assertThat(backlog.add(Backlog.FREE + 1)).isNull();
    assertThat(budget.usedBytes()).isEqualTo(Backlog.GRAIN);

    assertThat(backlog.add(Backlog.GRAIN)).isNull();
    assertThat(budget.usedBytes()).isEqualTo(2 * Backlog.GRAIN);

    backlog.remove(Backlog.GRAIN);
    backlog.remove(Backlog.FREE + 1);
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void givenLimitOfThePeer_whenPassed_thenItIsSlowAndNothingIsKept() {
    assertThat(backlog.add(LIMIT + 1)).isEqualTo(Drop.SLOW_PEER);

    assertThat(backlog.bytes()).isZero();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void givenBudgetThatOthersHaveUsedUp_whenAPeerKeepsUp_thenItLosesNothing() {
    var slow = new Backlog(LIMIT, budget);
    assertThat(slow.add(Backlog.FREE + 4 * Backlog.GRAIN)).isNull();

    assertThat(slow.add(1)).isEqualTo(Drop.OVERLOADED);
    assertThat(backlog.add(Backlog.FREE)).isNull();
    assertThat(backlog.add(1)).isEqualTo(Drop.OVERLOADED);
    assertThat(backlog.exhausted()).isTrue();
  }

  @Test
  void givenBudgetHalfUsed_whenAskedForRoom_thenOnlyThosePeersHaveItThatKeepUp() {
    var behind = new Backlog(LIMIT, budget);
    assertThat(behind.add(Backlog.FREE + 1)).isNull();
    assertThat(behind.hasRoom()).isTrue();

    assertThat(backlog.add(Backlog.FREE + 2 * Backlog.GRAIN)).isNull();

    assertThat(behind.hasRoom()).isFalse();
    assertThat(new Backlog(LIMIT, budget).hasRoom()).isTrue();
  }

  @Test
  void givenPeerThatIsGone_whenClosed_thenAllIsGivenBackAndNothingWaitsAnyMore() {
    assertThat(backlog.add(3 * Backlog.GRAIN)).isNull();
    backlog.replaying(100);
    assertThat(backlog.unsent(Backlog.GRAIN)).isTrue();
    assertThat(budget.usedBytes()).isGreaterThan(3 * Backlog.GRAIN);

    backlog.close();

    assertThat(budget.usedBytes()).isZero();
    assertThat(backlog.add(1)).isEqualTo(Drop.OFFLINE);
    backlog.remove(3 * Backlog.GRAIN);
    assertThat(budget.usedBytes()).isZero();
    assertThat(backlog.bytes()).isZero();
  }

  @Test
  void givenWireThatDoesNotSend_whenHalfOfTheBudgetIsUsed_thenItGetsNoMore() {
    assertThat(backlog.unsent(Backlog.FREE_UNSENT)).isFalse();
    assertThat(backlog.isCharged()).isFalse();
    assertThat(backlog.unsent(2 * Backlog.GRAIN)).isFalse();
    assertThat(backlog.unsent(2 * Backlog.GRAIN + 1)).isTrue();
    assertThat(backlog.isCharged()).isTrue();
    assertThat(new Backlog(LIMIT, budget).unsent(Backlog.FREE_UNSENT)).isFalse();

    assertThat(backlog.unsent(0)).isFalse();

    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void givenManyThreads_whenTheyAddRemoveAndCloseAtOnce_thenTheBudgetIsWholeAfterwards() {
    for (int round = 0; round < 50; round++) {
      var contended = new Backlog(3 * Backlog.GRAIN, budget);
      IntStream.range(0, 4)
          .parallel()
          .forEach(
              seed -> {
                var random = new Random(seed);
                for (int i = 0; i < 2_000; i++) {
                  long size = 1L + random.nextInt(40_000);
                  if (contended.add(size) == null) {
                    contended.remove(size);
                  }
                }
                if (seed == 0) {
                  contended.close();
                }
              });
      assertThat(budget.usedBytes()).isZero();
    }
  }
}
