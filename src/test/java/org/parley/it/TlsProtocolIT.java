package org.parley.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.ClientHello;
import org.parley.testing.ClientHello.Answer;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.ProxyHeaders;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;

/** What the HTTPS port speaks, and what it does with everything else (T26, T27, T29, T30). */
class TlsProtocolIT extends ServerUnderTest {
  private static final OpeningHandshake AGENT = OpeningHandshake.of("/pcp2/agent");
  private static final Duration A_FEW_SECONDS = Duration.ofSeconds(5);

  /** The suites of server.xml that a broker with an RSA key can use, by version. */
  private static final Map<Integer, List<Integer>> STRONG =
      Map.of(
          ClientHello.TLS_1_3,
          List.of(0x1301, 0x1302, 0x1303),
          ClientHello.TLS_1_2,
          List.of(0xC02F, 0xC030, 0xCCA8)); // ECDHE_RSA: AES_128_GCM, AES_256_GCM, CHACHA20

  private static final byte[] PROXY_HEADER = ProxyHeaders.from("192.0.2.1", 1);

  private static final List<Integer> TLS_PORTS = List.of(HTTPS_PORT, MQTTS_PORT, MQTT_WSS_PORT);

  private static final int[] OLD_SUITES = {
    0x002F, 0x0035, 0x000A, 0x0005, 0xC013, 0xC014, 0x0033, 0x0039, 0xC011, 0xC012
  };

  static List<Integer> tlsPorts() {
    return TLS_PORTS;
  }

  static Stream<Arguments> oldVersions() {
    return Stream.of(
        argumentSet("T26 SSL 3.0", ClientHello.SSL_3_0),
        argumentSet("T26 TLS 1.0", ClientHello.TLS_1_0),
        argumentSet("T26 TLS 1.1", ClientHello.TLS_1_1));
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("oldVersions")
  void givenOldVersion_whenOffered_thenRefused(int version) throws IOException {
    var answer = ClientHello.of(version, OLD_SUITES).sendTo(HTTPS_PORT);

    assertThat(answer).isEqualTo(new Answer.Closed());
    assertRefusedByMqtt(ClientHello.of(version, OLD_SUITES));
  }

  /** MQTT's port says why. */
  private static void assertRefusedByMqtt(ClientHello hello) throws IOException {
    assertThat(hello.sendTo(MQTTS_PORT)).isInstanceOf(Answer.Alert.class);
  }

  static Stream<Arguments> strongSuites() {
    return STRONG.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().stream()
                    .map(suite -> Arguments.of(entry.getKey(), suite, Integer.toHexString(suite))));
  }

  @ParameterizedTest(name = "T26 suite {2}")
  @MethodSource("strongSuites")
  void givenStrongSuite_whenOfferedAlone_thenChosen(int version, int suite, String name)
      throws IOException {
    for (int port : TLS_PORTS) {
      var answer = ClientHello.of(version, suite).sendTo(port);

      assertThat(answer).as("%d, %s", port, name).isInstanceOf(Answer.Chosen.class);
      if (answer instanceof Answer.Chosen chosen) {
        assertThat(chosen.version()).isEqualTo(version);
        assertThat(chosen.suite()).as(name).isEqualTo(suite);
      }
    }
  }

  /** All 65,536 numbers but the strong ones: RC4, 3DES, CBC, NULL, anonymous, export, unknown. */
  @ParameterizedTest(name = "T26 every other suite, version {0}")
  @ValueSource(ints = {ClientHello.TLS_1_2, ClientHello.TLS_1_3})
  void givenEveryOtherSuite_whenOffered_thenRefused(int version) throws IOException {
    var strong = STRONG.values().stream().flatMap(List::stream).toList();
    var answers = new HashSet<Answer>();
    for (int from = 0; from < 0x10000; from += 0x1000) {
      int[] others =
          IntStream.range(from, from + 0x1000).filter(n -> !strong.contains(n)).toArray();
      answers.add(ClientHello.of(version, others).sendTo(HTTPS_PORT));
      assertRefusedByMqtt(ClientHello.of(version, others));
    }
    assertThat(answers).containsExactly(new Answer.Closed());
  }

  @Test
  @Tag("T26")
  void givenFiniteFieldsOnly_whenOffered_thenRefused() throws IOException {
    var answer = ClientHello.finiteFieldsOnly(0x1301).sendTo(HTTPS_PORT);

    assertThat(answer).isEqualTo(new Answer.Closed());
  }

  @Test
  @Tag("T26")
  void givenAgentsTls_whenConnectingWithItsLeafOnly_thenSession() throws IOException {
    var wire =
        Wire.tls(HTTPS_PORT, PKI.sslContext(PKI.client("t26-agent").leafOnly()))
            .versions("TLSv1.2")
            .cipherSuites("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");

    try (var socket = RawWebSocket.open(wire, AGENT)) {
      assertThat(socket.upgraded()).isTrue();
      assertThat(socket.tlsSession().orElseThrow().getCipherSuite())
          .isEqualTo("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    }
  }

  @ParameterizedTest(name = "T27 renegotiation, port {0}")
  @MethodSource("tlsPorts")
  void givenTls12_whenTheClientRenegotiates_thenRefused(int port) throws IOException {
    var context = PKI.sslContext(PKI.client("t27-peer"));
    try (var socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) SOON.toMillis());
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.startHandshake();
      assertThat(endsWhenRenegotiating(socket)).isTrue();
    }
  }

