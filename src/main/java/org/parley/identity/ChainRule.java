package org.parley.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/**
 * What every certificate of a presented chain must be, whatever it says about names. The TLS layer
 * validates the path to a trusted authority before this and checks most of it too; this is the
 * second wall, the same for every listener.
 */
final class ChainRule {
  /** As many as the JDK accepts from a client (jdk.tls.server.maxInboundCertificateChainLength). */
  static final int MAX_CHAIN_LENGTH = 8;

  private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;
  private static final int NO_AUTHORITY = -1;

  private ChainRule() {}

  /**
   * Returns the first thing that is wrong with a chain of at least one, looking at the leaf first.
   */
  static Optional<Refusal> broken(X509Certificate[] chain, Instant now) {
    if (chain.length > MAX_CHAIN_LENGTH) {
      return Optional.of(Refusal.CHAIN_TOO_LONG);
    }
    var broken = brokenByLeaf(chain[0], now);
    for (int i = 1; i < chain.length && broken.isEmpty(); i++) {
      broken = brokenByIssuer(chain[i], now);
    }
    return broken;
  }

  private static Optional<Refusal> brokenByLeaf(X509Certificate leaf, Instant now) {
    if (leaf.getBasicConstraints() != NO_AUTHORITY) {
      return Optional.of(Refusal.CERTIFICATE_AUTHORITY);
    }
    if (!allows(leaf, DIGITAL_SIGNATURE)) {
      return Optional.of(Refusal.NOT_FOR_SIGNATURES);
    }
    try {
      var purposes = leaf.getExtendedKeyUsage();
      if (purposes != null && !purposes.contains(CLIENT_AUTHENTICATION)) {
        return Optional.of(Refusal.NOT_FOR_CLIENT_AUTHENTICATION);
      }
    } catch (CertificateParsingException _) {
      return Optional.of(Refusal.UNREADABLE_CERTIFICATE);
    }
    return brokenByAny(leaf, now).or(() -> brokenBySignature(leaf));
  }

  private static Optional<Refusal> brokenByIssuer(X509Certificate issuer, Instant now) {
    // A root of version 1 has no extensions to say that it is one.
    boolean authority =
        issuer.getBasicConstraints() != NO_AUTHORITY
            || (issuer.getVersion() < 3 && selfSigned(issuer));
    if (!authority || !allows(issuer, KEY_CERT_SIGN)) {
      return Optional.of(Refusal.ISSUER_NOT_AUTHORITY);
    }
    // Nobody relies on a root's signature over itself.
    return brokenByAny(issuer, now)
        .or(() -> brokenBySignature(issuer).filter(_ -> !selfSigned(issuer)));
  }

  private static Optional<Refusal> brokenByAny(X509Certificate certificate, Instant now) {
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      return Optional.of(Refusal.NOT_YET_VALID);
    }
    if (now.isAfter(certificate.getNotAfter().toInstant())) {
      return Optional.of(Refusal.EXPIRED);
    }
    return Strength.suffices(certificate.getPublicKey())
        ? Optional.empty()
        : Optional.of(Refusal.WEAK_KEY);
  }

  private static Optional<Refusal> brokenBySignature(X509Certificate certificate) {
    return Strength.suffices(certificate.getSigAlgOID(), certificate.getSigAlgParams())
        ? Optional.empty()
        : Optional.of(Refusal.WEAK_SIGNATURE);
  }

  /** Its own name for an issuer is not enough: any authority may sign such a certificate. */
  private static boolean selfSigned(X509Certificate certificate) {
    if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
      return false;
    }
    try {
      certificate.verify(certificate.getPublicKey());
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static boolean allows(X509Certificate certificate, int usage) {
    var usages = certificate.getKeyUsage();
    return usages == null || usages[usage];
  }
}
