package org.parley.fault;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.parley.testing.TestPki;

/** The server of this build: {@code server run parley} on ports and folders of its own. */
final class Broker implements AutoCloseable {
  private static final Path SERVER = Path.of("target", "liberty", "wlp", "bin", "server");
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final Duration START = Duration.ofMinutes(10);
  private static final long LOOK_MILLIS = 200;

  /** Open Liberty keeps two files of 20 MB by itself, and all lines are to be looked at. */
  private static final String KEEP_ALL_LOGS = "-Dcom.ibm.ws.logging.max.files=100";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path folder;
  private final Site site;
  private final Map<String, String> environment;
  private @Nullable Process process;
  private int starts;

  /**
   * Makes nothing yet.
   *
   * @param folder for output, logs and, if nothing else is set, data
   * @param settings as environment variables
   */
  Broker(Path folder, TestPki pki, Map<String, String> settings) throws IOException {
    this.folder = folder.toAbsolutePath();
    this.site = Site.onFreePorts(pki);
    this.environment =
        new HashMap<>(
            Map.of(
                "JAVA_HOME", JDK.toString(),
                "WLP_OUTPUT_DIR", this.folder.resolve("out").toString(),
                "PARLEY_KEYSTORE", pki.brokerKeyStore().toAbsolutePath().toString(),
                "PARLEY_KEYSTORE_PASSWORD", TestPki.PASSWORD,
                "PARLEY_TRUSTSTORE", pki.trustStore().toAbsolutePath().toString(),
                "PARLEY_TRUSTSTORE_PASSWORD", TestPki.PASSWORD));
    this.environment.putAll(site.environment());
    this.environment.putAll(settings);
    this.environment.merge("JVM_ARGS", KEEP_ALL_LOGS, (set, more) -> set + " " + more);
  }

  Site site() {
    return site;
  }

  /** Starts it, and returns when it is ready. */
  void start() throws IOException, InterruptedException {
    Files.createDirectories(folder);
    var console = folder.resolve("console-" + ++starts + ".log").toFile();
    var builder = new ProcessBuilder(SERVER.toAbsolutePath().toString(), "run", "parley");
    builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(console);
    builder.environment().putAll(environment);
    var started = builder.start();
    process = started;
    if (!awaitReady(true, START)) {
      throw new IOException("not ready after " + START + ": " + health() + ", see " + folder);
    }
  }

  /** Waits until readiness is so. */
  boolean awaitReady(boolean ready, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (ready() != ready) {
      if (System.nanoTime() - end > 0 || !alive()) {
        return false;
      }
      var _ = new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
    return true;
  }

  boolean alive() {
    return process != null && process.isAlive();
  }

  boolean ready() {
    return get("/health/ready").map(answer -> answer.status == 200).orElse(false);
  }

  private record Page(int status, String body) {}

  private Optional<Page> get(String path) {
    var uri = URI.create("http://localhost:" + site.httpPort() + path);
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      return Optional.of(new Page(answer.statusCode(), answer.body()));
    } catch (IOException _) {
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Returns the page of health, or nothing. */
  String health() {
    return get("/health").map(Page::body).orElse("no answer");
  }

  /** Returns the sum of a metric over its labels; a label set may follow its name. */
  double metric(String name) {
    return get("/metrics")
        .map(Page::body)
        .orElse("")
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Ends it at once: SIGKILL. */
  void kill() {
    var running = process;
    if (running != null) {
      running.descendants().forEach(ProcessHandle::destroyForcibly);
      running.destroyForcibly();
      running.onExit().join();
    }
  }

  /** The JVM: the script's own process, or its child. */
  long pid() {
    var running = process;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running.descendants().findFirst().orElse(running.toHandle()).pid();
  }

  /** Returns what a command of {@code jcmd} prints about it. */
  String jcmd(String... command) throws IOException {
    var line = new ArrayList<String>();
    line.add(JDK.resolve("bin/jcmd").toString());
    line.add(Long.toString(pid()));
    line.addAll(List.of(command));
    var jcmd = new ProcessBuilder(line).redirectErrorStream(true).start();
    return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Returns its folder of logs. */
  Path logs() {
    return folder.resolve("out/parley/logs");
  }

  /** Hands over each line of the logs, of those that were rolled over too. */
  void eachLogged(Consumer<String> hearer) throws IOException {
    try (var files = Files.list(logs())) {
      for (var file : files.filter(each -> isMessages(each)).sorted().toList()) {
        try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
          lines.forEach(hearer);
        }
      }
    }
  }

  private static boolean isMessages(Path file) {
    return file.getFileName().toString().startsWith("messages");
  }

  @Override
  public void close() {
    kill();
    http.close();
  }
}
