package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.parley.testing.CertificateRequest;
import org.parley.testing.ClientIdentity;
import org.parley.testing.ControllerServer;
import org.parley.testing.Frame;
import org.parley.testing.FreePorts;
import org.parley.testing.PcpTestClient;
import org.parley.testing.PcpTestClient.Closed;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Subjects;
import org.parley.testing.TestPki;
import org.parley.testing.V2;

/** The broker as the one that dials (section 2.5), against a controller on loopback. */
class ControllersIT {
  private static final TestPki PKI = ServerProcess.PKI;
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String AGENT = "/pcp2/agent";
  private static final String REQUEST = "http://puppetlabs.com/rpc_blocking_request";
  private static final String RESPONSE = "http://puppetlabs.com/rpc_blocking_response";
  private static final ClientIdentity ORCHESTRATOR =
      PKI.intermediate().issue(CertificateRequest.server(Subjects.commonName("orchestrator")));

  private final HttpClient http = HttpClient.newHttpClient();

  private static Map<String, String> settings(int port, String grace) {
    return Map.of(
        "PARLEY_PCP_CONTROLLER_URIS",
        "wss://localhost:" + port + "/server",
        "PARLEY_PCP_CONTROLLER_GRACE",
        grace,
        "PARLEY_PCP_CONTROLLER_PING_INTERVAL",
        "1s");
  }

  private static ControllerServer controller(int port) throws IOException {
    return ControllerServer.start(PKI, ORCHESTRATOR, port);
  }

  private Health ready(ServerProcess server) throws IOException, InterruptedException {
    var uri = URI.create("http://localhost:" + server.httpPort() + "/health/ready");
    return Health.read(http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()));
  }

  private void awaitState(ServerProcess server, String state) {
    await()
        .atMost(SOON)
        .until(() -> ready(server).data("parley-controllers").getString("state", "").equals(state));
  }

  /** Its session has begun, which is just after the 101. */
  private static PcpTestClient associated(ServerProcess server, String commonName)
      throws IOException {
    var client = server.connect(commonName, AGENT);
    client.socket().send(Frame.ping());
    var _ = client.socket().readFrame(Frame.PONG, SOON);
    return client;
  }

  private static void assertRefused(ServerProcess server) throws IOException {
    try (RawWebSocket socket = server.handshake("late", AGENT)) {
      PlainAnswer.check(socket.answer(), 503);
      assertThat(socket.answer().body().strip()).isEqualTo("No controller is connected.");
      assertThat(socket.answer().header("Retry-After")).contains("5");
    }
  }

  @Test
  void givenController_whenItComesAndGoesWithinTheGrace_thenMessagesFlowAndNobodyIsDropped()
      throws Exception {
    int port = FreePorts.take();
    try (var server = ServerProcess.start("parley-controllers", settings(port, "10m"))) {
      assertThat(ready(server).status()).isEqualTo(503);
      assertThat(ready(server).up("parley-controllers")).isFalse();
      assertRefused(server);

      var first = controller(port);
      var link = first.awaitLink(SOON);
      assertThat(link.path()).isEqualTo("/server/server");
      assertThat(link.broker()).isEqualTo(PKI.broker().leaf());
      awaitState(server, "PRESENT");
      assertThat(ready(server).status()).isEqualTo(200);
      assertThat(ready(server).data("parley-controllers").getString("controller-1"))
          .isEqualTo("connected");
      try (var agent = associated(server, "ctl-agent")) {
        assertAsksAndIsAnswered(link, agent, port);
        assertRefusesWithoutLosingTheLink(link);
        assertThat(link.readFrame(SOON).opcode()).isEqualTo(Frame.PING);

        first.close();
        link.close();
        awaitState(server, "MISSING");
        assertRefused(server);
        try (var again = controller(port);
            var newLink = again.awaitLink(SOON)) {
          awaitState(server, "PRESENT");
          assertAsksAndIsAnswered(newLink, agent, port);

          server.askToStop();
          var close = newLink.readFrame(Frame.CLOSE, SOON);
          assertThat(close.closeCode()).isEqualTo(1001);
          assertThat(close.closeReason()).isEqualTo("Broker is stopping.");
        }
      }
      assertThat(server.ended(Duration.ofSeconds(15))).isTrue();
    }
  }

  private static void assertAsksAndIsAnswered(
      ControllerServer.Link link, PcpTestClient agent, int port) throws IOException {
    var uri = "pcp://localhost:" + port + "/server";
    link.sendText(V2.message(V2.id(1), REQUEST, "pcp://ctl-agent/agent", "{\"n\":1}"));
    assertThat(agent.awaitText(SOON))
        .isEqualTo(V2.relayed(V2.id(1), REQUEST, "pcp://ctl-agent/agent", uri, "{\"n\":1}"));

    agent.sendText(V2.message(V2.id(2), RESPONSE, uri, "{\"n\":2}"));
    assertThat(link.awaitText(SOON))
        .isEqualTo(V2.relayed(V2.id(2), RESPONSE, uri, "pcp://ctl-agent/agent", "{\"n\":2}"));
  }

  private static void assertRefusesWithoutLosingTheLink(ControllerServer.Link link)
      throws IOException {
    link.sendText(V2.message(V2.id(3), "hello", "pcp://ctl-agent/agent", "1"));
    assertThat(V2.withoutId(link.awaitText(SOON)))
        .isEqualTo(V2.error("Message not authorized.", V2.id(3)));
    link.sendText(V2.message(V2.id(4), REQUEST, "pcp://*/agent", "1"));
    assertThat(V2.withoutId(link.awaitText(SOON)))
        .isEqualTo(V2.error("Multiple recipients no longer supported.", V2.id(4)));
    link.sendText(
        V2.message(V2.id(5), V2.INVENTORY_REQUEST, "pcp:///server", "{\"query\":[\"pcp://*/*\"]}"));
    assertThat(V2.parse(link.awaitText(SOON)).getJsonObject("data"))
        .hasToString("{\"uris\":[\"pcp://ctl-agent/agent\"]}");
  }

  @Test
  void givenLostController_whenTheGracePasses_thenClientsAreClosedUntilItReturns()
      throws Exception {
    int port = FreePorts.take();
    try (var server = ServerProcess.start("parley-grace", settings(port, "2s"))) {
      var controller = controller(port);
      var link = controller.awaitLink(SOON);
      awaitState(server, "PRESENT");
      try (var agent = associated(server, "grace-agent")) {
        controller.close();
        link.close();

        assertThat(agent.awaitClose(SOON))
            .isEqualTo(new Closed(1011, "All controllers disconnected."));
      }
      assertThat(ready(server).status()).isEqualTo(503);
      assertRefused(server);

      try (var again = controller(port);
          var _ = again.awaitLink(SOON)) {
        awaitState(server, "PRESENT");
        server.connect("grace-agent", AGENT).close();
      }
    }
  }
}
