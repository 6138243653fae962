package org.parley.testing.crash;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@link BrokerProcess} as a process that is started and killed. */
public final class BrokerVictim implements Victim {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
  private static final Duration END = Duration.ofSeconds(30);

  private final Path folder;
  private final String durability;
  private Map<String, String> environment = Map.of();
  private @Nullable Process process;
  private @Nullable BufferedReader output;

  /**
   * One that has not been started.
   *
   * @param folder empty, for the data and what else it writes
   * @param durability {@code fsync} or {@code os}
   */
  public BrokerVictim(Path folder, String durability) throws IOException {
    this.folder = folder.toAbsolutePath();
    this.durability = durability;
    Files.createDirectories(this.folder.resolve("library"));
  }

  /** Returns its data folder. */
  public Path data() {
    return folder.resolve("data");
  }

  /** Sets more of the environment for the next start. */
  public void environment(Map<String, String> more) {
    environment = Map.copyOf(more);
  }

  @Override
  public int start() throws IOException {
    launch();
    return Integer.parseInt(await("port"));
  }

  /** Starts it and kills it after this time, whether it has started by then or not. */
  public void stumble(Duration after) throws IOException, InterruptedException {
    launch();
    var _ = running().waitFor(after.toMillis(), TimeUnit.MILLISECONDS);
    kill();
  }

  private void launch() throws IOException {
    var command = new ArrayList<>(List.of(JAVA.toString()));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            BrokerProcess.class.getName(),
            data().toString(),
            durability));
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    // Where a kill while the native library is unpacked leaves it.
    builder.environment().put("ROCKSDB_SHAREDLIB_DIR", folder.resolve("library").toString());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("broker.log").toFile()));
    var started = builder.start();
    process = started;
    output = started.inputReader(StandardCharsets.UTF_8);
  }

  private Process running() {
    var now = process;
    if (now == null) {
      throw new IllegalStateException("not started");
    }
    return now;
  }

  /** Returns what stands behind this word at the beginning of a line that is to come. */
  private String await(String word) throws IOException {
    var lines = output;
    var line = lines == null ? null : lines.readLine();
    while (lines != null && line != null) {
      if (line.startsWith(word + " ")) {
        return line.substring(word.length() + 1);
      }
      line = lines.readLine();
    }
    throw new EOFException(
        "the broker has ended: " + Files.readString(folder.resolve("broker.log")));
  }

  /** What the disk has done. */
  public record Meter(long writes, long syncs, long commands) {}

  /** Asks what the disk has done since the start. */
  public Meter meter() throws IOException {
    var writer = running().outputWriter(StandardCharsets.UTF_8);
    writer.write("meter\n");
    writer.flush();
    var words = await("meter").split(" ", -1);
    return new Meter(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  /** Returns what it has written to its log since it was made. */
  public String log() throws IOException {
    return Files.readString(folder.resolve("broker.log"));
  }

  @Override
  public void kill() throws IOException {
    var killed = running();
    killed.destroyForcibly();
    try {
      if (!killed.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("it does not end");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (process != null) {
      kill();
    }
  }
}
