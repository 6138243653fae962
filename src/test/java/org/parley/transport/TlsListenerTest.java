package org.parley.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.CertificateRequest;
import org.parley.testing.ClientHello;
import org.parley.testing.ClientIdentity;
import org.parley.testing.HostileIdentities;
import org.parley.testing.Subjects;
import org.parley.testing.TestPki;
import org.parley.testing.Wire;
import org.parley.transport.TlsOptions.ClientAuthentication;

/** Wires over TLS: who gets one, what it knows of the peer, how it ends. */
class TlsListenerTest {
  private static final TestPki PKI = TestPki.shared();
  private static final HostileIdentities HOSTILE = PKI.hostile();
  private static final int TLS_AES_128_GCM_SHA256 = 0x1301;
  private static final int TLS_RSA_WITH_AES_128_CBC_SHA = 0x002F;

  /** What the JDK says when there is no group that both know. */
  private static final int UNEXPECTED_MESSAGE = 10;

  private static final int NO_APPLICATION_PROTOCOL = 120;

  private static TlsOptions options(TlsContextProvider contexts, ClientAuthentication client) {
    return TlsFixture.options(contexts, client, WireRecorder.SOON);
  }

  private static TcpFixture open(WireRecorder recorder) throws Exception {
    return open(recorder, ClientAuthentication.WANT);
  }

  private static TcpFixture open(WireRecorder recorder, ClientAuthentication client)
      throws Exception {
    var context = TlsFixture.context(PKI.broker());
    return open(recorder, options(() -> context, client));
  }

  private static TcpFixture open(WireRecorder recorder, TlsOptions options) throws Exception {
    return TcpFixture.open(SocketKind.best(), TcpFixture.options(options), recorder);
  }

  private static Wire wire(TcpFixture tls, String commonName) {
    return Wire.tls(tls.port(), PKI.sslContext(PKI.client(commonName)));
  }

