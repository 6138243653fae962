package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.testing.CertificateRequest;
import org.parley.testing.ClientIdentity;
import org.parley.testing.LiveClient;
import org.parley.testing.LiveClient.Closed;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.Pem;
import org.parley.testing.Pkcs12;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Subjects;
import org.parley.testing.TestAuthority;
import org.parley.testing.TestPki;
import org.parley.testing.V2;
import org.parley.testing.Wire;

/** Certificates over time: the broker's own, the authorities', those that end while in use. */
class CertificateRotationIT extends ServerUnderTest {
  private static final String AGENT = "/pcp2/agent";

  /** The server looks at its key stores every two seconds. */
  private static final Duration RELOADED = Duration.ofSeconds(20);

  private byte[] keyStore = {};
  private byte[] trustStore = {};

  @BeforeEach
  void remember() throws IOException {
    keyStore = Files.readAllBytes(PKI.brokerKeyStore());
    trustStore = Files.readAllBytes(PKI.trustStore());
  }

  @AfterEach
  void restore() throws IOException {
    replace(PKI.trustStore(), trustStore);
    replace(PKI.brokerKeyStore(), keyStore);
    install(PKI.crls().empty());
    await().atMost(RELOADED).until(() -> brokerCertificate().equals(PKI.broker().leaf()));
    Health.awaitReady(true);
  }

  private static void replace(Path file, byte[] content) throws IOException {
    var next = file.resolveSibling(file.getFileName() + ".next");
    Files.write(next, content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void givenNewKeyStore_whenReplaced_thenUsedWithoutRestartAndSessionsStay() throws IOException {
    var renewed =
        PKI.intermediate().issue(CertificateRequest.server(Subjects.commonName("broker.test")));
    try (var session = connect("rotation", AGENT)) {
      Echo.check(session, "rotation");

      replace(PKI.brokerKeyStore(), renewed.pkcs12(TestPki.PASSWORD));

      await().atMost(RELOADED).until(() -> brokerCertificate().equals(renewed.leaf()));
      Echo.check(session, "rotation");
    }
  }

  private static X509Certificate brokerCertificate() {
    try (var socket = handshake(PKI.client("rotation-look"), AGENT)) {
      var chain = socket.tlsSession().orElseThrow().getPeerCertificates();
      return (X509Certificate) chain[0];
    } catch (SSLPeerUnverifiedException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void givenNewAuthority_whenTrustedAndItsCrlIsThere_thenItsClientsAreLetIn() throws IOException {
    var authority =
        TestAuthority.root(CertificateRequest.authority(Subjects.commonName("Parley Later CA")));
    var client = authority.issue(CertificateRequest.client(Subjects.commonName("rotation-later")));
    var both =
        Stream.concat(PKI.authorities().stream(), Stream.of(authority.certificate())).toList();

    try (var session = connect("rotation-before", AGENT)) {
      replace(PKI.trustStore(), Pkcs12.of(both, TestPki.PASSWORD));
      // Though the CRL file has not changed: what it lacks is known at once.
      assertThat(Health.awaitReady(false).data("parley-certificates").getString("revocation"))
          .isEqualTo("a trusted authority has no CRL");

      install(PKI.crls().empty() + crlOf(authority));

      await().atMost(RELOADED).until(() -> admitted(client, both));
      Health.awaitReady(true);
      Echo.check(session, "rotation-before");
    }
  }

  private static String crlOf(TestAuthority authority) {
    var now = Instant.now();
    return Pem.of(authority.crl(now.minusSeconds(60), now.plus(Duration.ofDays(1))));
  }

  private static boolean admitted(ClientIdentity identity, List<X509Certificate> authorities) {
    var wire = Wire.tls(HTTPS_PORT, identity.sslContext(authorities));
    try (var socket = RawWebSocket.open(wire, OpeningHandshake.of(AGENT))) {
      return socket.upgraded();
    } catch (IOException _) {
      return false; // not trusted yet: TLS ends it
    }
  }

  @Test
  @Tag("2.12-21")
  void givenSession_whenItsCertificateEnds_thenClosedThenAndOthersStay() throws Exception {
    var now = Instant.now();
    var ending =
        PKI.intermediate()
            .issue(
                CertificateRequest.client(Subjects.commonName("rotation-ending"))
                    .valid(now.minusSeconds(60), now.plusSeconds(6)));
    try (var victim = LiveClient.on(associated(handshake(ending, AGENT)));
        var bystander = live("rotation-bystander", AGENT)) {
      assertThat(victim.awaitEnd(RELOADED)).isEqualTo(new Closed(1008, "Certificate expired."));

      assertThat(Instant.now()).isAfter(ending.leaf().getNotAfter().toInstant());
      bystander.send(V2.message(V2.id(1), "still", "pcp://rotation-bystander/agent"));
      assertThat(V2.parse(bystander.await(SOON)).getString("id")).isEqualTo(V2.id(1));
    }
  }
}
