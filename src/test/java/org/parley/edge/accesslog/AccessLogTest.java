package org.parley.edge.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.edge.linelog.LineLayout;
import org.parley.edge.linelog.LineLog;
import org.parley.edge.linelog.LogFolder;
import org.parley.pcp.broker.Outcome;
import org.parley.session.ClientSession;

/** The access log as the broker sees it: it never waits, and says what it left out. */
class AccessLogTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochMilli(Entries.TIME));
  private static final Logger LOGGER = Logger.getLogger(LineLog.class.getName());
  private static final int CAPACITY = 4;

  @TempDir Path folder;
  private final ClientSession session = Entries.session("192.0.2.1", 50_123);
  private final Recorded recorded = new Recorded();

  /** What operators are told. */
  private static final class Recorded extends Handler {
    final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord line) {
      if (line.getLevel().intValue() >= Level.INFO.intValue()) {
        lines.add(line.getLevel() + " " + line.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void listen() {
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(recorded);
  }

  @AfterEach
  void listenNoMore() {
    LOGGER.removeHandler(recorded);
    LOGGER.setUseParentHandlers(true);
  }

  private LineLog.Options options(Path path) {
    return new LineLog.Options(path, 1 << 20, 3, CAPACITY);
  }

  /** A log that does not write yet. */
  private AccessLog idle(Path path) {
    return new AccessLog(new ClassicLayout(), options(path), CLOCK);
  }

  private void sent(AccessLog log, String messageType) {
    log.record(
        Outcome.DELIVERED,
        session,
        Optional.of(Entries.message(messageType, "pcp://client02/agent")));
  }

  @Test
  void givenLogThatWasNeverStarted_whenClosed_thenNothingIsWrittenOrSaid() {
    var log = idle(folder.resolve("access.log"));
    sent(log, "example/one");

    log.close();

    assertThat(folder).isEmptyDirectory();
    assertThat(recorded.lines).isEmpty();
  }

  /** Returns one field of each line. */
  private static List<String> field(Path path, int number) throws IOException {
    return Files.readAllLines(path).stream().map(line -> line.split(" ", -1)[number]).toList();
  }

  @Test
  void givenFullQueue_whenRecorded_thenLeftOutAndCounted() throws IOException {
    var path = folder.resolve("log");
    var log = idle(path);

    for (int i = 0; i < CAPACITY + 3; i++) {
      sent(log, "m" + i);
    }
    assertThat(log.dropped()).isEqualTo(3);
    log.start();
    log.close();

    assertThat(field(path, 5)).containsExactly("m0", "m1", "m2", "m3", "-");
    assertThat(Files.readAllLines(path).getLast())
        .isEqualTo("[" + Entries.TIME_TEXT + "] DROPPED_LINES - - - - 3 -");
  }

  @Test
  void givenFullQueueThatWasWritten_whenRecorded_thenThereIsRoomAgain() throws IOException {
    var path = folder.resolve("log");
    var log = idle(path);
    for (int i = 0; i < CAPACITY + 1; i++) {
      sent(log, "old");
    }
    log.start();
    await().until(() -> Files.exists(path) && field(path, 1).contains("DROPPED_LINES"));

    sent(log, "new");
    log.close();

    assertThat(field(path, 5).getLast()).isEqualTo("new");
    assertThat(log.dropped()).isOne();
  }

  @Test
  void givenUnwritableFolder_whenRecorded_thenToldOnceAndCounted() {
    var log = idle(folder.resolve("missing/log"));
    log.start();

    sent(log, "a");
    await().until(() -> log.dropped() == 1);
    sent(log, "b");
    await().until(() -> log.dropped() == 2);
    log.close();

    assertThat(recorded.lines).hasSize(1);
    assertThat(recorded.lines.element())
        .startsWith("WARNING access log cannot be written, all else goes on: ")
        .contains("missing");
  }

  @Test
  void givenFolderThatCameBack_whenRecorded_thenWrittenWithWhatIsMissing() throws IOException {
    var path = folder.resolve("missing/log");
    var log = idle(path);
    log.start();
    sent(log, "lost");
    await().until(() -> log.dropped() == 1);

    Files.createDirectory(folder.resolve("missing"));
    await().until(() -> recorded.lines.size() == 2);
    sent(log, "kept");
    log.close();

    assertThat(field(path, 1)).containsExactly("DROPPED_LINES", "AUTHORIZATION_SUCCESS");
    assertThat(field(path, 6).getFirst()).isEqualTo("1");
    assertThat(recorded.lines).last().asString().startsWith("INFO access log is written again");
    assertThat(log.dropped()).isOne();
  }

  @Test
  void givenFullDevice_whenRecorded_thenDeliveryIsNotConcerned() {
    var log = idle(Path.of("/dev/full"));
    log.start();

    sent(log, "a");

    await().until(() -> log.dropped() == 1);
    log.close();
    assertThat(recorded.lines).hasSize(1);
  }

  /** Fails for one message type as a machine without memory would. */
  private record FailingLayout(LineLayout<AccessLogEntry> layout)
      implements LineLayout<AccessLogEntry> {
    @Override
    public void append(StringBuilder out, AccessLogEntry entry) {
      if (entry.message().orElseThrow().messageType().equals("fails")) {
        throw new OutOfMemoryError("test");
      }
      layout.append(out, entry);
    }

    @Override
    public void appendDropped(StringBuilder out, long timeMillis, long lines) {
      layout.appendDropped(out, timeMillis, lines);
    }
  }

  @Test
  void givenMemoryThatRanOut_whenRecordedLater_thenWrittenAndTheLostLinesCounted()
      throws IOException {
    var path = folder.resolve("log");
    var log = new AccessLog(new FailingLayout(new ClassicLayout()), options(path), CLOCK);
    sent(log, "lost");
    sent(log, "fails");
    log.start();
    await().until(() -> !recorded.lines.isEmpty());

    sent(log, "kept");
    log.close();

    assertThat(log.dropped()).isEqualTo(2);
    assertThat(field(path, 5)).contains("kept").doesNotContain("lost");
    assertThat(field(path, 1)).contains("DROPPED_LINES");
  }

  @Test
  void givenLinesThatWait_whenClosed_thenWritten() throws IOException {
    var path = folder.resolve("log");
    var log = AccessLog.open(AccessLogForm.JSON, options(path), CLOCK).orElseThrow();
    log.start();

    sent(log, "last");
    log.close();

    assertThat(path).content().startsWith("{\"time\":\"2026").contains("\"last\"").endsWith("}\n");
  }

  @Test
  void givenManyLines_whenWritten_thenInOrderOverSeveralWrites() throws IOException {
    var path = folder.resolve("log");
    var log =
        new AccessLog(new ClassicLayout(), new LineLog.Options(path, 1 << 20, 3, 2000), CLOCK);
    for (int i = 0; i < 2000; i++) {
      sent(log, "m" + i);
    }
    log.start();
    log.close();

    var types = field(path, 5);
    assertThat(types).hasSize(2000);
    for (int i = 0; i < types.size(); i++) {
      assertThat(types.get(i)).isEqualTo("m" + i);
    }
  }

  @Test
  void givenRunningLog_whenRecorded_thenWrittenSoon() {
    var path = folder.resolve("log");
    var log = AccessLog.open(AccessLogForm.CLASSIC, options(path), CLOCK).orElseThrow();
    log.start();

    sent(log, "soon");

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Files.exists(path) && Files.readString(path).contains(" soon "));
    log.close();
  }

  @Test
  void givenLogSwitchedOff_whenOpened_thenNone() throws IOException {
    assertThat(AccessLog.open(AccessLogForm.OFF, options(folder.resolve("log")), CLOCK)).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void givenEnvironment_whenAskedForTheFolder_thenTheServersOwn() {
    assertThat(LogFolder.of(Map.of())).isEqualTo(Path.of("logs"));
    assertThat(LogFolder.of(Map.of("LOG_DIR", "", "X_LOG_DIR", ""))).isEqualTo(Path.of("logs"));
    assertThat(LogFolder.of(Map.of("LOG_DIR", "/logs"))).isEqualTo(Path.of("/logs"));
    assertThat(LogFolder.of(Map.of("LOG_DIR", "/logs", "X_LOG_DIR", "/x")))
        .isEqualTo(Path.of("/x"));
  }
}