  private static void assertEchoes(Socket socket) throws IOException {
    socket.getOutputStream().write("hello".getBytes(US_ASCII));
    assertThat(socket.getInputStream().readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void givenCertificate_whenConnected_thenChainIsHandedOverAndBytesPass(String version)
      throws Exception {
    var recorder = WireRecorder.echo();
    try (var tls = open(recorder);
        var socket = wire(tls, "tls01").versions(version).connect().socket()) {
      assertEchoes(socket);

      var peer = recorder.next().wire.peer();
      assertThat(peer.transport()).isEqualTo("tls");
      assertThat(peer.chain()).isEqualTo(PKI.client("tls01").chain());
      assertThat(peer.remotePort()).isEqualTo(socket.getLocalPort());
    }
  }

  /** RFC 8446 6.1: whoever sends close_notify has said all, also with TCP still open. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void givenPeer_whenItEndsTlsAndLeavesTcpOpen_thenTheWireIsClosed(String version)
      throws Exception {
    var recorder = WireRecorder.echo();
    try (var tls = open(recorder);
        var socket = (SSLSocket) wire(tls, "tls01").versions(version).connect().socket()) {
      assertEchoes(socket);
      var recorded = recorder.next();

      socket.shutdownOutput();

      recorded.awaitClosed();
      assertThat(recorded.closes).hasValue(1);
    }
  }

  @Test
  void givenNoCertificate_whenWanted_thenWireWithoutChain() throws Exception {
    var recorder = WireRecorder.echo();
    try (var tls = open(recorder);
        var socket = Wire.tls(tls.port(), PKI.anonymousContext()).connect().socket()) {
      assertEchoes(socket);

      assertThat(recorder.next().wire.peer().chain()).isEmpty();
    }
  }

  @Test
  @Tag("rabbitmq-17298")
  void givenNoCertificate_whenRequired_thenNoWire() throws Exception {
    var recorder = WireRecorder.echo();
    try (var tls = open(recorder, ClientAuthentication.REQUIRE)) {
      assertRefused(Wire.tls(tls.port(), PKI.anonymousContext()));

      try (var good = wire(tls, "tls01").connect().socket()) {
        assertEchoes(good);
      }
      recorder.next();
      assertThat(recorder.none()).isTrue();
      assertThat(tls.listener().failedHandshakes()).isEqualTo(1);
    }
  }

  static Stream<Arguments> refused() {
    return Stream.<Arguments>of(
        client("T02 self-signed", HOSTILE::selfSigned),
        client("T03 other CA, same name", HOSTILE::otherAuthoritySameName),
        client("T04 expired", HOSTILE::expired),
        client("T05 not yet valid", HOSTILE::notYetValid),
        client("T06 serverAuth only", HOSTILE::serverOnly),
        client("T07 CA", HOSTILE::authorityAsClient),
        client("T08 issued by a leaf", HOSTILE::issuedByLeaf),
        client("T14 1 MB", HOSTILE::megabyteChain));
  }

  private static Arguments client(String name, Supplier<ClientIdentity> identity) {
    return Arguments.argumentSet(name, identity);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void givenBadCertificate_whenOnlyWanted_thenStillNoWire(Supplier<ClientIdentity> identity)
      throws Exception {
    var recorder = WireRecorder.echo();
    try (var tls = open(recorder)) {
      assertRefused(Wire.tls(tls.port(), PKI.sslContext(identity.get())));

      assertThat(recorder.none()).isTrue();
      awaitNone(tls);
    }
  }

  /** With TLS 1.3 the refusal of a certificate comes with the first read only. */
  private static void assertRefused(Wire wire) {
    assertThatThrownBy(
            () -> {
              try (var socket = wire.connect().socket()) {
                if (socket.getInputStream().read() < 0) {
                  throw new IOException("closed");
                }
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void givenProtocolsOffered_whenOursAmongThem_thenChosen() throws Exception {
    try (var tls = open(WireRecorder.echo());
        var socket = wire(tls, "tls01").applicationProtocols("h2", "mqtt").connect().socket()) {
      assertThat(((SSLSocket) socket).getApplicationProtocol()).isEqualTo("mqtt");
      assertEchoes(socket);
    }
  }

  @Test
  void givenNoProtocolOffered_whenConnected_thenNoneChosen() throws Exception {
    try (var tls = open(WireRecorder.echo());
        var socket = wire(tls, "tls01").connect().socket()) {
      assertThat(((SSLSocket) socket).getApplicationProtocol()).isEmpty();
      assertEchoes(socket);
    }
  }

  @Test
  void givenProtocolsOffered_whenOursIsNot_thenAlertOfRfc7301() throws Exception {
    try (var tls = open(new WireRecorder())) {
      var hello =
          ClientHello.of(ClientHello.TLS_1_2, 0xC030)
              .extension(16, "0003" + "02" + "6832"); // ALPN: h2

      assertThat(hello.sendTo(tls.port()))
          .isEqualTo(new ClientHello.Answer.Alert(NO_APPLICATION_PROTOCOL));
      awaitNone(tls);
    }
  }

  @Test
  void givenOldVersionOrSuite_whenOffered_thenRefused() throws Exception {
    try (var tls = open(new WireRecorder())) {
      assertThat(ClientHello.of(ClientHello.TLS_1_1, 0xC014).sendTo(tls.port()))
          .isNotInstanceOf(ClientHello.Answer.Chosen.class);
      assertThat(
              ClientHello.of(ClientHello.TLS_1_2, TLS_RSA_WITH_AES_128_CBC_SHA).sendTo(tls.port()))
          .isNotInstanceOf(ClientHello.Answer.Chosen.class);
      assertThat(ClientHello.of(ClientHello.TLS_1_3, TLS_AES_128_GCM_SHA256).sendTo(tls.port()))
          .isInstanceOf(ClientHello.Answer.Chosen.class);
    }
  }

  @Test
  void givenFiniteFieldsOnly_whenOffered_thenRefused() throws Exception {
    try (var tls = open(new WireRecorder())) {
      assertThat(ClientHello.finiteFieldsOnly(TLS_AES_128_GCM_SHA256).sendTo(tls.port()))
          .isEqualTo(new ClientHello.Answer.Alert(UNEXPECTED_MESSAGE));
    }
  }

  @Test
  void givenGarbage_whenSentToTls_thenClosedAndCounted() throws Exception {
    var recorder = new WireRecorder();
    try (var tls = open(recorder);
        var socket = tls.connect()) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));

      Data.readToTheEnd(socket);
      assertThat(recorder.none()).isTrue();
      assertThat(tls.listener().failedHandshakes()).isEqualTo(1);
      awaitNone(tls);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6})
  void givenHandshakeThatStalls_whenItsTimeIsOver_thenClosed(int bytesSent) throws Exception {
    var recorder = new WireRecorder();
    var context = TlsFixture.context(PKI.broker());
    var hurried =
        TlsFixture.options(() -> context, ClientAuthentication.WANT, Duration.ofMillis(300));
    try (var tls = open(recorder, hurried);
        var socket = tls.connect()) {
      var hello = ClientHello.of(ClientHello.TLS_1_3, TLS_AES_128_GCM_SHA256).encode();
      socket.getOutputStream().write(hello, 0, bytesSent);

      Data.readToTheEnd(socket);
      assertThat(recorder.none()).isTrue();
      assertThat(tls.listener().failedHandshakes()).isEqualTo(1);
    }
  }

  @Test
  void givenMuch_whenEchoed_thenNothingLostAndHandlerNeverEnteredTwice() throws Exception {
    var recorder = WireRecorder.echo();
    var data = Data.ofLength(2 << 20);
    try (var tls = open(recorder);
        var socket = wire(tls, "tls01").connect().socket()) {
      var wire = recorder.next();
      var sender = Thread.ofVirtual().start(() -> Data.write(socket, data));

      assertThat(socket.getInputStream().readNBytes(data.length)).isEqualTo(data);
      sender.join();
      assertThat(wire.reentered()).isFalse();
    }
  }

  @Test
  void givenNotReading_whenClientSends_thenItIsHeldUntilReadingAgain() throws Exception {
    var recorder = new WireRecorder();
    var data = Data.ofLength(8 << 20);
    try (var tls = open(recorder);
        var socket = wire(tls, "tls01").connect().socket()) {
      var wire = recorder.next();
      wire.own(open -> open.reading(false));
      var sender = Thread.ofVirtual().start(() -> Data.write(socket, data));

      assertThat(sender.join(Duration.ofMillis(300))).isFalse();
      assertThat(wire.bytes().length).isLessThan(128 * 1024);

      wire.own(open -> open.reading(true));
      wire.awaitBytes(data.length);
      sender.join();
      assertThat(wire.bytes()).isEqualTo(data);
    }
  }

  @Test
  void givenMuchUnsent_whenFinished_thenAllSentThenEndOfTlsAndTcp() throws Exception {
    var recorder = new WireRecorder();
    var data = Data.ofLength(900_000);
    try (var tls = open(recorder);
        var socket = wire(tls, "tls01").connect().socket()) {
      var wire = recorder.next();
      wire.own(
          open -> {
            open.write(ByteBuffer.wrap(data));
            open.finish();
          });

      // The JDK's socket throws at an end of TCP without an end of TLS before it.
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo(data);
      Data.close(socket);
      wire.awaitClosed();
    }
  }

  @Test
  void givenAborted_whenBytesWait_thenClosedAtOnce() throws Exception {
    var recorder = new WireRecorder();
    try (var tls = open(recorder);
        var socket = wire(tls, "tls01").connect().socket()) {
      var wire = recorder.next();
      wire.own(open -> open.abort());

      wire.awaitClosed();
      assertThat(wire.closes).hasValue(1);
      awaitNone(tls);
      assertThatThrownBy(
              () -> {
                if (socket.getInputStream().read() < 0) {
                  throw new SSLException("closed");
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void givenOtherContext_whenProvided_thenNewConnectionsHaveItAndOldOnesLive() throws Exception {
    var renewed =
        PKI.intermediate().issue(CertificateRequest.server(Subjects.commonName("broker.renewed")));
    var current = new AtomicReference<>(TlsFixture.context(PKI.broker()));
    try (var tls = open(WireRecorder.echo(), options(current::get, ClientAuthentication.WANT));
        var before = wire(tls, "tls01").connect().socket()) {
      current.set(TlsFixture.context(renewed));

      try (var after = wire(tls, "tls01").connect().socket()) {
        assertThat(((SSLSocket) after).getSession().getPeerCertificates()[0])
            .isEqualTo(renewed.leaf());
        assertEchoes(after);
      }
      assertThat(((SSLSocket) before).getSession().getPeerCertificates()[0])
          .isEqualTo(PKI.broker().leaf());
      assertEchoes(before);
    }
  }

  private static void awaitNone(TcpFixture tls) {
    Awaitility.await().atMost(WireRecorder.SOON).until(() -> tls.listener().connections() == 0);
  }
}
