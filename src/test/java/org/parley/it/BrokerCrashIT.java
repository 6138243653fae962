package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.testing.crash.BrokerVictim;
import org.parley.testing.crash.Scenario;

/**
 * The broker's core is killed at random moments under load, many times: nothing that was
 * acknowledged is lost, and nothing with QoS 2 comes twice.
 */
class BrokerCrashIT {
  private static final int KILLS = Integer.getInteger("parley.crash.kills", 12);
  private static final long SEED = Long.getLong("parley.crash.seed", 20_261_129L);
  private static final int MESSAGES_A_ROUND = 2_000;
  private static final Duration ROUND = Duration.ofMillis(1_500);

  /** Each so-manieth start is killed, too. */
  private static final int STUMBLES = 4;

  private static final int START_MILLIS = 700;

  @Test
  void givenLoad_whenKilledAgainAndAgain_thenNothingAcknowledgedIsLost(@TempDir Path folder)
      throws Exception {
    var random = new Random(SEED);
    var scenario = new Scenario(SEED);
    try (var victim = new BrokerVictim(folder, "fsync")) {
      scenario.begin(victim.start());
      victim.kill();
      for (int kill = 0; kill < KILLS; kill++) {
        if (random.nextInt(STUMBLES) == 0) {
          victim.stumble(Duration.ofMillis(random.nextInt(START_MILLIS)));
        }
        scenario.round(victim, victim.start(), MESSAGES_A_ROUND, ROUND);
      }
      scenario.end(victim, victim.start());
    }
    System.out.println(KILLS + " kills, seed " + SEED + ": " + scenario.ledger());

    assertThat(scenario.ledger().acknowledgements()).isGreaterThan(10L * KILLS);
    assertThat(scenario.ledger().refusals()).isEmpty();
    assertThat(scenario.ledger().faults()).as(scenario.ledger().toString()).isEmpty();
  }
}
