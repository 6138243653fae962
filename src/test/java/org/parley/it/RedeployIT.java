package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.CertificateRequest;
import org.parley.testing.ClientIdentity;
import org.parley.testing.ControllerServer;
import org.parley.testing.Frame;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.PcpTestClient.Closed;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Subjects;
import org.parley.testing.Wire;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;

/** Deploying the WAR again and again on one server leaves nothing of the former ones behind. */
class RedeployIT {
  private static final int TIMES = Integer.getInteger("parley.redeploys", 20);
  private static final int TIMES_WITH_LINK = 6;
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ClientIdentity ORCHESTRATOR =
      ServerProcess.PKI
          .intermediate()
          .issue(CertificateRequest.server(Subjects.commonName("orchestrator")));

  /**
   * The running one, and the one whose classes asked for the loggers first: Open Liberty's logger
   * of a name keeps the class that asked first, and the next deployment gets the same logger.
   */
  private static final int LOADERS = 2;

  @Test
  @Tag("X10")
  void givenSessions_whenRedeployedManyTimes_thenNoThreadSocketOrClassLoaderStays()
      throws Exception {
    try (var server = ServerProcess.start("parley-redeploy")) {
      long threads = threads(server);
      long sockets = server.openSockets();

      for (int i = 0; i < TIMES; i++) {
        try (var device = Peer.on(Wire.plain(server.mqttPort()).connect().socket());
            var _ = tls(server);
            var agent = server.connect("redeploy", "/pcp2/agent");
            var controller = server.connect("redeploy", "/pcp2/controller")) {
          assertThat(device.connect(ConnectBytes.v5("redeploy")).reason())
              .isEqualTo(ReasonCode.SUCCESS);
          server.redeploy();
          device.expectDisconnect(ReasonCode.SERVER_SHUTTING_DOWN);
          var goodbye = new Closed(1001, "Broker is stopping.");
          assertThat(agent.awaitClose(Duration.ofSeconds(5))).isEqualTo(goodbye);
          assertThat(controller.awaitClose(Duration.ofSeconds(5))).isEqualTo(goodbye);
        }
      }

      assertThat(threads(server)).as("threads of Parley").isEqualTo(threads);
      Awaitility.await()
          .untilAsserted(() -> assertThat(server.openSockets()).isLessThanOrEqualTo(sockets));
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(
              () ->
                  assertThat(instances(server, "org.parley.edge.BrokerService"))
                      .as("deployments in memory")
                      .isLessThanOrEqualTo(LOADERS));
    }
  }

  @Test
  void givenControllerLink_whenRedeployed_thenItIsClosedAndNothingOfItStays() throws Exception {
    try (var controller = ControllerServer.start(ServerProcess.PKI, ORCHESTRATOR);
        var server =
            ServerProcess.start(
                "parley-redeploy-link",
                Map.of(
                    "PARLEY_PCP_CONTROLLER_URIS",
                    "wss://" + controller.authority(),
                    "PARLEY_MEMORY_SHED_PERCENT",
                    "1"))) {
      var link = controller.awaitLink(SOON);
      long threads = threads(server);
      long sockets = server.openSockets();

      for (int i = 0; i < TIMES_WITH_LINK; i++) {
        server.redeploy();
        var close = link.readFrame(Frame.CLOSE, SOON);
        assertThat(close.closeCode()).isEqualTo(1001);
        link.close();
        link = controller.awaitLink(SOON);
      }

      Awaitility.await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                assertThat(threads(server)).as("threads of Parley").isEqualTo(threads);
                assertThat(threadsNamed(server, "HttpClient-")).as("links").isOne();
                assertThat(server.openSockets()).isLessThanOrEqualTo(sockets);
              });
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(
              () ->
                  assertThat(instances(server, "org.parley.edge.BrokerService"))
                      .as("deployments in memory")
                      .isLessThanOrEqualTo(LOADERS));
      assertNobodyNewIsLetIn(server);
      link.close();
    }
  }

  /** Memory is full to one percent at any rate, and has been collected. */
  private static void assertNobodyNewIsLetIn(ServerProcess server) throws Exception {
    var health =
        Awaitility.await()
            .atMost(SOON)
            .until(() -> Health.ready(server.httpPort()), ready -> !ready.up("parley-memory"));
    assertThat(health.status()).isEqualTo(503);
    assertThat(health.up("parley-connections")).isTrue();
    var context = ServerProcess.PKI.sslContext(ServerProcess.PKI.client("redeploy"));
    try (var late =
        RawWebSocket.open(
            Wire.tls(server.httpsPort(), context), OpeningHandshake.of("/pcp2/agent"))) {
      PlainAnswer.check(late.answer(), 503);
      assertThat(late.answer().header("Retry-After")).contains("10");
    }
    try (var late = Peer.on(tls(server))) {
      late.send(ConnectBytes.v5("late"));
      late.expectRefusal(ReasonCode.SERVER_BUSY);
    }
  }

  private static Socket tls(ServerProcess server) throws IOException {
    var context = ServerProcess.PKI.sslContext(ServerProcess.PKI.client("redeploy-mqtt"));
    return Wire.tls(server.mqttsPort(), context).connect().socket();
  }

  private static long threads(ServerProcess server) throws IOException {
    return threadsNamed(server, "parley-");
  }

  private static long threadsNamed(ServerProcess server, String prefix) throws IOException {
    return server
        .jcmd("Thread.print")
        .lines()
        .filter(line -> line.startsWith("\"" + prefix))
        .count();
  }

  /** Counts live objects of all classes of that name; the command collects garbage first. */
  private static long instances(ServerProcess server, String className) throws IOException {
    // Each row is: number, instances, bytes, class name.
    var row =
        Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+" + Pattern.quote(className) + "\\s*");
    return server
        .jcmd("GC.class_histogram")
        .lines()
        .map(row::matcher)
        .filter(Matcher::matches)
        .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
        .sum();
  }
}
