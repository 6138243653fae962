package org.parley.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.parley.testing.TestPki;

/**
 * Mutations of what real clients say, on every listener, while a few good clients work: these are
 * never disturbed, nothing unexpected is logged, nothing of the broker's inside is told, and
 * memory, threads and handles come back.
 *
 * <p>Arguments: minutes, seed, mutants at a time.
 */
final class MutationRun {
  private static final int GOOD = 20;

  /** What the mutants do until code is compiled and caches are full; then it is looked at first. */
  private static final int WARM_SECONDS = 120;

  private static final int SETTLE_SECONDS = 60;
  private static final int SAMPLE_SECONDS = 30;
  private static final Duration READY = Duration.ofSeconds(30);

  private final int seconds;
  private final long seed;
  private final int mutants;
  private final Path folder = Path.of(System.getProperty("parley.fault.folder", "target/fault"));
  private final Situation situation = Situation.begin();
  private final Findings findings = situation.findings();
  private final AtomicLong packets = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private volatile boolean enough;

  private MutationRun(int minutes, long seed, int mutants) {
    this.seconds = Math.toIntExact(TimeUnit.MINUTES.toSeconds(minutes));
    this.seed = seed;
    this.mutants = mutants;
  }

  public static void main(String... arguments) throws IOException, InterruptedException {
    var run =
        new MutationRun(
            Integer.parseInt(arguments[0]),
            Long.parseLong(arguments[1]),
            Integer.parseInt(arguments[2]));
    run.run();
    System.exit(run.findings.count() == 0 ? 0 : 1);
  }

  /** Mutants connect as fast as they can, and leave nothing behind for long. */
  private Map<String, String> settings() {
    var settings = new HashMap<String, String>();
    settings.put("PARLEY_DATA_DIR", folder.resolve("data").toAbsolutePath().toString());
    settings.put("PARLEY_CONNECTIONS_RATE", "0");
    settings.put("PARLEY_CONNECTIONS_RATE_PER_IDENTITY", "0");
    settings.put("PARLEY_PCP_DUEL_BURST", "0");
    settings.put("PARLEY_LOGINS_FAILURES_PER_ADDRESS", "0");
    settings.put("PARLEY_MQTT_SESSION_EXPIRY", "20s");
    settings.put("PARLEY_MQTT_RETAINED_MESSAGES", "1000");
    settings.put("JVM_ARGS", "-Xms512m -Xmx512m -XX:+AlwaysPreTouch");
    return settings;
  }

  private void run() throws IOException, InterruptedException {
    Files.createDirectories(folder);
    try (var broker = new Broker(folder, TestPki.in(folder.resolve("pki")), settings())) {
      broker.start();
      var fleet = new Fleet(broker.site(), situation, GOOD, seed);
      fleet.begin();
      var recorder = new Recorder(broker.site());
      var recordings = recorder.all();
      recordings.forEach(each -> findings.say(each.name() + ": " + each.packets().size()));
      var hello = recorder.clientHello();
      var random = new Random(seed);
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < mutants; i++) {
        var mutant =
            new Mutant(
                broker.site(),
                recordings,
                hello,
                situation,
                () -> enough,
                packets,
                connections,
                random.nextLong());
        threads.add(Thread.ofVirtual().name("mutant-" + i).start(mutant));
      }
      situation.pause(TimeUnit.SECONDS.toMillis(WARM_SECONDS));
      var before = Sample.collected(broker);
      for (int second = 0; second < seconds; second += SAMPLE_SECONDS) {
        situation.pause(TimeUnit.SECONDS.toMillis(Math.min(SAMPLE_SECONDS, seconds - second)));
        findings.say(Sample.of(broker) + "; " + this + "; " + fleet);
      }
      enough = true;
      for (var thread : threads) {
        thread.join();
      }
      finish(broker, fleet, before);
    }
  }

  private void finish(Broker broker, Fleet fleet, Sample before)
      throws IOException, InterruptedException {
    if (!broker.awaitReady(true, READY)) {
      findings.add("not ready: " + broker.health());
    }
    situation.pause(TimeUnit.SECONDS.toMillis(SETTLE_SECONDS));
    fleet.absent().forEach(name -> findings.add(name + " is not there"));
    fleet.settle(SETTLE_SECONDS);
    var after = Sample.collected(broker);
    findings.say("before: " + before);
    findings.say("after:  " + after);
    after.beyond(before).forEach(findings::add);
    Journal.check(broker, findings);
    findings.say(this + "; " + fleet);
    fleet.end();
    System.out.println(findings.count() + " findings, seed " + seed);
    findings.examples().forEach(what -> System.out.println("  " + what));
  }

  @Override
  public String toString() {
    return "mutated packets " + packets + " on " + connections + " connections";
  }
}
