package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.mqtt.packet.ReasonCode.SUCCESS;

import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.ClientIdentity;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.PcpTestClient.Closed;
import org.parley.testing.RawWebSocket;
import org.parley.testing.TestCrls;
import org.parley.testing.Wire;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.WebSocketSocket;

/** Certificates that are revoked, before and while they are used (T09-T12, T28). */
class RevocationIT extends ServerUnderTest {
  private static final TestCrls CRLS = PKI.crls();
  private static final String AGENT = "/pcp2/agent";
  private static final OpeningHandshake MQTT = OpeningHandshake.of("/mqtt").subprotocol("mqtt");

  @AfterEach
  void restore() {
    installAndAwait(CRLS.empty());
    Health.awaitReady(true);
  }

  @Test
  @Tag("T09")
  void givenRevokedCertificate_whenConnecting_then401() throws IOException {
    var revoked = PKI.client("t09-revoked");
    installAndAwait(CRLS.revoking(revoked.leaf()));

    assertRefused(revoked, 401);
    assertAdmitted(PKI.client("t09-good"));
  }

  @Test
  @Tag("T09")
  void givenRevokedIntermediate_whenConnecting_then401() throws IOException {
    installAndAwait(CRLS.revokingIntermediate());

    assertRefused(PKI.client("t09-good"), 401);
  }

  @Test
  @Tag("T10")
  @Tag("2.12-20")
  void givenSession_whenItsCertificateIsRevoked_thenClosedAndNotLetInAgain() throws IOException {
    var revoked = PKI.client("t10-revoked");
    try (var victim = connect("t10-revoked", AGENT);
        var bystander = connect("t10-bystander", AGENT)) {
      Echo.check(victim, "t10-revoked");
      install(CRLS.revoking(revoked.leaf()));

      assertThat(victim.awaitClose(SOON)).isEqualTo(new Closed(1012, "CRL reloaded"));
      assertRefused(revoked, 401);
      Echo.check(bystander, "t10-bystander");
    }
  }

  @Test
  @Tag("T09")
  @Tag("T10")
  void givenMqttClient_whenItsCertificateIsRevoked_thenToldAndNotLetInAgain() throws IOException {
    var revoked = PKI.client("t10-mqtt-revoked");
    try (var victim = mqtt(revoked);
        var other = webSocket(revoked);
        var bystander = mqtt(PKI.client("t10-mqtt-bystander"))) {
      assertThat(victim.connect(ConnectBytes.v5("t10-a")).reason()).isEqualTo(SUCCESS);
      assertThat(other.connect(ConnectBytes.v5("t10-b")).reason()).isEqualTo(SUCCESS);
      assertThat(bystander.connect(ConnectBytes.v5("t10-c")).reason()).isEqualTo(SUCCESS);
      install(CRLS.revoking(revoked.leaf()));

      victim.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
      other.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
      try (var again = mqtt(revoked)) {
        again.send(ConnectBytes.v5("t10-a")).expectRefusal(ReasonCode.NOT_AUTHORIZED);
      }
      assertThat(bystander.sendHex("C0 00").next()).isInstanceOf(Pingresp.class);
    }
  }

  @Test
  @Tag("T11")
  void givenStaleCrl_whenMqttClientsConnect_thenNobodyNewIsLetInAndSessionsStay()
      throws IOException {
    try (var session = mqtt(PKI.client("t11-mqtt"))) {
      assertThat(session.connect(ConnectBytes.v5("t11-a")).reason()).isEqualTo(SUCCESS);
      installAndAwait(CRLS.stale());

      try (var late = mqtt(PKI.client("t11-mqtt-new"));
          var webSocket = handshake(PKI.client("t11-mqtt-new"), MQTT)) {
        late.send(ConnectBytes.v5("t11-b")).expectRefusal(ReasonCode.NOT_AUTHORIZED);
        PlainAnswer.check(webSocket.answer(), 503);
      }
      assertThat(session.sendHex("C0 00").next()).isInstanceOf(Pingresp.class);
    }
  }

  @ParameterizedTest(name = "T28 {0}")
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void givenTlsSessionOfMqtt_whenResumedAfterRevocation_thenNotAuthorized(String version)
      throws IOException {
    var identity = PKI.client("t28-mqtt-" + version.replace('.', '-'));
    var wire = Wire.tls(MQTTS_PORT, PKI.sslContext(identity)).versions(version);
    long first = establishedMillis(wire, SUCCESS);
    assertThat(establishedMillis(wire, SUCCESS)).as("resumed").isEqualTo(first);

    installAndAwait(CRLS.revoking(identity.leaf()));

    assertThat(establishedMillis(wire, ReasonCode.NOT_AUTHORIZED)).as("resumed").isEqualTo(first);
  }

  private static long establishedMillis(Wire wire, ReasonCode reason) throws IOException {
    var socket = (SSLSocket) wire.connect().socket();
    try (var peer = Peer.on(socket)) {
      assertThat(peer.connect(ConnectBytes.v5("t28")).reason()).isEqualTo(reason);
      return socket.getSession().getCreationTime();
    }
  }

  private static Peer mqtt(ClientIdentity identity) throws IOException {
    return Peer.on(Wire.tls(MQTTS_PORT, PKI.sslContext(identity)).connect().socket());
  }

  private static Peer webSocket(ClientIdentity identity) throws IOException {
    return Peer.on(new WebSocketSocket(handshake(identity, MQTT)));
  }

