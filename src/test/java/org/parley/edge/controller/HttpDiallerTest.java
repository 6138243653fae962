package org.parley.edge.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.parley.core.CloseReason;
import org.parley.core.Outbound;
import org.parley.pcp.broker.ControllerAddress;
import org.parley.testing.CertificateRequest;
import org.parley.testing.ClientIdentity;
import org.parley.testing.ControllerServer;
import org.parley.testing.Frame;
import org.parley.testing.Subjects;
import org.parley.testing.TestPki;

/** The JDK's WebSocket against a server of our own: TLS, messages, the end. */
class HttpDiallerTest {
  private static final TestPki PKI = TestPki.shared();
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int MESSAGE_BYTES = 100_000;
  private static final ClientIdentity ORCHESTRATOR =
      PKI.intermediate().issue(CertificateRequest.server(Subjects.commonName("orchestrator")));

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();

  @AfterEach
  void stopTimer() {
    timer.shutdownNow();
  }

  /** Writes each event down. */
  private final class Recorder implements Dialler.Events {
    @Override
    public void opened(X509Certificate certificate) {
      events.add("opened " + certificate.getSubjectX500Principal().getName());
    }

    @Override
    public void text(String text) {
      events.add("text " + text);
    }

    @Override
    public void binary() {
      events.add("binary");
    }

    @Override
    public void pong(ByteBuffer payload) {
      events.add("pong " + StandardCharsets.US_ASCII.decode(payload.duplicate()));
    }

    @Override
    public void ended(String reason) {
      events.add("ended " + reason);
    }
  }

