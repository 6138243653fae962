package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.testing.FreePorts;
import org.parley.testing.PcpTestClient;

/** The configuration of Open Liberty is changed while the server runs. */
class ServerXmlIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  @Tag("X11")
  void givenOtherPort_whenConfigured_thenServedThereAloneAndBackAgain() throws Exception {
    try (var server = ServerProcess.start("parley-server-xml")) {
      int first = server.httpsPort();
      int second = FreePorts.take();
      server.connect("moved", "/pcp2/agent").close();

      server.override("<httpEndpoint id=\"defaultHttpEndpoint\" httpsPort=\"" + second + "\"/>");
      awaitServed(second);
      awaitRefused(first);

      server.override("");
      awaitServed(first);
      awaitRefused(second);
      assertThat(server.logged("FFDC")).isZero();
    }
  }

  private static void awaitServed(int port) {
    Awaitility.await()
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(
            () -> {
              var moved = ServerProcess.PKI.client("moved");
              try (var client =
                  PcpTestClient.connect(ServerProcess.PKI, moved, port, "/pcp2/agent")) {
                assertThat(client.closeInOrder(SOON).code()).isEqualTo(1000);
              }
            });
  }

  private static void awaitRefused(int port) {
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(ConnectException.class));
  }
}
