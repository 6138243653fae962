package org.parley.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.ClientIdentity;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;

/** Which requests get no session, and what they are told (R01-R04, A12, the Refusals table). */
class RefusalsIT extends ServerUnderTest {
  private static final ClientIdentity PEER = PKI.client("refusals-peer");

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "R01, /pcp2/server, 403",
    "R01, /pcp/server, 403",
    "R01, /pcp2/SERVER, 403",
    "R01, /pcp2/Server, 403",
    "R01, /pcp2/%73erver, 403",
    "R01, /pcp2/%53%45%52%56%45%52, 403",
    "R01, /pcp2/server%20, 400",
    "R01, /pcp2/server;x=1, 400",
    "R02, /pcp2/*, 400",
    "R02, /pcp2/%2A, 400",
    "R02, /pcp2/a%2Fb, 400",
    "R02, /pcp2/a%2fb, 400",
    "R02, /pcp2/a%252Fb, 400",
    "R02, /pcp2/a;x, 400",
    "R02, /pcp2/a%3Bx, 400",
    "R02, /pcp2/.., 400",
    "R02, /pcp2/., 400",
    "R02, /pcp2/%2e%2e, 400",
    "R02, /pcp2/%2E., 400",
    "R02, /pcp2/..%2fhealth, 400",
    "R02, /pcp2/%ED%A0%80, 400",
    "R02, /pcp2/%C3%A9, 400",
    "R02, /pcp2/a+b, 400",
    "R02, /pcp2/a\\b, 400",
    "R02, /pcp2/<img>, 400",
    "R02, /pcp2/a@b, 400",
    "R02, /pcp2/a/b, 404",
    "R02, /pcp2//, 404",
    "R02, /pcp2//agent, 404",
    "R02, /pcp2/agent/, 404",
    "R02, /pcp2/../health, 404",
    "R02, /pcp2/./agent, 404",
    "R02, /x/../pcp2/agent, 404",
    "R02, //pcp2/agent, 404",
    "R02, /PCP2/agent, 404",
    "R02, /%70cp2/agent, 404",
    "R02, /pcp2;x/agent, 404",
    "R02, /pcp2%2Fagent, 404",
    "R02, /pcp3/agent, 404",
    "R02, /pcp20, 404",
    "R02, /, 404",
    "R02, /mqtt, 400",
    "R02, /mqtt/, 404",
    "R02, /MQTT, 404",
    "R02, /admin/, 404",
    "R02, /api/v1/clients, 404",
    "R02, /WEB-INF/beans.xml, 404",
    "R03, /pcp2/controller, 403",
    "R03, /pcp/controller, 403",
    "R03, /pcp2/%63ontroller, 403",
  })
  void givenPath_whenAskedForAWebSocket_thenRefused(String row, String path, int status)
      throws IOException {
    assertRefused(path, status);
  }

  /** RFC 9110 7.8: a server may ignore the wish to upgrade; metrics are no WebSocket. */
  @Test
  void givenMetrics_whenAskedForAWebSocket_thenAnsweredInPlainHttp() throws IOException {
    try (var socket = handshake(PEER, "/metrics")) {
      assertThat(socket.answer().status()).isEqualTo(200);
    }
  }

  @Test
  @Tag("R02")
  void givenLongPath_whenAskedForAWebSocket_then400() throws IOException {
    assertRefused("/pcp2/" + "a".repeat(300), 400);
    assertRefused("/pcp2/" + "a".repeat(129), 400);
    assertRefused("/pcp2/" + "%61".repeat(129), 400);
  }

  @Test
  @Tag("R02")
  void givenRawUtf8_whenAskedForAWebSocket_then400() throws IOException {
    assertRefused("/pcp2/" + new String("agént".getBytes(UTF_8), ISO_8859_1), 400);
  }

  @ParameterizedTest(name = "{0} {1} is pcp://refusals-peer/{2}")
  @CsvSource({
    "R04, /pcp, agent",
    "R04, /pcp/, agent",
    "R04, /pcp2, agent",
    "R04, /pcp2/, agent",
    "R04, /pcp2?client_type=controller, agent",
    "R02, /pcp2/agent?x=%2F..%00&client_type=server, agent",
    "R02, /pcp2/%61gent, agent",
    "R02, /pcp2/agent;jsessionid=1, agent", // the container takes it away
    "R02, /pcp2/Controller, Controller",
    "R02, /pcp/a_b.c:d-e, a_b.c:d-e",
  })
  void givenPath_whenAskedForAWebSocket_thenSession(String row, String path, String clientType)
      throws IOException {
    var log = ServerLog.fromNow();
    try (var socket = handshake(PEER, path)) {
      assertThat(socket.upgraded()).isTrue();
      log.awaitLine("pcp://refusals-peer/" + clientType + " associated");
    }
  }

  @ParameterizedTest
  @Tag("R02")
  @ValueSource(strings = {"a|b", "A?|\u008e\u00a5\u00fe", "%zz", "%", "{}", "\""})
  void givenQueryThatIsNone_whenAskedForAWebSocket_thenSession(String query) throws IOException {
    var log = ServerLog.fromNow();
    try (var socket = handshake(PEER, "/pcp2/agent?" + query)) {
      assertThat(socket.upgraded()).isTrue();
      log.awaitLine("pcp://refusals-peer/agent associated");
    }
  }

  @Test
  @Tag("R02")
  void givenLongestClientType_whenAskedForAWebSocket_thenSession() throws IOException {
    try (var socket = handshake(PEER, "/pcp2/" + "a".repeat(128))) {
      assertThat(socket.upgraded()).isTrue();
    }
  }

  @ParameterizedTest(name = "405 for {0}")
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "FOO"})
  void givenOtherMethod_whenAskedForAWebSocket_then405(String method) throws IOException {
    var handshake =
        OpeningHandshake.of("/pcp2/agent")
            .requestLine(method + " /pcp2/agent HTTP/1.1")
            .header("Content-Length", "0");
    try (var socket = handshake(PEER, handshake)) {
      assertThat(socket.answer().header("Allow")).contains("GET");
      PlainAnswer.check(socket.answer(), 405);
    }
  }

  @Test
  void givenPage_whenAskedForWithoutUpgrade_then426() throws IOException {
    var page = OpeningHandshake.of("/pcp2/agent").without("Upgrade").without("Connection");
    try (var socket = handshake(PEER, page)) {
      PlainAnswer.check(socket.answer(), 426);
      assertThat(socket.answer().header("Upgrade")).contains("websocket");
    }
  }

  @ParameterizedTest(name = "403 for plain ws to {0}")
  @ValueSource(strings = {"/pcp2/agent", "/pcp2", "/pcp", "/pcp/agent"})
  void givenPlainWebSocket_whenAskedFor_then403(String path) throws IOException {
    try (var socket = RawWebSocket.open(Wire.plain(HTTP_PORT), OpeningHandshake.of(path))) {
      PlainAnswer.check(socket.answer(), 403);
    }
  }

  @Test
  void givenHead_whenAsked_then405WithoutBody() throws IOException {
    var head = OpeningHandshake.of("/pcp2/agent").requestLine("HEAD /pcp2/agent HTTP/1.1");
    try (var socket = handshake(PEER, head)) {
      assertThat(socket.answer().status()).isEqualTo(405);
      assertThat(socket.answer().body()).isEmpty();
    }
  }

  /** The container refuses it before the WAR sees it; what matters is that it echoes nothing. */
  @Test
  @Tag("A04")
  void givenTrace_whenAsked_then403WithoutEcho() throws IOException {
    var trace =
        OpeningHandshake.of("/pcp2/agent")
            .requestLine("TRACE /pcp2/agent HTTP/1.1")
            .header("Cookie", "secret");
    try (var socket = handshake(PEER, trace)) {
      assertThat(socket.answer().status()).isEqualTo(403);
      assertThat(socket.answer().body()).doesNotContain("secret");
      PlainAnswer.checkSaysNothing(socket.answer());
    }
  }

  @Test
  void givenRefusals_whenAGoodHandshakeFollows_thenSession() throws IOException {
    for (var path : new String[] {"/pcp2/*", "/pcp2/%zz", "/nowhere", "/pcp2/server"}) {
      try (var refused = handshake(PEER, path);
          var next = handshake(PEER, "/pcp2/after-refusal")) {
        assertThat(refused.upgraded()).isFalse();
        assertThat(next.upgraded()).isTrue();
      }
    }
  }

  /** Broken escapes do not reach the WAR; the container's answer repeats the path, escaped. */
  @ParameterizedTest(name = "{0} {1}: 400 by the container")
  @CsvSource({
    "R01, /pcp2/server%00",
    "R02, /pcp2/a%00",
    "R02, /pcp2/%0d%0aX:%20y",
    "R02, /pcp2/%u0061",
    "R02, /pcp2/%",
    "R02, /pcp2/%4",
    "R02, /pcp2/%zz",
    "R02, /pcp2/<script>%",
  })
  void givenBrokenEscape_whenAskedForAWebSocket_then400(String row, String path)
      throws IOException {
    try (var socket = handshake(PEER, path)) {
      assertThat(socket.answer().status()).isEqualTo(400);
      assertThat(socket.answer().body()).hasSizeLessThan(200).doesNotContain("<script");
      PlainAnswer.checkSaysNothing(socket.answer());
    }
  }

  @ParameterizedTest(name = "A12 {0}")
  @ValueSource(strings = {"header of 20 kB", "100 headers", "target of 20 kB", "no target"})
  @Tag("CVE-2024-22353")
  @Tag("CVE-2026-4410")
  void givenRequestTheHttpLayerRefuses_whenAnswered_thenNothingAboutTheServer(String what)
      throws IOException {
    var handshake = OpeningHandshake.of("/pcp2/agent");
    switch (what) {
      case "header of 20 kB" -> handshake.header("X", "x".repeat(20_000));
      case "100 headers" -> {
        for (int i = 0; i < 100; i++) {
          handshake.header("X-" + i, "x");
        }
      }
      case "target of 20 kB" -> handshake.requestLine("GET /" + "x".repeat(20_000) + " HTTP/1.1");
      default -> handshake.requestLine("GET");
    }
    try (var socket = handshake(PEER, handshake)) {
      assertThat(socket.answer().status()).isBetween(400, 499);
      PlainAnswer.checkSaysNothing(socket.answer());
    }
  }

  private static void assertRefused(String path, int status) throws IOException {
    try (var socket = handshake(PEER, path)) {
      PlainAnswer.check(socket.answer(), status);
    }
  }
}