  private static LinkTls.Stores stores() {
    try {
      var password = TestPki.PASSWORD.toCharArray();
      return new LinkTls.Stores(
          KeyStore.getInstance(PKI.brokerKeyStore().toFile(), password),
          TestPki.PASSWORD,
          KeyStore.getInstance(PKI.trustStore().toFile(), password));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Dialler.Wire dial(String authority) {
    var limits = new LinkFixture().limits(MESSAGE_BYTES);
    return new HttpDialler(
            new LinkTls(HttpDiallerTest::stores),
            limits,
            (delay, task) -> {
              var _ = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
            })
        .dial(new ControllerAddress(authority, "/server"), new Recorder());
  }

  private String next() throws InterruptedException {
    var event = events.poll(SOON.toSeconds(), TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("nothing happened");
    }
    return event;
  }

  private ControllerServer.Link opened(ControllerServer server) throws InterruptedException {
    var link = server.awaitLink(SOON);
    assertThat(next()).isEqualTo("opened CN=orchestrator");
    return link;
  }

  @Test
  void givenNobodyThere_whenDialled_thenEnded() throws Exception {
    int port;
    try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = gone.getLocalPort();
    }

    dial("localhost:" + port);

    assertThat(next()).startsWith("ended ConnectException");
  }

  @Test
  void givenSilentServer_whenDialled_thenEndedAfterTheTimeout() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      dial("localhost:" + silent.getLocalPort());

      assertThat(next()).startsWith("ended Http").contains("Timeout");
    }
  }

  @Test
  void givenCertificateForAnotherHost_whenDialled_thenEnded() throws Exception {
    var other =
        PKI.intermediate()
            .issue(
                CertificateRequest.server(Subjects.commonName("orchestrator"))
                    .alternativeNames(new GeneralName(GeneralName.dNSName, "other.test")));
    try (var server = ControllerServer.start(PKI, other)) {
      dial(server.authority());

      assertThat(next()).startsWith("ended SSL").contains("localhost");
    }
  }

  @Test
  void givenCertificateOfAClient_whenDialled_thenEnded() throws Exception {
    try (var server = ControllerServer.start(PKI, PKI.client("not-a-server"))) {
      dial(server.authority());

      assertThat(next()).startsWith("ended SSL");
    }
  }

  @Test
  void givenController_whenDialled_thenItsPathOurCertificateAndNoSubprotocol() throws Exception {
    try (var server = ControllerServer.start(PKI, ORCHESTRATOR)) {
      var wire = dial(server.authority());
      try (var link = opened(server)) {
        assertThat(link.path()).isEqualTo("/server/server");
        assertThat(link.broker()).isEqualTo(PKI.broker().leaf());
        assertThat(link.tlsVersion()).isEqualTo("TLSv1.3");
        assertThat(link.headers()).doesNotContainKeys("Sec-WebSocket-Protocol", "Origin");
      }
      wire.abort();
    }
  }

  @Test
  void givenMessages_whenTheyComeInFragments_thenWhole() throws Exception {
    try (var server = ControllerServer.start(PKI, ORCHESTRATOR)) {
      var wire = dial(server.authority());
      try (var link = opened(server)) {
        var big = "ä".repeat(MESSAGE_BYTES / 2);
        link.send(Frame.text("first"));
        link.send(Frame.text(big).fragments(1000).toArray(Frame[]::new));
        link.send(Frame.binary((byte) 1, (byte) 2));

        assertThat(next()).isEqualTo("text first");
        assertThat(next()).isEqualTo("text " + big);
        assertThat(next()).isEqualTo("binary");
      }
      wire.abort();
    }
  }

  @Test
  void givenMessageOverTheLimit_whenItComesIn_thenClosed() throws Exception {
    try (var server = ControllerServer.start(PKI, ORCHESTRATOR)) {
      dial(server.authority());
      try (var link = opened(server)) {
        link.send(Frame.text("x".repeat(MESSAGE_BYTES + 1)));

        var close = link.readFrame(Frame.CLOSE, SOON);
        assertThat(close.closeCode()).isEqualTo(1008);
        assertThat(close.closeReason()).isEqualTo("Message too big.");
        assertThat(next()).isEqualTo("ended Message too big.");
      }
    }
  }

  @Test
  void givenPings_whenEitherSideSendsThem_thenAnswered() throws Exception {
    try (var server = ControllerServer.start(PKI, ORCHESTRATOR)) {
      var wire = dial(server.authority());
      try (var link = opened(server)) {
        link.send(Frame.ping((byte) 7));
        assertThat(link.readFrame(SOON).opcode()).isEqualTo(Frame.PONG);

        wire.ping(ByteBuffer.wrap("abc".getBytes(StandardCharsets.US_ASCII)));
        var ping = link.readFrame(SOON);
        assertThat(ping.opcode()).isEqualTo(Frame.PING);
        link.send(Frame.pong(ping.payload()));
        assertThat(next()).isEqualTo("pong abc");
      }
      wire.abort();
    }
  }

  @Test
  void givenWrites_whenDone_thenReceivedInOrderAndMasked() throws Exception {
    try (var server = ControllerServer.start(PKI, ORCHESTRATOR)) {
      var wire = dial(server.authority());
      try (var link = opened(server)) {
        wire.write(
            Outbound.Text.of("one"),
            ok -> wire.write(Outbound.Text.of("two"), done -> events.add("done " + ok + done)));

        var frame = link.readFrame(SOON);
        assertThat(frame.text()).isEqualTo("one");
        assertThat(frame.masked()).isTrue();
        assertThat(link.awaitText(SOON)).isEqualTo("two");
        assertThat(next()).isEqualTo("done truetrue");
      }
      wire.abort();
    }
  }

  @Test
  void givenControllerThatDoesNotRead_whenAborted_thenTheWriteInFlightEnds() throws Exception {
    try (var server = ControllerServer.start(PKI, ORCHESTRATOR)) {
      var wire = dial(server.authority());
      try (var _ = opened(server)) {
        wire.write(Outbound.Text.of("x".repeat(1 << 25)), ok -> events.add("written " + ok));

        wire.abort();

        assertThat(List.of(next(), next()))
            .containsExactlyInAnyOrder("ended ended by the broker", "written false");
      }
    }
  }

  @Test
  void givenClose_whenTheControllerAnswers_thenEndedOnce() throws Exception {
    try (var server = ControllerServer.start(PKI, ORCHESTRATOR)) {
      var wire = dial(server.authority());
      try (var link = opened(server)) {
        wire.close(CloseReason.STOPPING);
        var close = link.readFrame(Frame.CLOSE, SOON);
        assertThat(close.closeCode()).isEqualTo(1001);
        assertThat(close.closeReason()).isEqualTo("Broker is stopping.");
        link.send(Frame.of(Frame.CLOSE, close.payload()));

        assertThat(next()).startsWith("ended");
        assertEnd(link);
      }
      assertThat(events.poll(600, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  @Test
  void givenClose_whenTheControllerDoesNotAnswer_thenCut() throws Exception {
    try (var server = ControllerServer.start(PKI, ORCHESTRATOR)) {
      var wire = dial(server.authority());
      try (var link = opened(server)) {
        wire.close(CloseReason.STOPPING);

        assertThat(next()).isEqualTo("ended Broker is stopping.");
        assertEnd(link);
      }
    }
  }

  @Test
  void givenController_whenItCloses_thenAnsweredAndEnded() throws Exception {
    try (var server = ControllerServer.start(PKI, ORCHESTRATOR)) {
      dial(server.authority());
      try (var link = opened(server)) {
        link.send(Frame.close(1001, "bye\n"));

        assertThat(link.readFrame(Frame.CLOSE, SOON).opcode()).isEqualTo(Frame.CLOSE);
        assertThat(next()).isEqualTo("ended closed with 1001 \"bye\\u000A\"");
        assertEnd(link);
      }
    }
  }

  @Test
  void givenController_whenItIsGone_thenEnded() throws Exception {
    try (var server = ControllerServer.start(PKI, ORCHESTRATOR)) {
      var wire = dial(server.authority());
      opened(server).close();

      assertThat(next()).startsWith("ended");
      wire.write(Outbound.Text.of("late"), ok -> events.add("written " + ok));
      assertThat(next()).isEqualTo("written false");
    }
  }

  @Test
  void givenEndedLinks_whenLookedAt_thenNoThreadOfTheirsIsLeft() throws Exception {
    try (var server = ControllerServer.start(PKI, ORCHESTRATOR)) {
      for (int i = 0; i < 5; i++) {
        var wire = dial(server.authority());
        try (var _ = opened(server)) {
          wire.abort();
          assertThat(next()).startsWith("ended");
        }
      }
    }

    await()
        .atMost(SOON)
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("HttpClient")));
  }

  /** TCP has ended, however. */
  private static void assertEnd(ControllerServer.Link link) {
    assertThatThrownBy(
            () -> {
              while (true) {
                var _ = link.readFrame(SOON);
              }
            })
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
  }
}
