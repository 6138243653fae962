package org.parley.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLSocket;
import org.parley.testing.ClientIdentity;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;

/** Does what the schedule says, and looks whether it has the effect that it should. */
final class Injector implements AutoCloseable {
  private static final int STEP_SECONDS = 3_600;
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String DENIED = "fault-denied";
  private static final long MIB = 1024 * 1024;

  private final Broker broker;
  private final Site site;
  private final Credentials credentials;
  private final Disk disk;
  private final Path clock;
  private final Fleet fleet;
  private final Situation situation;
  private final Hostiles hostiles;
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private int step;
  private int names;

  Injector(
      Broker broker,
      Credentials credentials,
      Disk disk,
      Path clock,
      Fleet fleet,
      Situation situation) {
    this.broker = broker;
    this.site = broker.site();
    this.credentials = credentials;
    this.disk = disk;
    this.clock = clock;
    this.fleet = fleet;
    this.situation = situation;
    this.hostiles = new Hostiles(site, situation);
  }

  Map<Fault, Integer> counts() {
    return Map.copyOf(counts);
  }

  void inject(Schedule.Event event) throws IOException, InterruptedException {
    counts.merge(event.fault(), 1, Integer::sum);
    var random = new Random(event.seed());
    situation.findings().say(event.fault().name());
    switch (event.fault()) {
      case RESET -> fleet.some(random, 20).forEach(Cable::reset);
      case STALL -> {
        var time = Duration.ofMillis(1_000 + random.nextInt(14_000));
        fleet.some(random, 20).forEach(cable -> cable.stall(time));
      }
      case HALF_OPEN -> fleet.some(random, 10).forEach(Cable::silence);
      case SILENT_PEERS -> {
        for (int i = 0; i < 10; i++) {
          hostiles.silentMqtt("fault-silent-" + ++names);
          hostiles.silentPcp("silent" + names);
        }
      }
      case SLOWLORIS -> {
        for (int i = 0; i < 5; i++) {
          hostiles.drip();
        }
      }
      case BROKER_KEY -> renewBrokerKey();
      case AUTHORITY -> toggleAuthority();
      case REVOKED -> revoke();
      case CRL_GARBAGE -> {
        credentials.spoilCrl();
        expect("not ready with a bad CRL file", () -> !broker.ready());
        credentials.installCrl();
        expect("ready with a good CRL file", broker::ready);
      }
      case POLICY -> deny();
      case POLICY_GARBAGE -> {
        credentials.spoilPolicy();
        expect("a warning of a bad policy", () -> broker.health().contains("warning"));
        credentials.policy("");
        expect("no warning any more", () -> !broker.health().contains("\"warning\""));
      }
      case CLOCK -> {
        int direction = random.nextBoolean() ? STEP_SECONDS : -STEP_SECONDS;
        step(step == 0 ? direction : 0);
      }
      case DISK_RESERVE -> diskReserve();
      case DISK_FULL -> diskFull();
      case KILL -> restart(random.nextInt(3_000));
    }
  }

  /** Everything is as it was at first, and the hostile are gone. */
  void calm() throws IOException {
    hostiles.close();
    disk.free();
    credentials.policy("");
    credentials.installCrl();
    step(0);
  }

  private void step(int seconds) throws IOException {
    step = seconds;
    var next = clock.resolveSibling("clock.next");
    Files.writeString(next, seconds + "\n");
    Files.move(next, clock, StandardCopyOption.ATOMIC_MOVE);
  }

  /** It must be so, soon. */
  private void expect(String what, Callable<Boolean> condition) throws InterruptedException {
    long end = System.nanoTime() + SOON.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() - end > 0) {
        situation.findings().add("not seen within " + SOON.toSeconds() + " s: " + what);
        return;
      }
      situation.pause(250);
    }
  }

  private static boolean holds(Callable<Boolean> condition) {
    try {
      return condition.call();
    } catch (Exception _) {
      return false; // not yet
    }
  }

  private void renewBrokerKey() throws IOException, InterruptedException {
    var renewed = credentials.renewBrokerKey();
    expect("the new certificate on 9443", () -> shown(site.httpsPort()).equals(renewed));
    expect("the new certificate on 8883", () -> shown(site.mqttsPort()).equals(renewed));
    expect("the new certificate on 8084", () -> shown(site.wssPort()).equals(renewed));
  }

  private X509Certificate shown(int port) throws IOException {
    var connected = Wire.tls(port, site.tls("fault-look")).connect();
    try (var tcp = connected.tcp()) {
      tcp.setSoLinger(true, 0);
      var session = ((SSLSocket) connected.socket()).getSession();
      return (X509Certificate) session.getPeerCertificates()[0];
    }
  }

  private void toggleAuthority() throws IOException, InterruptedException {
    var client = credentials.toggleAuthority();
    if (client.isPresent()) {
      expect("a client of another authority is let in", () -> status(client.get()) == 101);
    }
    expect("ready with these authorities", broker::ready);
  }

  private void revoke() throws IOException, InterruptedException {
    var identity = site.client("fault-revoked-" + ++names);
    expect("a client before it is revoked", () -> status(identity) == 101);
    credentials.revoke(identity);
    expect("a client that is revoked", () -> status(identity) == 401);
  }

  private void deny() throws IOException, InterruptedException {
    var identity = site.client(DENIED);
    expect("a client before it is denied", () -> status(identity) == 101);
    credentials.policy(
        "  - {name: denied, effect: deny, action: [associate, connect], who: {common_name: %s}}\n"
            .formatted(DENIED));
    expect("a client that is denied", () -> status(identity) == 403);
    credentials.policy("");
    expect("a client that is allowed again", () -> status(identity) == 101);
  }

  private int status(ClientIdentity identity) throws IOException {
    var wire = Wire.tls(site.httpsPort(), site.pki().sslContext(identity));
    try (var socket = RawWebSocket.open(wire, OpeningHandshake.of("/pcp2/probe"))) {
      return socket.answer().status();
    }
  }

  private void diskReserve() throws IOException, InterruptedException {
    situation.diskFull().begin();
    disk.leave(Disk.RESERVE_MIB * MIB / 2);
    expect("the disk is nearly full", () -> broker.metric("parley_store_full") == 1);
    situation.pause(5_000);
    disk.free();
    expect("the disk has room again", () -> broker.metric("parley_store_full") == 0);
    expect("ready with room", broker::ready);
    situation.diskFull().end();
  }

  private void diskFull() throws IOException, InterruptedException {
    situation.away().begin();
    situation.diskFull().begin();
    disk.leave(0);
    expect("not ready without room", () -> !broker.ready());
    situation.pause(10_000);
    situation.findings().say("writes failed: " + (broker.metric("parley_store_failed") == 1));
    broker.kill();
    disk.free();
    broker.start();
    situation.diskFull().end();
    situation.away().end();
  }

  private void restart(int millis) throws IOException, InterruptedException {
    situation.away().begin();
    broker.kill();
    situation.pause(millis);
    broker.start();
    situation.findings().say("ready again");
    situation.away().end();
  }

  @Override
  public void close() throws IOException {
    hostiles.close();
  }
}
