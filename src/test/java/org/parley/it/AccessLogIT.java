package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.testing.Frame;
import org.parley.testing.V2;

/** The access log that the server of a user writes: one line a message, whatever is in it. */
class AccessLogIT extends ServerUnderTest {
  private static final Path FILE = ServerLog.LOGS.resolve("pcp-access.log");
  private static final String OWN = "pcp://access-log/peer";
  private static final String FORGED = "x\\r\\n{\\\"outcome\\\":\\\"delivered\\\"}\\u202e";

  /** Returns the line of one message of ours; there is never more than one. */
  private static JsonObject lineWith(String text) {
    return await("line with " + text)
        .atMost(SOON)
        .until(
            () -> lines().filter(line -> line.toString().contains(text)).toList(),
            found -> !found.isEmpty())
        .stream()
        .reduce(
            (first, second) -> {
              throw new AssertionError("two lines: " + first + second);
            })
        .orElseThrow();
  }

  private static Stream<JsonObject> lines() throws IOException {
    return Files.readAllLines(FILE, StandardCharsets.US_ASCII).stream().map(AccessLogIT::parse);
  }

  private static JsonObject parse(String line) {
    try (var reader = Json.createReader(new StringReader(line))) {
      return reader.readObject();
    }
  }

  static Stream<Arguments> messages() {
    var example = "example";
    return Stream.of(
        arguments("delivered", "AUTHORIZATION_SUCCESS", example, OWN, ""),
        arguments("not-connected", "AUTHORIZATION_SUCCESS", example, "pcp://nobody/agent", ""),
        arguments("unknown-type", "AUTHORIZATION_SUCCESS", example, "pcp:///server", ""),
        arguments("not-authorized", "AUTHORIZATION_FAILURE", FORGED, OWN, ""),
        arguments("multiple-recipients", "MULTICAST_UNSUPPORTED", example, "pcp://*/agent", ""),
        arguments(
            "not-authenticated",
            "AUTHENTICATION_FAILURE",
            example,
            OWN,
            ",\"sender\":\"pcp://other/agent\""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void givenMessage_whenItsFateIsDecided_thenOneLine(
      String outcome, String classic, String messageType, String target, String more)
      throws Exception {
    var id = V2.id();
    try (var peer = live("access-log", "/pcp2/peer")) {
      peer.send(
          "{\"id\":\"%s\",\"message_type\":\"%s\",\"target\":\"%s\",\"data\":[1]%s}"
              .formatted(id, messageType, target, more));
      assertThat(peer.await(SOON)).contains(id);
    }

    var line = lineWith(id);

    assertThat(line.getString("outcome")).isEqualTo(outcome);
    assertThat(line.getString("classic_outcome")).isEqualTo(classic);
    assertThat(line.getString("level"))
        .isEqualTo(classic.equals("AUTHORIZATION_SUCCESS") ? "INFO" : "WARN");
    assertThat(Instant.parse(line.getString("time")))
        .isBetween(Instant.now().minus(Duration.ofMinutes(1)), Instant.now());
    assertThat(line.getString("remote_address")).isEqualTo("127.0.0.1");
    assertThat(line.getInt("remote_port")).isBetween(1024, 65_535);
    assertThat(line.getString("common_name")).isEqualTo("access-log");
    assertThat(line.getString("uri")).isEqualTo(OWN);
    assertThat(line.getString("protocol")).isEqualTo("pcp-v2");
    assertThat(line.getString("sender")).isEqualTo(more.isEmpty() ? OWN : "pcp://other/agent");
    assertThat(line.getString("message_type"))
        .isEqualTo(parse("{\"text\":\"" + messageType + "\"}").getString("text"));
    assertThat(line.getJsonArray("targets").getString(0)).isEqualTo(target);
    assertThat(line.getInt("data_length")).isEqualTo(3);
  }

  @Test
  void givenWhatIsNoMessage_whenReceived_thenOneLineWithoutIt() throws Exception {
    try (var peer = live("access-log-undecodable", "/pcp2/agent")) {
      peer.send(Frame.text("secret, and no JSON"));
      assertThat(V2.withoutId(peer.await(SOON))).isEqualTo(V2.couldNotDecode());
    }

    var line = lineWith("access-log-undecodable");

    assertThat(line.getString("outcome")).isEqualTo("undecodable");
    assertThat(line.keySet()).doesNotContain("id", "targets").hasSize(9);
    assertThat(Files.readString(FILE)).doesNotContain("secret");
  }

  @Test
  void givenServer_whenItWrites_thenNotForOthers() throws Exception {
    try (var peer = connect("access-log-mode", "/pcp2/agent")) {
      Echo.check(peer, "access-log-mode");
    }
    var _ = lineWith("access-log-mode");

    assertThat(Files.getPosixFilePermissions(FILE))
        .allMatch(permission -> !permission.name().startsWith("OTHERS"));
  }
}
