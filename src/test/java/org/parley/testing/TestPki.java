package org.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * A PKI for one test JVM: a root, an intermediate that issues everything, the broker's key and the
 * trust store as files. Clients come from {@link #client(String)}, hostile ones from {@link
 * HostileIdentities}, CRLs from {@link #crls()}.
 */
public final class TestPki {
  /** Protects every PKCS#12 of the PKI. */
  public static final String PASSWORD = "changeit";

  private static final Path SHARED_DIRECTORY =
      Path.of(System.getProperty("basedir", "."), "target", "test-pki");

  private final Path directory;
  private final TestAuthority root;
  private final TestAuthority intermediate;
  private final ClientIdentity broker;
  private final Map<String, ClientIdentity> clients = new ConcurrentHashMap<>();

  private TestPki(Path directory) {
    this.directory = directory;
    this.root =
        TestAuthority.root(CertificateRequest.authority(Subjects.commonName("Parley Test Root")));
    this.intermediate =
        root.subordinate(CertificateRequest.authority(Subjects.commonName("Parley Test CA")));
    this.broker =
        intermediate.issue(
            CertificateRequest.server(Subjects.commonName("broker.test"))
                .purposes(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth));
  }

  /** Returns the PKI of this JVM, in {@code target/test-pki}. */
  public static TestPki shared() {
    return Shared.PKI;
  }

  /** Makes a new PKI and writes the broker's files into a directory. */
  public static TestPki in(Path directory) {
    var pki = new TestPki(directory);
    try {
      Files.createDirectories(directory);
      Files.write(pki.brokerKeyStore(), pki.broker.pkcs12(PASSWORD));
      Files.write(pki.trustStore(), Pkcs12.of(pki.authorities(), PASSWORD));
      Files.writeString(pki.caPem(), Pem.of(pki.authorities()));
      Files.writeString(pki.crlPem(), pki.crls().empty());
      return pki;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The broker's key and chain (PKCS#12); RSA 2048, for localhost, 127.0.0.1 and ::1. */
  public Path brokerKeyStore() {
    return directory.resolve("broker.p12");
  }

  /** The authorities that client certificates chain to (PKCS#12). */
  public Path trustStore() {
    return directory.resolve("trust.p12");
  }

  /** The same in PEM. */
  public Path caPem() {
    return directory.resolve("ca.pem");
  }

  /** CRLs of both authorities that revoke nothing; tests may replace the file. */
  public Path crlPem() {
    return directory.resolve("crl.pem");
  }

  public Path directory() {
    return directory;
  }

  /** The root and the intermediate. */
  public List<X509Certificate> authorities() {
    return List.of(root.certificate(), intermediate.certificate());
  }

  public TestAuthority root() {
    return root;
  }

  /** Issues every certificate that clients and the broker should have. */
  public TestAuthority intermediate() {
    return intermediate;
  }

  /** Returns the broker's own key and chain. */
  public ClientIdentity broker() {
    return broker;
  }

  /** Returns the one good client with this common name, made when first asked for. */
  public ClientIdentity client(String commonName) {
    return clients.computeIfAbsent(
        commonName,
        name -> intermediate.issue(CertificateRequest.client(Subjects.commonName(name))));
  }

  /** Returns what a client with this identity connects with. */
  public SSLContext sslContext(ClientIdentity identity) {
    return identity.sslContext(authorities());
  }

  /** Returns what a client without a certificate connects with. */
  public SSLContext anonymousContext() {
    return ClientIdentity.anonymous(authorities());
  }

  /** Returns certificates that must not be taken for another identity. */
  public HostileIdentities hostile() {
    return new HostileIdentities(this);
  }

  /** Returns CRL files in PEM. */
  public TestCrls crls() {
    return new TestCrls(this, Instant.now(), Duration.ofDays(1));
  }

  private static final class Shared {
    private static final TestPki PKI = in(SHARED_DIRECTORY);
  }
}
