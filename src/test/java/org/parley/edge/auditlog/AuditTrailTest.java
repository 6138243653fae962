package org.parley.edge.auditlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.parley.edge.auditlog.Events.denied;
import static org.parley.edge.auditlog.Events.peer;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditResult;
import org.parley.edge.linelog.LineLog;
import org.parley.testing.mqtt.MovedClock;

class AuditTrailTest {
  private static final String HOSTILE = "a\r\n\"\\{\"result\":\"allowed\"}\u202e\u0000\ud800é";
  private static final AuditEvent STARTED =
      AuditEvent.of(AuditAction.START, AuditResult.DONE, "").with("version 1");

  @TempDir Path folder;
  private final MovedClock clock = new MovedClock();

  private AuditTrail trail(AuditLogForm form, Path path, int capacity) {
    return AuditTrail.open(form, new LineLog.Options(path, 1 << 20, 3, capacity), clock, clock);
  }

  private Path path() {
    return folder.resolve("audit.log");
  }

  private List<JsonObject> written(AuditTrail trail) throws IOException {
    trail.start();
    trail.close();
    return Files.readAllLines(path(), StandardCharsets.US_ASCII).stream()
        .map(AuditTrailTest::parse)
        .toList();
  }

  private static JsonObject parse(String line) {
    assertThat(line).matches("[ -~]+");
    try (var reader = Json.createReader(new StringReader(line))) {
      return reader.readObject();
    }
  }

  @Test
  void givenEvent_whenWritten_thenAllThatIsKnownAndNoMore() throws IOException {
    var trail = trail(AuditLogForm.JSON, path(), 10);
    trail.record(
        denied(peer("192.0.2.1", "client01", "c1"), "a/b").with("more"),
        () -> Optional.of("no-secrets"));
    trail.record(STARTED);

    var lines = written(trail);

    assertThat(lines)
        .containsExactly(
            parse(
                """
                {"time":"2026-01-01T00:00:00.000Z","level":"WARN","action":"publish",\
                "result":"denied","protocol":"mqtt-v5","listener":"tls",\
                "remote_address":"192.0.2.1","remote_port":50123,"identity":"client01",\
                "user_name":"user","serial":"1f","client":"c1","object":"a/b",\
                "reason":"not_authorized","rule":"no-secrets","detail":"more"}\
                """),
            parse(
                """
                {"time":"2026-01-01T00:00:00.000Z","level":"INFO","action":"start",\
                "result":"done","detail":"version 1"}\
                """));
  }

  @Test
  void givenHostileTexts_whenWritten_thenOnePrintableLineThatSaysThem() throws IOException {
    var trail = trail(AuditLogForm.JSON, path(), 10);
    trail.record(
        denied(peer(HOSTILE, HOSTILE, HOSTILE), HOSTILE).with(HOSTILE), () -> Optional.of(HOSTILE));

    var lines = written(trail);

    assertThat(lines).hasSize(1);
    var line = lines.getFirst();
    for (var key : List.of("remote_address", "identity", "client", "object", "rule", "detail")) {
      assertThat(line.getString(key)).as(key).isEqualTo(HOSTILE);
    }
    assertThat(line.getString("result")).isEqualTo("denied");
  }

  @Test
  void givenDenialsAgainAndAgain_whenTimePasses_thenCountedAndNoneIsLost() throws IOException {
    var trail = trail(AuditLogForm.JSON, path(), 10);
    var event = denied(peer("192.0.2.1", "client01", "c1"), "a");
    for (int i = 0; i < 1000; i++) {
      trail.record(event);
    }
    clock.advance(Duration.ofMinutes(1));
    trail.tick();
    trail.record(event);

    var lines = written(trail);

    assertThat(lines).extracting(line -> line.getInt("repeated", 0)).containsExactly(0, 999, 1);
    assertThat(trail.repeated()).isEqualTo(1000);
    assertThat(trail.events(AuditResult.DENIED)).isEqualTo(1001);
    assertThat(trail.dropped()).isZero();
  }

  @Test
  void givenEventsThatAreNoDenials_whenTheSame_thenALineEach() throws IOException {
    var trail = trail(AuditLogForm.JSON, path(), 10);
    trail.record(STARTED);
    trail.record(STARTED);

    assertThat(written(trail)).hasSize(2);
  }

  @Test
  void givenFullQueue_whenRecorded_thenLeftOutCountedAndSaid() throws IOException {
    var trail = trail(AuditLogForm.JSON, path(), 2);
    for (int i = 0; i < 5; i++) {
      trail.record(STARTED);
    }
    assertThat(trail.dropped()).isEqualTo(3);

    var lines = written(trail);

    assertThat(lines).hasSize(3);
    assertThat(lines.getLast().getInt("dropped_lines")).isEqualTo(3);
  }

  @Test
  void givenFileThatCannotBeWritten_whenRecorded_thenItShowsUntilItCan() throws IOException {
    var missing = folder.resolve("missing");
    try (var trail = trail(AuditLogForm.JSON, missing.resolve("log"), 10)) {
      trail.start();
      trail.record(STARTED);
      await().until(trail::failing);
      assertThat(trail.dropped()).isOne();

      Files.createDirectory(missing);
      await().until(() -> !trail.failing());
      trail.record(STARTED);
    }
    var lines = Files.readAllLines(missing.resolve("log"));
    assertThat(lines).hasSize(2);
    assertThat(parse(lines.getFirst()).getInt("dropped_lines")).isOne();
    assertThat(parse(lines.getLast()).getString("action")).isEqualTo("start");
  }

  @Test
  void givenNoLog_whenRecorded_thenNothingIsKeptOrAsked() {
    var trail = trail(AuditLogForm.OFF, path(), 10);
    trail.start();

    trail.record(
        denied(peer("192.0.2.1", "client01", "c1"), "a"),
        () -> {
          throw new AssertionError("asked");
        });
    trail.close();

    assertThat(folder).isEmptyDirectory();
    assertThat(trail.events(AuditResult.DENIED)).isZero();
  }
}
