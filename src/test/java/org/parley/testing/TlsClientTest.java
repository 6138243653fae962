package org.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PKI's files and clients against the JDK's own TLS server that asks for certificates. */
class TlsClientTest {
  private static final TestPki PKI = TestPki.shared();
  private static final HostileIdentities HOSTILE = PKI.hostile();
  private static final String UPGRADE = "HTTP/1.1 101 Switching Protocols\r\n\r\n";

  private LoopbackPeer peer;

  @BeforeEach
  void listen() throws Exception {
    var socket =
        (SSLServerSocket)
            serverContext()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    var parameters = socket.getSSLParameters();
    parameters.setNeedClientAuth(true);
    parameters.setApplicationProtocols(new String[] {"mqtt", "http/1.1"});
    socket.setSSLParameters(parameters);
    peer = new LoopbackPeer(socket);
  }

  @AfterEach
  void stop() throws IOException {
    peer.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void givenGoodClient_whenItConnects_thenTheServerSeesItsWholeChain(String version)
      throws IOException {
    var client = PKI.client("client01");
    var seen = acceptAndUpgrade();
    var wire = Wire.tls(peer.port(), PKI.sslContext(client)).versions(version);

    try (var socket = RawWebSocket.open(wire, OpeningHandshake.of("/pcp2/agent"))) {
      assertThat(socket.upgraded()).isTrue();
      assertThat(socket.tlsSession().orElseThrow().getProtocol()).isEqualTo(version);
      assertThat(socket.readFrame().opcode()).isEqualTo(Frame.PING);
      assertThat(socket.awaitEnd(Duration.ofSeconds(5))).isEqualTo(RawWebSocket.End.CLOSED);
    }
    assertThat(seen.result()).isEqualTo(client.chain());
  }

  @Test
  void givenLeafOnly_whenTheServerTrustsTheIntermediate_thenItConnects() throws IOException {
    var client = PKI.client("client01").leafOnly();
    var seen = acceptAndUpgrade();

    try (var socket = open(client)) {
      assertThat(socket.upgraded()).isTrue();
    }
    assertThat(seen.result()).hasSize(1);
  }

  @Test
  void givenCipherSuiteAndApplicationProtocol_whenOffered_thenNegotiated() throws IOException {
    acceptAndUpgrade();
    var wire =
        Wire.tls(peer.port(), PKI.sslContext(PKI.client("client01")))
            .versions("TLSv1.2")
            .cipherSuites("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384") // pxp-agent's
            .applicationProtocols("mqtt");

    try (var socket = RawWebSocket.connect(wire)) {
      assertThat(socket.applicationProtocol()).contains("mqtt");
      assertThat(socket.tlsSession().orElseThrow().getCipherSuite())
          .isEqualTo("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    }
  }

  @Test
  void givenOnlyUnknownApplicationProtocols_whenOffered_thenRefused() {
    acceptAndUpgrade();
    var wire =
        Wire.tls(peer.port(), PKI.sslContext(PKI.client("client01"))).applicationProtocols("h2");

    assertThatThrownBy(() -> RawWebSocket.connect(wire))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("no_application_protocol");
  }

  static Stream<Arguments> refusedByTls() {
    return Stream.<Arguments>of(
        client("T02 self-signed", HOSTILE::selfSigned),
        client("T03 other CA, same name", HOSTILE::otherAuthoritySameName),
        client("T04 expired", HOSTILE::expired),
        client("T05 not yet valid", HOSTILE::notYetValid),
        client("T06 serverAuth only", HOSTILE::serverOnly),
        client("T07 CA", HOSTILE::authorityAsClient),
        client("T08 issued by a leaf", HOSTILE::issuedByLeaf),
        client("T14 12 certificates", HOSTILE::longChain),
        client("T14 1 MB", HOSTILE::megabyteChain));
  }

  static Stream<Arguments> leftToTheRule() {
    return Stream.<Arguments>of(
        client("T13 RSA 1024", HOSTILE::rsa1024),
        client("T13 SHA-1", HOSTILE::sha1),
        client("T15", () -> HOSTILE.named("*")),
        client("T16", () -> HOSTILE.named("client01/agent")),
        client("T17", () -> HOSTILE.twoCommonNames("client01", "client02")),
        client("T17 in one", () -> HOSTILE.twoCommonNamesInOne("client01", "client02")),
        client("T18", () -> HOSTILE.victimInEmail("client02")),
        client("T19", HOSTILE::withoutCommonName),
        client("T20 NUL", () -> HOSTILE.named("client01\0")),
        client("T20 CRLF", () -> HOSTILE.named("client01\r\nX: y")),
        client("T20 RTL", () -> HOSTILE.named("\u200Fclient01")),
        client("T23", () -> HOSTILE.named("a".repeat(65))));
  }

  @ParameterizedTest
  @MethodSource("leftToTheRule")
  void givenCertificateThatTlsAdmits_whenPresented_thenItIsLeftToTheRule(
      Supplier<ClientIdentity> identity) throws IOException {
    acceptAndUpgrade();

    try (var socket = open(identity.get())) {
      assertThat(socket.upgraded()).isTrue();
    }
  }

  private static Arguments client(String name, Supplier<ClientIdentity> identity) {
    return argumentSet(name, identity);
  }

  @ParameterizedTest
  @MethodSource("refusedByTls")
  void givenCertificateThatTlsRefuses_whenPresented_thenNoAnswer(
      Supplier<ClientIdentity> identity) {
    acceptAndUpgrade();

    assertThatThrownBy(() -> open(identity.get())).isInstanceOf(IOException.class);
  }

  @Test
  void givenNoCertificate_whenConnecting_thenRefused() {
    acceptAndUpgrade();
    var wire = Wire.tls(peer.port(), PKI.anonymousContext());

    assertThatThrownBy(() -> RawWebSocket.open(wire, OpeningHandshake.of("/")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void givenPki_whenWritten_thenOtherProgramsFindItsFiles() throws Exception {
    var directory = PKI.directory().resolve("clients");

    PKI.client("client01").write(directory, "client01", TestPki.PASSWORD);

    assertThat(Files.readString(directory.resolve("client01.pem"))).startsWith("-----BEGIN CERT");
    assertThat(Files.readString(directory.resolve("client01.key"))).startsWith("-----BEGIN PRIV");
    assertThat(Files.readString(PKI.crlPem())).startsWith("-----BEGIN X509 CRL-----");
    assertThat(Files.readString(PKI.caPem())).startsWith("-----BEGIN CERT");
    var store = KeyStore.getInstance(directory.resolve("client01.p12").toFile(), password());
    assertThat(store.getCertificateChain("key")).hasSize(2);
  }

  private RawWebSocket open(ClientIdentity identity) throws IOException {
    return RawWebSocket.open(
        Wire.tls(peer.port(), PKI.sslContext(identity)), OpeningHandshake.of("/pcp2/agent"));
  }

  private LoopbackPeer.Running<List<Certificate>> acceptAndUpgrade() {
    return peer.accept(
        socket -> {
          var seen = List.of(((SSLSocket) socket).getSession().getPeerCertificates());
          socket.getOutputStream().write(UPGRADE.getBytes(StandardCharsets.US_ASCII));
          socket.getOutputStream().write(Frame.ping().unmasked().encode());
          return seen;
        });
  }

  private static SSLContext serverContext() throws GeneralSecurityException, IOException {
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(KeyStore.getInstance(PKI.brokerKeyStore().toFile(), password()), password());
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(KeyStore.getInstance(PKI.trustStore().toFile(), password()));
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static char[] password() {
    return TestPki.PASSWORD.toCharArray();
  }
}
