package org.parley.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.parley.testing.CertificateRequest;
import org.parley.testing.ClientIdentity;
import org.parley.testing.Pem;
import org.parley.testing.Pkcs12;
import org.parley.testing.Subjects;
import org.parley.testing.TestAuthority;
import org.parley.testing.TestCrls;
import org.parley.testing.TestPki;

/** The files that say who may do what, and how they change; each is replaced in one step. */
final class Credentials {
  /** Longer than the clock steps. */
  private static final Duration PAST = Duration.ofHours(3);

  private static final String EVERYBODY =
      """
        - name: everybody
          effect: allow
          action: [associate, inventory, send, connect, publish, subscribe]
      """;

  private final TestPki pki;
  private final Path policy;
  private final List<X509Certificate> revoked = new ArrayList<>();
  private Optional<TestAuthority> another = Optional.empty();

  Credentials(TestPki pki) throws IOException {
    this.pki = pki;
    this.policy = pki.directory().resolve("policy.yaml");
    installCrl();
    policy("");
  }

  TestPki pki() {
    return pki;
  }

  Path policy() {
    return policy;
  }

  private static void replace(Path file, byte[] content) throws IOException {
    var next = file.resolveSibling(file.getFileName() + ".next");
    Files.write(next, content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void replace(Path file, String content) throws IOException {
    replace(file, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts CRLs in force that name all that were revoked. */
  void installCrl() throws IOException {
    var begin = Instant.now().minus(PAST);
    var crls = new TestCrls(pki, begin, Duration.ofDays(2));
    var text = crls.revoking(revoked.toArray(X509Certificate[]::new));
    var more =
        another
            .map(authority -> Pem.of(authority.crl(begin, begin.plus(Duration.ofDays(2)))))
            .orElse("");
    replace(pki.crlPem(), text + more);
  }

  void revoke(ClientIdentity identity) throws IOException {
    revoked.add(identity.leaf());
    installCrl();
  }

  void spoilCrl() throws IOException {
    replace(pki.crlPem(), new TestCrls(pki, Instant.now(), Duration.ofDays(1)).garbage());
  }

  /** Everything is allowed, after these rules. */
  void policy(String rules) throws IOException {
    replace(policy, "version: 1\nrules:\n" + rules + EVERYBODY);
  }

  void spoilPolicy() throws IOException {
    replace(policy, "version: 1\nrules:\n  - name: [");
  }

  /** Gives the broker another key; returns its certificate. */
  X509Certificate renewBrokerKey() throws IOException {
    var now = Instant.now();
    var request =
        CertificateRequest.server(Subjects.commonName("broker.test"))
            .valid(now.minus(PAST), now.plus(Duration.ofDays(30)));
    var renewed = pki.intermediate().issue(request);
    replace(pki.brokerKeyStore(), renewed.pkcs12(TestPki.PASSWORD));
    return renewed.leaf();
  }

  /** Trusts another authority; returns a client of it. Or trusts it no more, if it is trusted. */
  Optional<ClientIdentity> toggleAuthority() throws IOException {
    var authorities = new ArrayList<>(pki.authorities());
    Optional<ClientIdentity> client = Optional.empty();
    if (another.isEmpty()) {
      var authority =
          TestAuthority.root(CertificateRequest.authority(Subjects.commonName("Fault Later CA")));
      authorities.add(authority.certificate());
      another = Optional.of(authority);
      var request = CertificateRequest.client(Subjects.commonName("fault-later"));
      client = Optional.of(authority.issue(request));
    } else {
      another = Optional.empty();
    }
    replace(pki.trustStore(), Pkcs12.of(authorities, TestPki.PASSWORD));
    installCrl();
    return client;
  }
}
