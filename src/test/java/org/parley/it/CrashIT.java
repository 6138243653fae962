package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.testing.crash.Scenario;
import org.parley.testing.crash.Victim;

/** The whole server is killed at random moments under load; {@link BrokerCrashIT} does it often. */
class CrashIT {
  private static final int KILLS = Math.min(Integer.getInteger("parley.crash.kills", 3), 50);
  private static final long SEED = Long.getLong("parley.crash.seed", 20_261_129L);
  private static final int MESSAGES_A_ROUND = 5_000;
  private static final Duration ROUND = Duration.ofSeconds(4);

  @Test
  void givenLoad_whenServerIsKilledAgainAndAgain_thenNothingAcknowledgedIsLost(@TempDir Path folder)
      throws Exception {
    var scenario = new Scenario(SEED);
    try (var victim = new Server(folder)) {
      scenario.begin(victim.start());
      victim.kill();
      for (int kill = 0; kill < KILLS; kill++) {
        scenario.round(victim, victim.start(), MESSAGES_A_ROUND, ROUND);
      }
      scenario.end(victim, victim.start());
    }
    System.out.println(KILLS + " kills, seed " + SEED + ": " + scenario.ledger());

    assertThat(scenario.ledger().acknowledgements()).isGreaterThan(10L * KILLS);
    assertThat(scenario.ledger().refusals()).isEmpty();
    assertThat(scenario.ledger().faults()).as(scenario.ledger().toString()).isEmpty();
  }

  /** A server of its own, on a data folder that outlives it. */
  private static final class Server implements Victim {
    private static final Duration LISTENING = Duration.ofSeconds(60);

    private final Path folder;
    private @Nullable ServerProcess server;

    Server(Path folder) {
      this.folder = folder.toAbsolutePath();
    }

    @Override
    public int start() throws IOException {
      var started =
          ServerProcess.start(
              "parley-crash",
              Map.of(
                  "PARLEY_DATA_DIR", folder.resolve("data").toString(),
                  "PARLEY_DURABILITY", "fsync",
                  "PARLEY_MQTT_QUEUE_MESSAGES", "10000000"));
      server = started;
      Awaitility.await().atMost(LISTENING).until(() -> listens(started.mqttPort()));
      return started.mqttPort();
    }

    private static boolean listens(int port) throws IOException {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return true;
      } catch (ConnectException _) {
        return false;
      }
    }

    @Override
    public void kill() throws IOException {
      close();
    }

    @Override
    public void close() throws IOException {
      if (server != null) {
        server.close();
      }
    }
  }
}
