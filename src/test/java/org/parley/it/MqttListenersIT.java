package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.testing.CertificateRequest;
import org.parley.testing.ClientHello;
import org.parley.testing.ClientIdentity;
import org.parley.testing.Subjects;
import org.parley.testing.TestPki;
import org.parley.testing.Wire;

/** MQTT over TCP and TLS below MQTT: the listeners in the application's life. */
class MqttListenersIT extends ServerUnderTest {
  private static final ClientIdentity PEER = PKI.client("mqtt-listeners");
  private static final Duration RELOADED = Duration.ofSeconds(20);

  /** A packet of the reserved type 0: whoever sends it is cut. */
  private static final byte[] RESERVED = {0, 0};

  private static Socket tls(Wire wire) throws IOException {
    return wire.connect().socket();
  }

  private static Wire tls() {
    return Wire.tls(MQTTS_PORT, PKI.sslContext(PEER));
  }

  /** Says what is no MQTT, and reads to the end that follows. */
  private static void assertCut(Socket socket) throws IOException {
    socket.getOutputStream().write(RESERVED);
    try {
      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    } catch (SocketException _) {
      // reset: that is an end, too
    }
  }

  @Test
  void givenNoMqttOverTcp_whenSent_thenClosed() throws IOException {
    try (var socket = Wire.plain(MQTT_PORT).connect().socket()) {
      assertCut(socket);
    }
  }

  @Test
  @Tag("T29")
  void givenMqttOverTls_whenItsProtocolIsOffered_thenChosenAndServed() throws IOException {
    try (var socket = tls(tls().applicationProtocols("mqtt"))) {
      assertThat(((SSLSocket) socket).getApplicationProtocol()).isEqualTo("mqtt");
      assertThat(((SSLSocket) socket).getSession().getProtocol()).isEqualTo("TLSv1.3");
      assertCut(socket);
    }
  }

  @Test
  @Tag("T29")
  void givenOtherProtocolsOnly_whenOfferedToTls_thenRefused() {
    assertThatThrownBy(() -> tls(tls().applicationProtocols("h2")))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("no_application_protocol");
  }

  @Test
  @Tag("T26")
  void givenTls11_whenOffered_thenRefused() throws IOException {
    assertThat(ClientHello.of(ClientHello.TLS_1_1, 0xC014).sendTo(MQTTS_PORT))
        .isNotInstanceOf(ClientHello.Answer.Chosen.class);
  }

  @Test
  @Tag("T30")
  void givenWrongProtocol_whenSentToEitherPort_thenClosedAndOthersServed() throws IOException {
    try (var plainToTls = Wire.plain(MQTTS_PORT).connect().socket();
        var httpToTcp = Wire.plain(MQTT_PORT).connect().socket()) {
      plainToTls
          .getOutputStream()
          .write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      httpToTcp.getOutputStream().write(new byte[] {0});
      assertEnds(plainToTls);
      assertEnds(httpToTcp);
    }
    try (var socket = tls(tls())) {
      assertCut(socket);
    }
  }

  private static void assertEnds(Socket socket) throws IOException {
    try {
      var _ = socket.getInputStream().readAllBytes();
    } catch (SocketException _) {
      // reset: that is an end, too
    }
  }

  @Test
  void givenListeners_whenHealthIsAsked_thenReadyWithTheirFigures() throws Exception {
    var health = Health.awaitReady(true);

    assertThat(health.up("parley-mqtt-listeners")).isTrue();
    assertThat(health.data("parley-mqtt-listeners").getString("tcp")).isEqualTo("listening");
    assertThat(health.data("parley-mqtt-listeners").getString("tls")).isEqualTo("listening");
  }

  @Test
  void givenNewKeyStore_whenReplaced_thenUsedByNewConnections() throws IOException {
    var former = Files.readAllBytes(PKI.brokerKeyStore());
    var renewed =
        PKI.intermediate().issue(CertificateRequest.server(Subjects.commonName("broker.test")));
    try {
      replaceKeyStore(renewed.pkcs12(TestPki.PASSWORD));
      Awaitility.await().atMost(RELOADED).until(() -> brokerCertificate().equals(renewed.leaf()));
    } finally {
      replaceKeyStore(former);
    }
    Awaitility.await()
        .atMost(RELOADED)
        .until(() -> brokerCertificate().equals(PKI.broker().leaf()));
  }

  private static void replaceKeyStore(byte[] content) throws IOException {
    var next = PKI.brokerKeyStore().resolveSibling("broker.next");
    Files.write(next, content);
    Files.move(next, PKI.brokerKeyStore(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Certificate brokerCertificate() throws IOException {
    try (var socket = tls(tls())) {
      return ((SSLSocket) socket).getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void givenPortTaken_whenServerStarts_thenApplicationDoesNotAndOneLineSaysWhy() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = Integer.toString(taken.getLocalPort());
      try (var server =
          ServerProcess.start("parley-port-taken", Map.of("PARLEY_MQTT_PORT", port))) {
        Awaitility.await()
            .atMost(SOON)
            .untilAsserted(
                () ->
                    assertThat(server.console())
                        .contains("Parley does not start: parley.mqtt.port (PARLEY_MQTT_PORT) is"));
      }
    }
  }

  @Test
  void givenPortsOf0_whenServerRuns_thenReadyWithoutListeners() throws Exception {
    try (var server =
        ServerProcess.start(
            "parley-no-mqtt", Map.of("PARLEY_MQTT_PORT", "0", "PARLEY_MQTTS_PORT", "0"))) {
      var health = Health.ready(server.httpPort());

      assertThat(health.status()).isEqualTo(200);
      assertThat(health.data("parley-mqtt-listeners")).doesNotContainKeys("tcp", "tls");
      assertThatThrownBy(() -> Wire.plain(server.mqttPort()).connect())
          .isInstanceOf(IOException.class);
    }
  }
}
