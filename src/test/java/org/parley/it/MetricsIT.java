package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.ClientIdentity;

/** The metrics of a real server, as Prometheus asks for them. */
class MetricsIT extends ServerUnderTest {

  private static HttpResponse<String> send(String method) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://localhost:" + HTTP_PORT + "/metrics"))
              .method(method, BodyPublishers.noBody())
              .build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void givenNobodyInParticular_whenItAsks_thenTheTextOfPrometheus() throws Exception {
    try (var nobody = connect("metrics-nobody", "/pcp2/agent")) {
      Echo.check(nobody, "metrics-nobody");

      var answer = send("GET");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type").orElse("none"))
          .matches("text/plain; ?version=0\\.0\\.4; ?charset=utf-8");
      assertThat(answer.body().lines())
          .contains(
              "parley_running 1",
              "# TYPE parley_mqtt_packets_total counter",
              "# TYPE parley_mqtt_delivery_latency_seconds histogram")
          .anyMatch(line -> line.matches("parley_mqtt_retained_messages [1-9][0-9]*"))
          .anyMatch(line -> line.matches("parley_websocket_connections [1-9][0-9]*"))
          .anyMatch(line -> line.matches("parley_pcp_associations_total [1-9][0-9]*"))
          .anyMatch(line -> line.matches("process_open_fds [1-9][0-9]*"));
      assertThat(answer.body()).doesNotContain("metrics-nobody");
    }
  }

  @Test
  void givenTls_whenAskedWithoutACertificate_thenTheSame() throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + HTTPS_PORT + "/metrics")).build();
    try (var client =
        HttpClient.newBuilder().sslContext(ClientIdentity.anonymous(PKI.authorities())).build()) {
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
  void givenOtherMethod_whenAsked_then405(String method) throws Exception {
    var answer = send(method);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
  }
}
