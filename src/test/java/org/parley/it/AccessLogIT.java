package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.ClientIdentity;
import org.parley.testing.Frame;
import org.parley.testing.V2;
import org.parley.testing.Wire;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;

/**
 * The access log that the server of a user writes: one line a message, whatever is in it; and its
 * audit log.
 */
class AccessLogIT extends ServerUnderTest {
  private static final Path FILE = ServerLog.LOGS.resolve("pcp-access.log");
  private static final Path AUDIT = ServerLog.LOGS.resolve("audit.log");
  private static final String OWN = "pcp://access-log/peer";
  private static final String FORGED = "x\\r\\n{\\\"outcome\\\":\\\"delivered\\\"}\\u202e";

  /** Returns the line of one message of ours; there is never more than one. */
  private static JsonObject lineWith(String text) {
    return await("line with " + text)
        .atMost(SOON)
        .until(
            () -> lines(FILE).filter(line -> line.toString().contains(text)).toList(),
            found -> !found.isEmpty())
        .stream()
        .reduce(
            (first, second) -> {
              throw new AssertionError("two lines: " + first + second);
            })
        .orElseThrow();
  }

  private static Stream<JsonObject> lines(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.US_ASCII).stream().map(AccessLogIT::parse);
  }

  /** Returns the first line about somebody, with this action and result. */
  private static JsonObject audited(String action, String result, String who) {
    return await(action + " " + result + " " + who)
        .atMost(SOON)
        .until(
            () ->
                lines(AUDIT)
                    .filter(line -> line.getString("action", "").equals(action))
                    .filter(line -> line.getString("result", "").equals(result))
                    .filter(line -> line.toString().contains(who))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
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

  @Test
  void givenPcpPeer_whenItComesIsDeniedAndGoes_thenTheAuditLogSaysWhoAndNoBody() throws Exception {
    var name = "audit-log-pcp";
    try (var peer = live(name, "/pcp2/peer")) {
      peer.send(
          "{\"id\":\"%s\",\"message_type\":\"%s\",\"target\":\"%s\",\"data\":\"%s\"}"
              .formatted(V2.id(), FORGED, "pcp://" + name + "/peer", "canary-body"));
      assertThat(peer.await(SOON)).contains("Message not authorized.");
    }
    assertThat(handshake(PKI.client(name), "/pcp2/controller").upgraded()).isFalse();

    var came = audited("connect", "allowed", name);
    assertThat(came.getString("identity")).isEqualTo(name);
    assertThat(came.getString("client")).isEqualTo("pcp://" + name + "/peer");
    assertThat(came.getString("listener")).isEqualTo("wss");
    assertThat(came.getInt("remote_port")).isPositive();
    assertThat(came.getString("serial"))
        .isEqualTo(PKI.client(name).leaf().getSerialNumber().toString(16));
    assertThat(audited("send", "denied", name).getString("detail"))
        .isEqualTo("message_type x\r\n{\"outcome\":\"delivered\"}\u202e");
    assertThat(audited("disconnect", "done", name).getString("reason")).isNotEmpty();
    var refused = audited("connect", "denied", name);
    assertThat(refused.getString("rule")).isNotEmpty();
    assertThat(refused.getString("client")).isEqualTo("pcp://" + name + "/controller");
    assertThat(Files.readString(AUDIT)).doesNotContain("canary");
  }

  @Test
  void givenMqttClient_whenItComesAndGoesAndCannotLogIn_thenTheAuditLogSaysSoAndNoSecret()
      throws Exception {
    var name = "audit-log-mqtt";
    var identity = PKI.client(name);
    try (var peer = Peer.on(mqtts(identity))) {
      peer.connect(ConnectBytes.v5("audit-id\"\u202e"));
      peer.publish("canary-topic", "canary-payload", 1);
      peer.disconnect();
    }
    try (var guesser = Peer.on(mqtts(identity))) {
      guesser.send(ConnectBytes.v5("guesser").userName("audit-user").password("canary-password"));
      guesser.expectRefusal(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    }

    var came = audited("connect", "allowed", name);
    assertThat(came.getString("client")).isEqualTo("audit-id\"\u202e");
    assertThat(came.getString("protocol")).isEqualTo("mqtt-v5");
    assertThat(came.getString("listener")).isEqualTo("tls");
    assertThat(came.getString("serial")).isEqualTo(identity.leaf().getSerialNumber().toString(16));
    assertThat(audited("disconnect", "done", name).getString("detail")).isEqualTo("by the client");
    var guess = audited("connect", "denied", "audit-user");
    assertThat(guess.getString("reason")).isEqualTo("bad_user_name_or_password");
    assertThat(guess.getString("client")).isEqualTo("guesser");
    assertThat(Files.readString(AUDIT)).doesNotContain("canary");
    assertThat(Files.getPosixFilePermissions(AUDIT))
        .allMatch(permission -> !permission.name().startsWith("OTHERS"));
  }

  private static Socket mqtts(ClientIdentity identity) throws IOException {
    return Wire.tls(MQTTS_PORT, PKI.sslContext(identity))
        .applicationProtocols("mqtt")
        .connect()
        .socket();
  }

  @Test
  void givenBroker_whenItStartsAndItsFilesChange_thenTheAuditLogSaysSo() throws Exception {
    assertThat(audited("start", "done", "version").getString("level")).isEqualTo("INFO");

    install(Files.readString(PKI.crlPem()));

    assertThat(audited("reload", "changed", "parley.crl").getString("level")).isEqualTo("INFO");
  }
}
