package org.parley.identity;

import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.parley.core.LogText;
import org.parley.identity.CrlFile.UnreadableCrlException;
import org.parley.identity.Revocations.Parsed;

/** Builds {@link Revocations}: all of a file counts, or nothing. */
final class RevocationsReader {
  private static final int KEY_CERT_SIGN = 5;
  private static final int CRL_SIGN = 6;

  private RevocationsReader() {}

  static Parsed read(byte[] bytes, Collection<X509Certificate> authorities) {
    var issuers = issuers(authorities);
    try {
      for (var crl : CrlFile.read(bytes)) {
        requireWholeAndStrong(crl);
        add(crl, issuers);
      }
      return new Parsed.Loaded(new Revocations(issuers));
    } catch (UnreadableCrlException e) {
      return new Parsed.Failed(String.valueOf(e.getMessage()));
    }
  }

  private static Map<X500Principal, List<CrlIssuer>> issuers(
      Collection<X509Certificate> authorities) {
    return new LinkedHashSet<>(authorities)
        .stream()
            .filter(RevocationsReader::authority)
            .map(CrlIssuer::withoutCrl)
            .collect(
                Collectors.groupingBy(
                    issuer -> issuer.certificate().getSubjectX500Principal(),
                    HashMap::new,
                    Collectors.toList()));
  }

  private static boolean authority(X509Certificate certificate) {
    boolean oldRoot =
        certificate.getVersion() < 3
            && certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    return (certificate.getBasicConstraints() >= 0 || oldRoot)
        && allows(certificate, KEY_CERT_SIGN);
  }

  /**
   * Critical extensions narrow what a CRL speaks about (issuing distribution point, delta, indirect
   * entries): a part must not be taken for the whole.
   */
  private static void requireWholeAndStrong(X509CRL crl) throws UnreadableCrlException {
    if (crl.getNextUpdate() == null) { // RFC 5280 section 5.1.2.5
      throw unusable(crl, "has no next update");
    }
    if (!empty(crl.getCriticalExtensionOIDs())) {
      throw unusable(crl, "has critical extensions, as partial and delta CRLs do");
    }
    Set<? extends X509CRLEntry> entries = crl.getRevokedCertificates();
    if (entries != null && entries.stream().anyMatch(e -> !empty(e.getCriticalExtensionOIDs()))) {
      throw unusable(crl, "has entries with critical extensions");
    }
    if (!Strength.suffices(crl.getSigAlgOID(), crl.getSigAlgParams())) {
      throw unusable(crl, "has a weak signature");
    }
  }

  private static void add(X509CRL crl, Map<X500Principal, List<CrlIssuer>> issuers)
      throws UnreadableCrlException {
    var named = issuers.get(crl.getIssuerX500Principal());
    if (named == null) {
      throw unusable(crl, "is of no authority in the trust store");
    }
    boolean added = false;
    for (var iterator = named.listIterator(); iterator.hasNext(); ) {
      var issuer = iterator.next();
      if (signedBy(crl, issuer.certificate())) {
        iterator.set(issuer.with(crl));
        added = true;
      }
    }
    if (!added) {
      throw unusable(crl, "is not signed by the authority of that name");
    }
  }

  private static boolean signedBy(X509CRL crl, X509Certificate authority) {
    try {
      crl.verify(authority.getPublicKey());
      return allows(authority, CRL_SIGN);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static boolean allows(X509Certificate certificate, int usage) {
    var usages = certificate.getKeyUsage();
    return usages == null || usages[usage];
  }

  private static boolean empty(@Nullable Set<String> oids) {
    return oids == null || oids.isEmpty();
  }

  private static UnreadableCrlException unusable(X509CRL crl, String why) {
    var issuer = LogText.escape(crl.getIssuerX500Principal().getName());
    return new UnreadableCrlException("the CRL of \"" + issuer + "\" " + why);
  }
}