  @Test
  @Tag("T11")
  void givenStaleCrl_whenInForce_thenNotReadyAndNobodyNewIsLetIn() throws Exception {
    try (var session = connect("t11-session", AGENT)) {
      Echo.check(session, "t11-session");
      installAndAwait(CRLS.stale());

      var health = Health.awaitReady(false);
      assertThat(health.up("parley-certificates")).isFalse();
      assertThat(health.data("parley-certificates").getString("revocation"))
          .isEqualTo("a CRL is stale");
      try (var socket = handshake(PKI.client("t11-new"), AGENT)) {
        PlainAnswer.check(socket.answer(), 503);
        assertThat(socket.answer().header("Retry-After")).contains("5");
      }
      Echo.check(session, "t11-session");
    }
  }

  @Test
  @Tag("T11")
  void givenStaleCrlThatRevokes_whenInForce_thenItRevokesAllTheSame() throws IOException {
    try (var victim = connect("t11-revoked", AGENT)) {
      install(CRLS.stale(PKI.client("t11-revoked").leaf()));

      assertThat(victim.awaitClose(SOON)).isEqualTo(new Closed(1012, "CRL reloaded"));
      assertRefused(PKI.client("t11-revoked"), 401);
    }
  }

  @Test
  @Tag("T11")
  void givenNoCrlOfTheIssuer_whenConnecting_thenNotReadyAnd503() throws IOException {
    installAndAwait(CRLS.ofRootOnly());

    assertThat(Health.awaitReady(false).data("parley-certificates").getString("revocation"))
        .isEqualTo("a trusted authority has no CRL");
    assertRefused(PKI.client("t11-new"), 503);
  }

  static Stream<Arguments> unusable() {
    return Stream.of(
        argumentSet("T12 garbage", CRLS.garbage()),
        argumentSet("T12 empty file", ""),
        argumentSet("T12 binary", "\0\1\2\3"),
        argumentSet("T12 cut short", CRLS.empty().substring(0, CRLS.empty().length() * 3 / 4)),
        argumentSet("T12 other issuer", CRLS.otherIssuer()),
        argumentSet("T12 issuer's name, other key", CRLS.sameNameOtherKey()));
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("unusable")
  void givenUnusableFile_whenReloaded_thenTheFormerOneStaysInForce(String file) throws IOException {
    installAndAwait(CRLS.revoking(PKI.client("t12-revoked").leaf()));

    install(file);

    assertFormerInForce();
  }

  @Test
  @Tag("T12")
  void givenFileIsGone_whenReloaded_thenTheFormerOneStaysInForce() throws IOException {
    installAndAwait(CRLS.revoking(PKI.client("t12-revoked").leaf()));

    Files.delete(PKI.crlPem());

    assertFormerInForce();
  }

  @ParameterizedTest(name = "T28 {0} {1} {3}")
  @CsvSource({
    "TLSv1.2, /pcp2/agent, '', false",
    "TLSv1.3, /pcp2/agent, '', false",
    "TLSv1.2, /mqtt, mqtt, false",
    "TLSv1.3, /mqtt, mqtt, false",
    "TLSv1.2, /mqtt, mqtt, true",
    "TLSv1.3, /mqtt, mqtt, true"
  })
  void givenTlsSession_whenResumedAfterRevocation_then401(
      String version, String path, String subprotocol, boolean ownPort) throws IOException {
    var identity = PKI.client("t28-" + version.replace('.', '-') + subprotocol + ownPort);
    var wire =
        Wire.tls(ownPort ? MQTT_WSS_PORT : HTTPS_PORT, PKI.sslContext(identity)).versions(version);
    var asking = OpeningHandshake.of(path);
    var handshake = subprotocol.isEmpty() ? asking : asking.subprotocol(subprotocol);
    long first = establishedMillis(wire, handshake, 101);
    assertThat(establishedMillis(wire, handshake, 101)).as("resumed").isEqualTo(first);

    installAndAwait(CRLS.revoking(identity.leaf()));

    assertThat(establishedMillis(wire, handshake, 401)).as("resumed").isEqualTo(first);
  }

  /** When the TLS session was first established; a resumed one keeps that. */
  private static long establishedMillis(Wire wire, OpeningHandshake handshake, int status)
      throws IOException {
    try (var socket = RawWebSocket.open(wire, handshake)) {
      assertThat(socket.answer().status()).isEqualTo(status);
      return socket.tlsSession().orElseThrow().getCreationTime();
    }
  }

  private static void assertFormerInForce() throws IOException {
    var health = Health.awaitReady(false);
    assertThat(health.up("parley-certificates")).isFalse();
    assertThat(health.data("parley-certificates").getString("revocation")).isNotEqualTo("ok");
    assertRefused(PKI.client("t12-revoked"), 401);
    assertAdmitted(PKI.client("t12-good"));

    installAndAwait(CRLS.empty());

    Health.awaitReady(true);
    assertAdmitted(PKI.client("t12-revoked"));
  }

  private static void installAndAwait(String crls) {
    var log = ServerLog.fromNow();
    install(crls);
    log.awaitLine("CRL file read");
  }

  private static void assertRefused(ClientIdentity identity, int status) throws IOException {
    try (var socket = handshake(identity, AGENT)) {
      PlainAnswer.check(socket.answer(), status);
    }
  }

  private static void assertAdmitted(ClientIdentity identity) throws IOException {
    try (var socket = handshake(identity, AGENT)) {
      assertThat(socket.answer().status()).isEqualTo(101);
    }
  }
}
