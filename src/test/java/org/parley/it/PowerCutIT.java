package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.testing.crash.BrokerVictim;
import org.parley.testing.crash.PowerCut;
import org.parley.testing.crash.Scenario;
import org.parley.testing.crash.Shim;

/** The power goes at random moments: what the disk was not asked to keep is lost or damaged. */
class PowerCutIT {
  private static final int CUTS = Integer.getInteger("parley.crash.cuts", 10);
  private static final long SEED = Long.getLong("parley.crash.seed", 20_261_129L);
  private static final int MESSAGES_A_ROUND = 2_000;
  private static final Duration ROUND = Duration.ofMillis(1_500);

  /** Each so-manieth start is cut, too. */
  private static final int STUMBLES = 4;

  private static final int START_MILLIS = 900;

  /** Without waiting for the disk a loss is seen long before. */
  private static final int CUTS_TO_SEE = 4;

  @BeforeAll
  static void compiler() {
    ClientProgram.require("gcc", "gcc");
  }

  private long writtenOver;

  private Scenario run(Path folder, String durability, int cuts) throws Exception {
    var random = new Random(SEED);
    var scenario = new Scenario(SEED);
    var broker = new BrokerVictim(folder, durability);
    var shim = Shim.compile(folder.resolve("shim"), broker.data());
    try (var victim = new PowerCut(broker, shim, SEED)) {
      scenario.begin(victim.start());
      victim.kill();
      for (int cut = 0; cut < cuts; cut++) {
        if (random.nextInt(STUMBLES) == 0) {
          victim.stumble(Duration.ofMillis(random.nextInt(START_MILLIS)));
        }
        scenario.round(victim, victim.start(), MESSAGES_A_ROUND, ROUND);
      }
      scenario.end(victim, victim.start());
      System.out.printf(
          "%s, %d power cuts, seed %d, %d bytes not synced, %d written over, of these %d undone:"
              + " %s%n",
          durability,
          cuts,
          SEED,
          victim.bytesLost(),
          victim.bytesWrittenOver(),
          victim.bytesUndone(),
          scenario.ledger());
      writtenOver = victim.bytesWrittenOver();
    }
    return scenario;
  }

  @Test
  void givenFsync_whenThePowerGoesAgainAndAgain_thenNothingAcknowledgedIsLost(@TempDir Path folder)
      throws Exception {
    var ledger = run(folder, "fsync", CUTS).ledger();

    assertThat(ledger.acknowledgements()).isGreaterThan(10L * CUTS);
    assertThat(writtenOver).as("log files are written over").isPositive();
    assertThat(ledger.refusals()).isEmpty();
    assertThat(ledger.faults()).as(ledger.toString()).isEmpty();
  }

  /** Proves that the other test can see: the operating system alone is not enough. */
  @Test
  void givenOs_whenThePowerGoes_thenTheLossIsSeen(@TempDir Path folder) throws Exception {
    var ledger = run(folder, "os", CUTS_TO_SEE).ledger();

    assertThat(ledger.losses()).as(ledger.toString()).isPositive();
  }
}
