package org.parley.testing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * CRL files of a {@link TestPki} in PEM; unless said otherwise with a current CRL of each
 * authority.
 *
 * @param now when they are made
 * @param lifetime from now to their next update
 */
public record TestCrls(TestPki pki, Instant now, Duration lifetime) {

  /** Nothing is revoked. */
  public String empty() {
    return Pem.of(current(pki.root()), current(pki.intermediate()));
  }

  /** The intermediate revokes these certificates. */
  public String revoking(X509Certificate... revoked) {
    return Pem.of(current(pki.root()), current(pki.intermediate(), serials(revoked)));
  }

  /** The root revokes the intermediate. */
  public String revokingIntermediate() {
    var revoked = pki.intermediate().certificate();
    return Pem.of(current(pki.root(), serials(revoked)), current(pki.intermediate()));
  }

  /** The intermediate's CRL, which revokes these, should have been replaced an hour ago. */
  public String stale(X509Certificate... revoked) {
    var end = now.minus(Duration.ofHours(1));
    var stale = pki.intermediate().crl(end.minus(lifetime), end, serials(revoked));
    return Pem.of(current(pki.root()), stale);
  }

  /** The intermediate, which issues the clients, has no CRL. */
  public String ofRootOnly() {
    return Pem.of(current(pki.root()));
  }

  /** A CRL of an authority that nobody trusts. */
  public String otherIssuer() {
    var other = CertificateRequest.authority(Subjects.commonName("Another CA"));
    return Pem.of(current(TestAuthority.root(other)));
  }

  /** A CRL of an authority with the intermediate's name and another key. */
  public String sameNameOtherKey() {
    return Pem.of(current(pki.root()), current(pki.hostile().impostor()));
  }

  /** Looks like PEM, is no CRL. */
  public String garbage() {
    return Pem.block("X509 CRL", "no CRL at all".getBytes(StandardCharsets.US_ASCII));
  }

  /** A current CRL of one authority. */
  public X509CRL current(TestAuthority authority, BigInteger... serials) {
    return authority.crl(now, now.plus(lifetime), serials);
  }

  private static BigInteger[] serials(X509Certificate... certificates) {
    return Stream.of(certificates).map(X509Certificate::getSerialNumber).toArray(BigInteger[]::new);
  }
}
