package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.parley.testing.PcpTestClient;
import org.parley.testing.PcpTestClient.Closed;

/** Stopping the server: every session is told, and the process is gone within ten seconds. */
class StopIT {
  private static final int SESSIONS = 40;

  /** How the stop is asked for. */
  enum How {
    SERVER_STOP,
    SIGTERM
  }

  @ParameterizedTest
  @EnumSource
  void givenSessions_whenServerStops_thenEachIsToldAndTheProcessEnds(How how) throws Exception {
    try (var server = ServerProcess.start("parley-stop")) {
      List<PcpTestClient> clients = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        clients.add(server.connect("stop" + i, "/pcp2/agent"));
      }

      switch (how) {
        case SERVER_STOP -> server.askToStop();
        case SIGTERM -> server.terminate();
      }

      for (var client : clients) {
        assertThat(client.awaitClose(Duration.ofSeconds(10)))
            .isEqualTo(new Closed(1001, "Broker is stopping."));
        client.close();
      }
      assertThat(server.ended(Duration.ofSeconds(10))).isTrue();
    }
  }
}
