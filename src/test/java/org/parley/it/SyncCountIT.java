package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.testing.crash.BrokerVictim;
import org.parley.testing.crash.Scenario;
import org.parley.testing.crash.Shim;
import org.parley.testing.crash.Victim;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;

/** The disk is asked to keep each batch before anybody has its acknowledgement. */
class SyncCountIT {
  private static final int MESSAGES = 300;
  private static final int MANY_MESSAGES = 3_000;
  private static final Duration TIME = Duration.ofSeconds(10);
  private static final long SEED = 4;

  /** The ending of the files that a batch is written to. */
  private static final String LOG = ".log";

  @BeforeAll
  static void compiler() {
    ClientProgram.require("gcc", "gcc");
  }

  /** Publishes one by one to a session that is kept; each is acknowledged before the next. */
  private static void publish(int port) {
    try (var subscriber = Peer.open(port);
        var publisher = Peer.open(port)) {
      subscriber.connect(ConnectBytes.v5("subscriber").resume(60));
      subscriber.subscribe("counted", 1);
      subscriber.disconnect();
      publisher.connect(ConnectBytes.v5("publisher"));
      for (int i = 0; i < MESSAGES; i++) {
        publisher.publish("counted", "m" + i, 1);
      }
    }
  }

  @Test
  void givenFsync_whenMessagesAreAcknowledgedOneByOne_thenAsManySyncs(@TempDir Path folder)
      throws Exception {
    var broker = new BrokerVictim(folder, "fsync");
    var shim = Shim.compile(folder.resolve("shim"), broker.data());
    broker.environment(shim.environment());
    try (broker) {
      publish(broker.start());

      var meter = broker.meter();
      System.out.println(meter + ", syncs of logs: " + shim.syncs(LOG));
      assertThat(meter.syncs()).isGreaterThanOrEqualTo(MESSAGES);
      assertThat(shim.syncs(LOG)).isGreaterThanOrEqualTo(meter.syncs());
    }
  }

  @Test
  void givenOs_whenMessagesAreAcknowledged_thenNoSyncOfTheirs(@TempDir Path folder)
      throws Exception {
    var broker = new BrokerVictim(folder, "os");
    var shim = Shim.compile(folder.resolve("shim"), broker.data());
    broker.environment(shim.environment());
    try (broker) {
      publish(broker.start());

      assertThat(broker.meter().writes()).isGreaterThanOrEqualTo(MESSAGES);
      assertThat(broker.meter().syncs()).isZero();
      assertThat(shim.syncs(LOG)).isLessThan(MESSAGES / 10);
    }
  }

  @Test
  void givenLoad_whenManyCommandsShareABatch_thenASyncForEachBatch(@TempDir Path folder)
      throws Exception {
    var broker = new BrokerVictim(folder, "fsync");
    var shim = Shim.compile(folder.resolve("shim"), broker.data());
    broker.environment(shim.environment());
    try (var victim = new Metered(broker)) {
      int port = victim.start();
      var scenario = new Scenario(SEED);
      scenario.begin(port);
      scenario.round(victim, port, MANY_MESSAGES, TIME);

      System.out.println(victim.meter + ", syncs of logs: " + shim.syncs(LOG));
      assertThat(victim.meter.commands()).isGreaterThan(victim.meter.syncs());
      assertThat(shim.syncs(LOG)).isGreaterThanOrEqualTo(victim.meter.syncs()).isPositive();
    }
  }

  /** Is asked for its figures right before its end. */
  private static final class Metered implements Victim {
    private final BrokerVictim broker;
    private BrokerVictim.Meter meter = new BrokerVictim.Meter(0, 0, 0);

    Metered(BrokerVictim broker) {
      this.broker = broker;
    }

    @Override
    public int start() throws IOException {
      return broker.start();
    }

    @Override
    public void kill() throws IOException {
      meter = broker.meter();
      broker.kill();
    }

    @Override
    public void close() throws IOException {
      broker.close();
    }
  }
}
