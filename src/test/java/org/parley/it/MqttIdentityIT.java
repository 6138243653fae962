package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.ClientIdentity;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.WebSocketSocket;

/** The certificates of {@link TlsIdentityIT}, by MQTT over TLS and over WebSocket. */
class MqttIdentityIT extends ServerUnderTest {
  private static final String VERDICTS = "org.parley.it.TlsIdentityIT#";
  private static final OpeningHandshake MQTT = OpeningHandshake.of("/mqtt").subprotocol("mqtt");

  private static ConnectBytes packet() {
    return ConnectBytes.v5("mqtt-identity");
  }

  private static Wire tls(ClientIdentity identity) {
    return Wire.tls(MQTTS_PORT, PKI.sslContext(identity));
  }

  private static Peer overTls(ClientIdentity identity) throws IOException {
    return Peer.on(tls(identity).connect().socket());
  }

  /** The ports of WebSocket by TLS. */
  private static final int[] WEB_SOCKETS = {HTTPS_PORT, MQTT_WSS_PORT};

  private static RawWebSocket asking(int port, ClientIdentity identity) throws IOException {
    return RawWebSocket.open(Wire.tls(port, PKI.sslContext(identity)), MQTT);
  }

  private static Peer overWebSocket(int port, ClientIdentity identity) throws IOException {
    var socket = asking(port, identity);
    assertThat(socket.answer().status()).isEqualTo(101);
    return Peer.on(new WebSocketSocket(socket));
  }

  /** Says what comes of CONNECT: {@code closed}, or the first byte of an answer. */
  private static String connect(Wire wire) throws IOException {
    try (var socket = wire.connect().socket()) {
      socket.getOutputStream().write(packet().toByteArray());
      int first = socket.getInputStream().read();
      return first < 0 ? "closed" : Integer.toHexString(first);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException _) {
      return "closed"; // by an alert, or behind one
    }
  }

  @ParameterizedTest(name = "T01 no certificate, {0}")
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void givenNoCertificate_whenConnectingByTls_thenNotAuthorized(String version) throws IOException {
    var wire = Wire.tls(MQTTS_PORT, PKI.anonymousContext()).versions(version);
    try (var peer = Peer.on(wire.connect().socket())) {
      peer.send(packet()).expectRefusal(ReasonCode.NOT_AUTHORIZED);
    }
  }

  @ParameterizedTest(name = "T01 no certificate, {0}")
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void givenNoCertificate_whenAskingForMqtt_then401(String version) throws IOException {
    for (int port : WEB_SOCKETS) {
      var wire = Wire.tls(port, PKI.anonymousContext()).versions(version);

      assertThat(Attempt.handshake(wire, MQTT)).isEqualTo("401");
    }
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource(VERDICTS + "refusedByTls")
  void givenCertificateOfNoClientOfOurs_whenConnecting_thenTheTlsHandshakeFails(
      Supplier<ClientIdentity> identity) throws IOException {
    var context = PKI.sslContext(identity.get());
    for (var version : new String[] {"TLSv1.2", "TLSv1.3"}) {
      assertThat(connect(Wire.tls(MQTTS_PORT, context).versions(version)))
          .as(version)
          .isEqualTo("closed");
      for (int port : WEB_SOCKETS) {
        assertThat(Attempt.handshake(Wire.tls(port, context).versions(version), MQTT))
            .as("%s, %d", version, port)
            .matches("closed|alert \\w+");
      }
    }
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource(VERDICTS + "withoutIdentity")
  void givenCertificateWithoutUsableIdentity_whenConnecting_thenRefused(
      Supplier<ClientIdentity> identity) throws IOException {
    var client = identity.get();
    try (var peer = overTls(client)) {
      peer.send(packet()).expectRefusal(ReasonCode.NOT_AUTHORIZED);
    }
    for (int port : WEB_SOCKETS) {
      try (var socket = asking(port, client)) {
        PlainAnswer.check(socket.answer(), 401);
      }
    }
  }

  /** A user name without a password must be the identity, and so tells which one it is. */
  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource(VERDICTS + "withIdentity")
  void givenOddButUsableCertificate_whenConnecting_thenTheOneCommonNameIsTheIdentity(
      Supplier<ClientIdentity> identity, String commonName) throws IOException {
    var client = identity.get();
    for (int port : WEB_SOCKETS) {
      try (var tls = overTls(client);
          var webSocket = overWebSocket(port, client)) {
        assertIs(commonName, tls);
        assertIs(commonName, webSocket);
      }
      try (var tls = overTls(client);
          var webSocket = overWebSocket(port, client)) {
        assertIsNot("victim", tls);
        assertIsNot("victim", webSocket);
      }
    }
  }

  @Test
  @Tag("T21")
  void givenNamesThatDifferByCase_whenConnecting_thenTwoIdentities() throws IOException {
    try (var lower = overTls(PKI.client("t21-mqtt"));
        var upper = overTls(PKI.client("T21-MQTT"))) {
      assertIs("t21-mqtt", lower);
      assertIsNot("t21-mqtt", upper);
    }
  }

  @Test
  @Tag("T22")
  void givenTheBrokersOwnName_whenConnecting_thenAnOrdinaryPeerThatIsLogged() throws IOException {
    var twin = PKI.hostile().named("broker.test");
    var log = ServerLog.fromNow();
    try (var tls = overTls(twin)) {
      assertIs("broker.test", tls);
      assertThat(log.awaitLine("bears the broker's own name")).contains(" W MQTT client ");
    }
    try (var webSocket = overWebSocket(HTTPS_PORT, twin)) {
      assertIs("broker.test", webSocket);
    }
  }

  private static void assertIs(String commonName, Peer peer) {
    var connack = peer.connect(packet().userName(commonName));
    assertThat(connack.reason()).isEqualTo(ReasonCode.SUCCESS);
  }

  private static void assertIsNot(String commonName, Peer peer) {
    peer.send(packet().userName(commonName)).expectRefusal(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
  }

  @Test
  @Tag("T20")
  void givenLineBreaksInACertificate_whenRefused_thenTheLogHasThemEscapedOrNotAtAll()
      throws IOException {
    var forged = "t20\r\n[forged] mqtt\u202E\u001b[31m";
    var log = ServerLog.fromNow();
    assertThat(connect(tls(PKI.hostile().selfSigned(forged)))).isEqualTo("closed");
    try (var peer = overTls(PKI.hostile().named(forged))) {
      peer.send(packet()).expectRefusal(ReasonCode.NOT_AUTHORIZED);
    }

    assertThat(log.lines())
        .filteredOn(line -> line.contains("forged")) // one line a minute for refused clients
        .allMatch(line -> line.contains("t20\\u000D\\u000A[forged] mqtt\\u202E"));
    assertThat(log.lines())
        .noneMatch(line -> line.startsWith("[forged]") || line.startsWith("\tat "))
        .allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c <= '~'));
  }

  @ParameterizedTest(name = "T25 {0}")
  @MethodSource("org.parley.it.SpoofedHeadersIT#headers")
  void givenNoCertificate_whenAHeaderVouches_then401(String header) throws IOException {
    var parts = header.split(": ", 2);
    var vouching = OpeningHandshake.of("/mqtt").subprotocol("mqtt").header(parts[0], parts[1]);
    for (int port : WEB_SOCKETS) {
      try (var socket = RawWebSocket.open(Wire.tls(port, PKI.anonymousContext()), vouching)) {
        PlainAnswer.check(socket.answer(), 401);
      }
    }
  }
}
