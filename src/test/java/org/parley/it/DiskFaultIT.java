package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.crash.BrokerVictim;
import org.parley.testing.crash.PowerCut;
import org.parley.testing.crash.Scenario;
import org.parley.testing.crash.Shim;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;

/** The disk fails under load: the broker says so, and acknowledges nothing any more. */
class DiskFaultIT {
  private static final long SEED = Long.getLong("parley.crash.seed", 20_261_129L);

  @BeforeAll
  static void compiler() {
    ClientProgram.require("gcc", "gcc");
  }

  /** The broker is busy, to those who are there, or not available, to those who come. */
  private static boolean isSoSaid(Packet refusal) {
    return switch (refusal) {
      case Disconnect disconnect -> disconnect.reason() == ReasonCode.SERVER_BUSY;
      case Connack connack ->
          connack.reason() == ReasonCode.SERVER_UNAVAILABLE
              || connack.reason() == ReasonCode.SERVER_BUSY;
      default -> false;
    };
  }

  private static List<Packet> disconnects(Scenario scenario) {
    return scenario.ledger().refusals().stream().filter(Disconnect.class::isInstance).toList();
  }

  /** After the fault the power goes, too: what a failed sync has left is not on the disk. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sync 150 0",
        "sync 151 1",
        "sync 400 1",
        "write 700",
        "write 1501",
        "space 400000",
        "space 1000001",
        "table 2000"
      })
  void givenDiskThatFails_whenUnderLoad_thenNoAcknowledgementAndNoLoss(
      String fault, @TempDir Path folder) throws Exception {
    var scenario = new Scenario(SEED);
    var ledger = scenario.ledger();
    var broker = new BrokerVictim(folder, "fsync");
    var shim = Shim.compile(folder.resolve("shim"), broker.data());
    try (var victim = new PowerCut(broker, shim, SEED)) {
      victim.fault(fault);
      int port = victim.start();
      scenario.begin(port);
      scenario.load(port);

      assertThat(shim.failed()).isTrue();
      assertThat(disconnects(scenario)).isNotEmpty();
      long acknowledged = ledger.acknowledgements();
      scenario.load(port);
      assertThat(ledger.acknowledgements()).isEqualTo(acknowledged).isPositive();
      try (var late = Peer.open(port)) {
        late.send(ConnectBytes.v5("late").resume(60)).expectRefusal(ReasonCode.SERVER_UNAVAILABLE);
      }
      assertThat(ledger.refusals()).allMatch(DiskFaultIT::isSoSaid);
      assertThat(broker.log()).containsOnlyOnce("the store has failed");

      victim.kill();
      victim.fault("");
      scenario.end(victim, victim.start());
    }
    System.out.println(fault + ": " + ledger);
    assertThat(ledger.faults()).as(ledger.toString()).isEmpty();
  }

  /**
   * In the server that the users get: what RocksDB says of its own threads comes as far as that.
   */
  @Test
  void givenServer_whenTheDiskIsFullWhileAWriteWaits_thenAllAreToldAndItIsNotReady(
      @TempDir Path folder) throws Exception {
    var scenario = new Scenario(SEED);
    var data = folder.resolve("data");
    var shim = Shim.compile(folder.resolve("shim"), data);
    var environment = new HashMap<>(shim.environment("table 2000"));
    environment.put("PARLEY_DATA_DIR", data.toString());
    environment.put("PARLEY_DATA_MEMORY", "1MiB");
    environment.put("PARLEY_CONNECTIONS_RATE", "0");
    environment.put("PARLEY_CONNECTIONS_RATE_PER_IDENTITY", "0");
    try (var server = ServerProcess.start("parley-full-disk", environment)) {
      scenario.begin(server.mqttPort());
      assertThat(Health.ready(server.httpPort()).status()).isEqualTo(200);

      scenario.load(server.mqttPort());

      assertThat(shim.failed()).isTrue();
      assertThat(disconnects(scenario)).isNotEmpty();
      assertThat(scenario.ledger().refusals()).allMatch(DiskFaultIT::isSoSaid);
      var health = Health.ready(server.httpPort());
      assertThat(health.status()).isEqualTo(503);
      assertThat(health.up("parley-store")).isFalse();
      assertThat(server.logged("the store has failed")).isOne();
    }
    assertThat(scenario.ledger().faults()).as(scenario.ledger().toString()).isEmpty();
  }
}
