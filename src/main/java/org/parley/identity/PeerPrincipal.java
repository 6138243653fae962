package org.parley.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A peer known by its certificate. Made by {@link IdentityRule} and {@link DialledServer} only,
 * after every check.
 *
 * @param commonName the one common name of the subject, exactly as certified; where {@link
 *     CertificateName} is another, that name in its place; of a server that the broker dialled, the
 *     authority that it was dialled by
 * @param serial the certificate's serial number, lower-case hexadecimal
 * @param fingerprint SHA-256 over the certificate's DER, lower-case hexadecimal
 * @param notAfter when the certificate ends
 * @param issuer the issuer's distinguished name (RFC 2253); escape it before logging
 * @param certificate the certificate itself, for checks that come later such as revocation
 */
public record PeerPrincipal(
    String commonName,
    String serial,
    String fingerprint,
    Instant notAfter,
    String issuer,
    X509Certificate certificate)
    implements Principal {

  static PeerPrincipal of(String commonName, X509Certificate certificate)
      throws CertificateEncodingException {
    return new PeerPrincipal(
        commonName,
        certificate.getSerialNumber().toString(16),
        sha256(certificate.getEncoded()),
        certificate.getNotAfter().toInstant(),
        certificate.getIssuerX500Principal().getName(),
        certificate);
  }

  /** Returns the common name. */
  @Override
  public String getName() {
    return commonName;
  }

  /** Names the peer in one short line; safe to log, since the rule admits no other common names. */
  @Override
  public String toString() {
    return commonName + " (serial " + serial + ")";
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }
}
