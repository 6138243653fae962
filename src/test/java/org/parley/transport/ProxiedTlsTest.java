package org.parley.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.testing.ProxyHeaders.join;
import static org.parley.testing.ProxyHeaders.tlv;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.ClientHello;
import org.parley.testing.ProxyHeaders;
import org.parley.testing.TestPki;
import org.parley.transport.TlsOptions.ClientAuthentication;

/** A proxy's header in front of TLS: TLS comes behind it, and is what says who a peer is. */
class ProxiedTlsTest {
  private static final TestPki PKI = TestPki.shared();
  private static final int TLS_AES_128_GCM_SHA256 = 0x1301;
  private static final int SSL = 0x20;
  private static final int SSL_COMMON_NAME = 0x22;
  private static final byte[] HEADER = ProxyHeaders.from("192.0.2.1", 4711);

  private final BlockingQueue<ProxyRefusal> told = new LinkedBlockingQueue<>();

  private TcpFixture open(WireRecorder recorder, Duration limit, boolean listed) throws Exception {
    var context = TlsFixture.context(PKI.broker());
    var tls = TlsFixture.options(() -> context, ClientAuthentication.WANT, limit);
    var proxies =
        new ProxyOptions(
            address -> listed && address.isLoopbackAddress(),
            536,
            limit,
            (_, reason) -> told.add(reason));
    return TcpFixture.open(
        SocketKind.best(), TcpFixture.options(Optional.of(tls), proxies), recorder);
  }

  private static Socket tls(Socket below, boolean certificate) throws IOException {
    var context = certificate ? PKI.sslContext(PKI.client("tls01")) : PKI.anonymousContext();
    var host = InetAddress.getLoopbackAddress().getHostAddress();
    return context.getSocketFactory().createSocket(below, host, below.getPort(), true);
  }

  private static void assertEchoes(Socket socket) throws IOException {
    socket.getOutputStream().write("hello".getBytes(US_ASCII));
    assertThat(socket.getInputStream().readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
  }

  @Test
  void givenHeader_whenTlsFollows_thenChainOfTlsAndAddressOfTheHeader() throws Exception {
    var recorder = WireRecorder.echo();
    try (var tcp = open(recorder, WireRecorder.SOON, true);
        var client = tcp.connect()) {
      client.getOutputStream().write(HEADER);
      try (var socket = tls(client, true)) {
        assertEchoes(socket);

        var peer = recorder.next().wire.peer();
        assertThat(peer.transport()).isEqualTo("tls");
        assertThat(peer.remoteAddress()).isEqualTo("192.0.2.1");
        assertThat(peer.proxied()).isTrue();
        assertThat(peer.chain()).isEqualTo(PKI.client("tls01").chain());
      }
    }
  }

  /** The proxy says that it has verified a certificate: what it says of it is nothing here. */
  @Test
  void givenHeaderThatVouchesForACertificate_whenTlsHasNone_thenThereIsNone() throws Exception {
    var recorder = WireRecorder.echo();
    var verified = new byte[] {7, 0, 0, 0, 0};
    var header =
        ProxyHeaders.from(
            "192.0.2.1",
            4711,
            tlv(SSL, join(verified, tlv(SSL_COMMON_NAME, "tls01".getBytes(US_ASCII)))));
    try (var tcp = open(recorder, WireRecorder.SOON, true);
        var client = tcp.connect()) {
      client.getOutputStream().write(header);
      try (var socket = tls(client, false)) {
        assertEchoes(socket);

        assertThat(recorder.next().wire.peer().chain()).isEmpty();
      }
    }
  }

  @Test
  void givenHeaderAndHello_whenInOnePiece_thenTlsAnswers() throws Exception {
    try (var tcp = open(new WireRecorder(), WireRecorder.SOON, true);
        var client = tcp.connect()) {
      var hello = ClientHello.of(ClientHello.TLS_1_3, TLS_AES_128_GCM_SHA256).encode();
      client.getOutputStream().write(join(HEADER, hello));

      assertThat(client.getInputStream().read()).isEqualTo(22); // a handshake record
    }
  }

  @Test
  void givenListedProxy_whenTlsComesWithoutHeader_thenClosedBeforeIt() throws Exception {
    try (var tcp = open(new WireRecorder(), WireRecorder.SOON, true);
        var client = tcp.connect()) {
      var hello = ClientHello.of(ClientHello.TLS_1_3, TLS_AES_128_GCM_SHA256).encode();
      client.getOutputStream().write(hello);

      Data.readToTheEnd(client);
      awaitNone(tcp);
      assertThat(told).containsExactly(ProxyRefusal.NO_HEADER);
      assertThat(tcp.listener().failedHandshakes()).isZero();
    }
  }

  @Test
  void givenPeerThatIsNotListed_whenItSendsAHeader_thenNoTls() throws Exception {
    var recorder = new WireRecorder();
    try (var tcp = open(recorder, WireRecorder.SOON, false);
        var client = tcp.connect()) {
      client.getOutputStream().write(HEADER);

      Data.readToTheEnd(client);
      awaitNone(tcp);
      assertThat(recorder.none()).isTrue();
      assertThat(told).isEmpty();
      assertThat(tcp.listener().failedHandshakes()).isEqualTo(1);
      assertThat(tcp.listener().proxied()).isZero();
    }
  }

  /** The header's time is a part of the handshake's. */
  @ParameterizedTest
  @ValueSource(ints = {0, 6})
  void givenHandshakeThatStallsBehindAHeader_whenItsTimeIsOver_thenClosed(int bytesSent)
      throws Exception {
    try (var tcp = open(new WireRecorder(), Duration.ofMillis(300), true);
        var client = tcp.connect()) {
      var hello = ClientHello.of(ClientHello.TLS_1_3, TLS_AES_128_GCM_SHA256).encode();
      client.getOutputStream().write(HEADER);
      client.getOutputStream().write(hello, 0, bytesSent);

      Data.readToTheEnd(client);
      awaitNone(tcp);
      assertThat(tcp.listener().proxied()).isEqualTo(1);
      assertThat(tcp.listener().failedHandshakes()).isEqualTo(1);
      assertThat(told).isEmpty();
    }
  }

  private static void awaitNone(TcpFixture tcp) {
    Awaitility.await().atMost(WireRecorder.SOON).until(() -> tcp.listener().connections() == 0);
  }
}
