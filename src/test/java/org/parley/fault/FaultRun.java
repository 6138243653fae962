package org.parley.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.parley.testing.TestPki;

/**
 * Faults by a seeded schedule while well-behaved clients of both protocols work: nothing
 * acknowledged is lost, nobody well-behaved is refused but during restarts, and memory, threads and
 * handles come back.
 *
 * <p>Arguments: minutes, seed, clients, and perhaps {@code --expect-loss}: the broker keeps nothing
 * on the disk and is killed, and the run fails unless it sees that. {@code parley.fault.folder} is
 * for what is written, {@code parley.fault.disk} a small disk for the data.
 */
final class FaultRun {
  private static final int WARM_SECONDS = 30;
  private static final int CALM_SECONDS = 45;
  private static final int SETTLE_SECONDS = 120;
  private static final int SAMPLE_SECONDS = 30;

  private final int seconds;
  private final long seed;
  private final int clients;
  private final boolean expectLoss;
  private final Path folder;
  private final Disk disk;
  private final Situation situation = Situation.begin();
  private final Findings findings = situation.findings();

  private FaultRun(int minutes, long seed, int clients, boolean expectLoss) {
    this.seconds = Math.toIntExact(TimeUnit.MINUTES.toSeconds(minutes));
    this.seed = seed;
    this.clients = clients;
    this.expectLoss = expectLoss;
    this.folder = Path.of(System.getProperty("parley.fault.folder", "target/fault"));
    this.disk = new Disk(Path.of(System.getProperty("parley.fault.disk", folder.toString())));
  }

  public static void main(String... arguments) throws IOException, InterruptedException {
    int minutes = Integer.parseInt(arguments[0]);
    long seed = Long.parseLong(arguments[1]);
    int clients = Integer.parseInt(arguments[2]);
    boolean expectLoss = arguments.length > 3 && arguments[3].equals("--expect-loss");
    var run = new FaultRun(minutes, seed, clients, expectLoss);
    run.run();
    System.exit(run.verdict() ? 0 : 1);
  }

  private void run() throws IOException, InterruptedException {
    Files.createDirectories(folder);
    var pki = TestPki.in(folder.resolve("pki"));
    var credentials = new Credentials(pki);
    var clock = folder.resolve("clock");
    try (var broker = new Broker(folder, pki, settings(credentials, clock))) {
      broker.start();
      var idle = Sample.collected(broker);
      findings.say("started: " + idle);
      var fleet = new Fleet(broker.site(), situation, clients, seed);
      fleet.begin();
      situation.pause(TimeUnit.SECONDS.toMillis(WARM_SECONDS));
      var loaded = Sample.collected(broker);
      findings.say("with clients: " + loaded);
      faults(broker, credentials, clock, fleet);
      situation.pause(TimeUnit.SECONDS.toMillis(CALM_SECONDS));
      fleet.absent().forEach(name -> findings.add(name + " is not back"));
      compare("with clients", loaded, Sample.collected(broker));
      fleet.settle(SETTLE_SECONDS);
      findings.say(fleet.toString());
      fleet.end();
      compare("without clients", idle, awaitIdle(broker));
      Journal.check(broker, findings);
    }
  }

  private Map<String, String> settings(Credentials credentials, Path clock)
      throws IOException, InterruptedException {
    var settings = new HashMap<>(ClockStep.environment(clock));
    settings.put("PARLEY_POLICY", credentials.policy().toAbsolutePath().toString());
    settings.put("PARLEY_CRL", credentials.pki().crlPem().toAbsolutePath().toString());
    settings.put("PARLEY_DATA_DIR", disk.data().toString());
    settings.put("PARLEY_DATA_RESERVE", Disk.RESERVE_MIB + "MiB");
    settings.put("PARLEY_DURABILITY", expectLoss ? "memory" : "fsync");
    // What is resident is then the heap, which stays the same, and what is native.
    settings.put("JVM_ARGS", "-Xms512m -Xmx512m -XX:+AlwaysPreTouch");
    return settings;
  }

  private void faults(Broker broker, Credentials credentials, Path clock, Fleet fleet)
      throws IOException, InterruptedException {
    var kinds = EnumSet.allOf(Fault.class);
    if (expectLoss) {
      kinds = EnumSet.of(Fault.KILL, Fault.HALF_OPEN);
    } else if (!disk.isSmall()) {
      findings.say("the disk is not small: it is not filled");
      kinds.removeAll(EnumSet.of(Fault.DISK_FULL, Fault.DISK_RESERVE));
    }
    long begun = System.nanoTime();
    int sampled = 0;
    try (var injector = new Injector(broker, credentials, disk, clock, fleet, situation)) {
      for (var event : Schedule.of(seed, seconds, kinds).events()) {
        long passed = elapsed(begun);
        if (passed > seconds) {
          break;
        }
        situation.pause(Math.max(0, TimeUnit.SECONDS.toMillis(event.second() - passed)));
        injector.inject(event);
        if (elapsed(begun) / SAMPLE_SECONDS > sampled) {
          sampled = (int) (elapsed(begun) / SAMPLE_SECONDS);
          findings.say(Sample.of(broker) + "; " + fleet);
        }
      }
      situation.pause(TimeUnit.SECONDS.toMillis(Math.max(0, seconds - elapsed(begun))));
      injector.calm();
      findings.say("faults: " + injector.counts());
    }
  }

  private static long elapsed(long begun) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
  }

  private void compare(String when, Sample before, Sample after) {
    findings.say(when + " before: " + before);
    findings.say(when + " after:  " + after);
    after.beyond(before).forEach(what -> findings.add(when + ": " + what));
  }

  /** Connections that were left are counted out within some seconds. */
  private static Sample awaitIdle(Broker broker) throws IOException, InterruptedException {
    var _ = new CountDownLatch(1).await(CALM_SECONDS, TimeUnit.SECONDS);
    return Sample.collected(broker);
  }

  /** Tells what was found; returns whether that is as it should be. */
  private boolean verdict() {
    boolean lost = findings.examples().stream().anyMatch(what -> what.contains("lost"));
    System.out.println(findings.count() + " findings, seed " + seed);
    findings.examples().forEach(what -> System.out.println("  " + what));
    if (expectLoss) {
      System.out.println(lost ? "loss was seen, as it should be" : "LOSS WAS NOT SEEN");
      return lost;
    }
    return findings.count() == 0;
  }
}
