package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * A client that is a program of its own. It prints {@code message <qos> <retain> <topic> <payload>}
 * for what arrives, and a line that begins with {@code Subscribed} at SUBACK. Told to terminate, it
 * says DISCONNECT.
 */
final class ClientProgram implements Subscriber {
  /** The longest that a program may take for one thing, its start on a busy machine included. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Set to {@code required} where a program that is not installed is a failure. */
  private static final String CLIENTS = System.getProperty("parley.it.clients", "optional");

  private static final Pattern MESSAGE = Pattern.compile("message ([012]) ([01]) (\\S+) (.*)");

  private final Process process;
  private final Thread reader;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AtomicInteger taken = new AtomicInteger();

  private ClientProgram(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().unstarted(this::read);
  }

  static ClientProgram start(List<String> command) throws IOException {
    var program = new ClientProgram(new ProcessBuilder(command).redirectErrorStream(true).start());
    program.reader.start();
    return program;
  }

  /** Runs a program to its end, which must be a good one; returns what it printed. */
  static List<String> run(List<String> command) throws IOException {
    try (var program = start(command)) {
      program.awaitEnd();
      assertThat(program.process.exitValue()).as(program::toString).isZero();
      return program.lines;
    }
  }

  /** Starts a program that subscribes, and waits until it has. */
  static ClientProgram subscriber(List<String> command) throws IOException {
    var program = start(command);
    program.await(() -> program.lines.stream().anyMatch(line -> line.startsWith("Subscribed")));
    return program;
  }

  /**
   * Goes on only if this holds; else the test is skipped, or fails where the programs are required.
   */
  static void require(boolean present, String missing) {
    if (!present && CLIENTS.equals("required")) {
      fail(missing);
    }
    assumeTrue(present, missing);
  }

  /** Goes on only if this command is on the path. */
  static void require(String command, String debianPackage) {
    require(installed(command), command + " is missing: install the package " + debianPackage);
  }

  private static boolean installed(String command) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }

  private void read() {
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(lines::add);
    } catch (UncheckedIOException | IOException _) {
      // the end
    }
  }

  private void await(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .failFast(
            () -> assertThat(reader.isAlive() || condition.call()).as(this::toString).isTrue())
        .untilAsserted(() -> assertThat(condition.call()).as(this::toString).isTrue());
  }

  /** Returns the next line that tells of a message. */
  @Override
  public ClientMessage next() {
    int index = taken.getAndIncrement();
    await(() -> messages().size() > index);
    return messages().get(index);
  }

  /** Waits until it has printed exactly this line. */
  void awaitLine(String line) {
    await(() -> lines.contains(line));
  }

  private List<ClientMessage> messages() {
    return lines.stream()
        .map(MESSAGE::matcher)
        .filter(line -> line.matches())
        .map(
            line ->
                new ClientMessage(
                    line.group(3),
                    line.group(4),
                    Integer.parseInt(line.group(1)),
                    line.group(2).equals("1")))
        .toList();
  }

  @Override
  public void disconnect() {
    process.destroy();
    awaitEnd();
  }

  @Override
  public void cut() {
    process.destroyForcibly();
    awaitEnd();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void awaitEnd() {
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as(this::toString)
          .isTrue();
      reader.join(PATIENCE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return process.info().command().orElse("a program") + " printed " + lines;
  }
}
