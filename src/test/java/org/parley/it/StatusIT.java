package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.V2;
import org.parley.testing.Wire;

/** The status pages, as the monitoring of a fleet asks for them. */
class StatusIT extends ServerUnderTest {
  private static final String SERVICES = "/status/v1/services";
  private static final String BROKER = SERVICES + "/broker-service";

  private static JsonObject document(String path) throws Exception {
    var answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse("none"))
        .startsWith("application/json");
    return V2.parse(answer.body());
  }

  private static HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://localhost:" + HTTP_PORT + path))
              .method(method, BodyPublishers.noBody())
              .build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void givenNoLevel_whenAsked_thenInfo() throws Exception {
    var status = document(BROKER);

    assertThat(status.keySet())
        .containsExactly(
            "service_version",
            "service_status_version",
            "detail_level",
            "state",
            "status",
            "active_alerts",
            "service_name");
    assertThat(status.getString("service_version")).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(status.getInt("service_status_version")).isOne();
    assertThat(status.getString("detail_level")).isEqualTo("info");
    assertThat(status.getString("state")).isEqualTo("running");
    assertThat(status.getString("service_name")).isEqualTo("broker-service");
    assertThat(status.getJsonArray("active_alerts")).isEmpty();
    assertThat(status.getJsonObject("status").keySet()).containsExactly("metrics");
  }

  @ParameterizedTest
  @CsvSource({"critical, 0", "info, 1", "debug, 3"})
  void givenLevel_whenAsked_thenSoMuch(String level, int parts) throws Exception {
    var status = document(BROKER + "?level=" + level);

    assertThat(status.getString("detail_level")).isEqualTo(level);
    assertThat(status.getJsonObject("status")).hasSize(parts);
  }

  @Test
  void givenAllServices_whenAsked_thenTheBroker() throws Exception {
    var services = document(SERVICES + "?level=critical");

    assertThat(services.keySet()).containsExactly("broker-service");
    assertThat(services.getJsonObject("broker-service"))
        .isEqualTo(document(BROKER + "?level=critical"));
  }

  @Test
  void givenSession_whenItSends_thenCountedAndNotNamed() throws Exception {
    int before = messages();
    try (var peer = connect("status-somebody", "/pcp2/agent")) {
      Echo.check(peer, "status-somebody");

      assertThat(messages()).isEqualTo(before + 1);
      var metrics = metrics();
      assertThat(metrics.getInt("puppetlabs.pcp.connections")).isPositive();
      for (var name : new String[] {"on-connect", "on-close", "on-message", "on-send"}) {
        var rates = metrics.getJsonObject("puppetlabs.pcp." + name).getJsonObject("rates");
        assertThat(rates.keySet()).containsExactly("1", "5", "15", "total");
      }
      assertThat(get(BROKER + "?level=debug").body())
          .doesNotContain("status-somebody", "pcp://", "127.0.0.1");
    }
  }

  private static JsonObject metrics() throws Exception {
    return document(BROKER).getJsonObject("status").getJsonObject("metrics");
  }

  private static int messages() throws Exception {
    return metrics().getJsonObject("puppetlabs.pcp.on-message").getInt("count");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/status/v1/simple", "/status/v1/simple/broker-service"})
  void givenRunningBroker_whenAskedSimply_thenOneWord(String path) throws Exception {
    var answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("running");
    assertThat(answer.headers().firstValue("Content-Type").orElse("none")).startsWith("text/plain");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
  }

  @Test
  void givenNoCertificate_whenAskedOverTls_thenTheSame() throws Exception {
    var page =
        OpeningHandshake.of("/status/v1/simple")
            .without("Upgrade")
            .without("Connection")
            .without("Sec-WebSocket-Key");
    try (var socket = RawWebSocket.open(Wire.tls(HTTPS_PORT, PKI.anonymousContext()), page)) {
      assertThat(socket.answer().status()).isEqualTo(200);
      assertThat(socket.answer().body()).isEqualTo("running");
      PlainAnswer.checkSaysNothing(socket.answer());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "all", "INFO", "%3Cscript%3E", "info%0d%0a", "info%00"})
  void givenBadLevel_whenAsked_then400WithoutIt(String level) throws Exception {
    var answer = get(BROKER + "?level=" + level);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("Use the level critical, info or debug.\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%zz", "%", "level=info&%zz=%", "x=%c3%28&level=info", "&&=&level=info"})
  void givenMalformedQuery_whenAsked_thenThePageAndNothingInTheLog(String query) throws Exception {
    var page =
        OpeningHandshake.of(BROKER + "?" + query)
            .without("Upgrade")
            .without("Connection")
            .without("Sec-WebSocket-Key");
    var log = ServerLog.fromNow();
    try (var socket = RawWebSocket.open(Wire.plain(HTTP_PORT), page)) {
      assertThat(socket.answer().status()).isEqualTo(200);
      assertThat(socket.answer().body()).contains("\"detail_level\":\"info\"");
      assertThat(log.lines()).noneMatch(line -> line.contains("SRVE"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/status",
        "/status/v1",
        "/status/v1/",
        "/status/v1/services/",
        "/status/v1/services/other-service",
        "/status/v1/simple/other-service",
        "/status/v1/services/broker-service/x",
        "/status/v1/services/broker-service;x=1",
        "/status/v1/%73ervices",
        "/status/v2/services"
      })
  void givenOtherPath_whenAsked_then404(String path) throws Exception {
    var page = OpeningHandshake.of(path).without("Upgrade").without("Connection");
    try (var socket = RawWebSocket.open(Wire.plain(HTTP_PORT), page)) {
      PlainAnswer.check(socket.answer(), 404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void givenOtherMethod_whenAsked_then405(String method) throws Exception {
    var answer = send(method, BROKER);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
    assertThat(answer.body()).isEqualTo("Use GET.\n");
  }

  @Test
  void givenHead_whenAsked_thenTheStatusWithoutABody() throws Exception {
    var answer = send("HEAD", BROKER);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }
}
