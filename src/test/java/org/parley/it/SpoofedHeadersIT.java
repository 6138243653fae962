package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.PcpTestClient;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;

/** No header stands for a certificate, an address or TLS (T25). */
@Tag("T25")
class SpoofedHeadersIT extends ServerUnderTest {
  private static final String OTHER_ADDRESS = "192.0.2.7";

  /** Header lines by which proxies and web servers vouch for a client, with a good certificate. */
  static Stream<String> headers() throws CertificateEncodingException {
    var certificate = PKI.client("controller-victim").leaf();
    var base64 = Base64.getEncoder().encodeToString(certificate.getEncoded());
    var pem = "-----BEGIN CERTIFICATE-----" + base64 + "-----END CERTIFICATE-----";
    return Stream.of(
        "$WSCC: " + base64,
        "$WSCC: " + pem,
        "$WSSC: https",
        "$WSRA: " + OTHER_ADDRESS,
        "X-Client-Cert: " + pem,
        "X-SSL-Client-Cert: " + pem,
        "X-SSL-Client-CN: controller-victim",
        "SSL_CLIENT_CERT: " + pem,
        "SSL-Client-Cert: " + pem,
        "X-ARR-ClientCert: " + base64,
        "Client-Cert: :" + base64 + ":",
        "X-Forwarded-Client-Cert: Subject=\"CN=controller-victim\";Cert=\"" + pem + '"',
        "X-Forwarded-User: controller-victim",
        "X-Forwarded-For: " + OTHER_ADDRESS,
        "X-Forwarded-Proto: https",
        "Forwarded: for=" + OTHER_ADDRESS + ";proto=https");
  }

  @ParameterizedTest(name = "T25 {0}")
  @MethodSource("headers")
  void givenNoCertificate_whenAHeaderVouches_then401(String header) throws IOException {
    try (var socket =
        RawWebSocket.open(Wire.tls(HTTPS_PORT, PKI.anonymousContext()), with(header))) {
      PlainAnswer.check(socket.answer(), 401);
    }
  }

  @ParameterizedTest(name = "T25 {0}")
  @MethodSource("headers")
  void givenPlainHttp_whenAHeaderVouches_then403(String header) throws IOException {
    try (var socket = RawWebSocket.open(Wire.plain(HTTP_PORT), with(header))) {
      PlainAnswer.check(socket.answer(), 403);
    }
  }

  @ParameterizedTest(name = "T25 {0}")
  @MethodSource("headers")
  void givenOwnCertificate_whenAHeaderVouchesForAController_then403(String header)
      throws IOException {
    try (var socket = handshake(PKI.client("t25-agent"), with(header))) {
      PlainAnswer.check(socket.answer(), 403);
    }
  }

  @Test
  void givenAllTheHeaders_whenConnecting_thenOwnNameAndOwnAddress() throws Exception {
    var log = ServerLog.fromNow();
    var handshake = OpeningHandshake.of("/pcp2/agent");
    headers().forEach(header -> add(header, handshake));
    var wire = Wire.tls(HTTPS_PORT, PKI.sslContext(PKI.client("t25-all")));

    try (var client = PcpTestClient.connect(wire, handshake)) {
      assertThat(log.awaitLine("pcp://t25-all/agent associated")).endsWith("from 127.0.0.1");
      assertThat(client.closeInOrder(SOON).code()).isEqualTo(1000);
    }
    assertThat(log.lines())
        .noneMatch(line -> line.contains(OTHER_ADDRESS) || line.contains("controller-victim"));
  }

  private static OpeningHandshake with(String header) {
    return add(header, OpeningHandshake.of("/pcp2/controller"));
  }

  private static OpeningHandshake add(String header, OpeningHandshake handshake) {
    var parts = header.split(": ", 2);
    return handshake.header(parts[0], parts[1]);
  }
}