  private static boolean endsWhenRenegotiating(SSLSocket socket) throws SocketTimeoutException {
    try {
      socket.startHandshake();
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException _) {
      return true;
    }
  }

  @ParameterizedTest(name = "T27 early data, port {0}")
  @MethodSource("tlsPorts")
  void givenEarlyData_whenSentWithTheClientHello_thenNotAccepted(int port) throws IOException {
    var hello =
        ClientHello.of(ClientHello.TLS_1_3, 0x1301)
            .extension(ClientHello.EARLY_DATA, "")
            .extension(45, "0101") // psk_dhe_ke
            .extension(
                ClientHello.PRE_SHARED_KEY,
                "0026" + "0020" + "ab".repeat(32) + "00000000" + "0021" + "20" + "cd".repeat(32));
    var early = HexFormat.of().parseHex("1703030040" + "00".repeat(64));

    var answer = hello.sendTo(port, early);

    // Neither pre_shared_key nor early_data: only supported_versions and key_share.
    assertThat(answer).isEqualTo(new Answer.Chosen(ClientHello.TLS_1_3, 0x1301, Set.of(43, 51)));
  }

  @ParameterizedTest(name = "T29 {0}")
  @ValueSource(strings = {"h2", "h2,http/1.1", "mqtt", "http/1.1"})
  @Tag("CVE-2023-44487")
  void givenApplicationProtocols_whenOffered_thenHttp11WithoutAnyChosen(String offered)
      throws IOException {
    var wire =
        Wire.tls(HTTPS_PORT, PKI.sslContext(PKI.client("t29-peer")))
            .applicationProtocols(offered.split(","));
    try (var socket = RawWebSocket.open(wire, AGENT)) {
      assertThat(socket.applicationProtocol()).isEmpty();
      assertThat(socket.upgraded()).isTrue();
    }
  }

  static Stream<Arguments> strangers() {
    return Stream.of(
        argumentSet("T30 HTTP to TLS", HTTPS_PORT, AGENT.encode()),
        argumentSet("T30 MQTT to TLS", HTTPS_PORT, mqttConnect()),
        argumentSet("T30 garbage to TLS", HTTPS_PORT, garbage()),
        argumentSet("P15 PROXY header to TLS", HTTPS_PORT, PROXY_HEADER),
        argumentSet("P15 PROXY header to HTTP", HTTP_PORT, PROXY_HEADER),
        argumentSet(
            "T30 TLS to HTTP", HTTP_PORT, ClientHello.of(ClientHello.TLS_1_3, 0x1301).encode()),
        argumentSet("T30 MQTT to HTTP", HTTP_PORT, mqttConnect()),
        argumentSet("T30 garbage to HTTP", HTTP_PORT, garbage()),
        argumentSet("T30 HTTP to MQTT's TLS", MQTTS_PORT, AGENT.encode()),
        argumentSet("T30 MQTT to MQTT's TLS", MQTTS_PORT, mqttConnect()),
        argumentSet("T30 garbage to MQTT's TLS", MQTTS_PORT, garbage()),
        argumentSet("P01 PROXY header to MQTT's TLS", MQTTS_PORT, PROXY_HEADER),
        argumentSet(
            "T30 TLS to MQTT", MQTT_PORT, ClientHello.of(ClientHello.TLS_1_3, 0x1301).encode()),
        argumentSet("T30 HTTP to MQTT", MQTT_PORT, AGENT.encode()),
        argumentSet("T30 garbage to MQTT", MQTT_PORT, garbage()),
        argumentSet("P01 PROXY header to MQTT", MQTT_PORT, PROXY_HEADER));
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("strangers")
  void givenAnotherProtocol_whenSpoken_thenClosedSoon(int port, byte[] bytes) throws IOException {
    var answer = new ByteArrayOutputStream();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) A_FEW_SECONDS.toMillis());
      socket.getOutputStream().write(bytes);
      socket.getInputStream().transferTo(answer);
    } catch (SocketException _) {
      // A reset is an end too; a timeout is none.
    }
    if (port == MQTTS_PORT) {
      assertThat(answer.toString(ISO_8859_1)).matches("(?s)(\u0015\u0003.{5})?"); // an alert
    } else if (port != HTTP_PORT) {
      assertThat(answer.toByteArray()).isEmpty();
    } else {
      assertThat(answer.toString(US_ASCII))
          .matches("(?s)(HTTP/1.1 400 Bad Request\r\n.*)?")
          .contains("Content-Length: 0")
          .doesNotContainIgnoringCase("exception");
    }
  }

  private static byte[] mqttConnect() {
    return HexFormat.of().parseHex("100d00044d51545404020000" + "0001" + "61");
  }

  private static byte[] garbage() {
    var bytes = new byte[200];
    new Random(30).nextBytes(bytes);
    return bytes;
  }
}
