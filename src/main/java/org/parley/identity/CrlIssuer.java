package org.parley.identity;

import java.math.BigInteger;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.parley.identity.Revocations.Status;

/**
 * One authority of the trust store and what its CRLs say.
 *
 * @param certificate the authority's own certificate
 * @param nextUpdate until when its newest CRL counts; empty if it has none
 * @param revoked the serial numbers that any of its CRLs lists
 */
record CrlIssuer(
    X509Certificate certificate, Optional<Instant> nextUpdate, Set<BigInteger> revoked) {

  static CrlIssuer withoutCrl(X509Certificate certificate) {
    return new CrlIssuer(certificate, Optional.empty(), Set.of());
  }

  /** Adds a CRL whose signature is this authority's. What one CRL revokes no other restores. */
  CrlIssuer with(X509CRL crl) {
    var ends = crl.getNextUpdate().toInstant();
    var serials = new HashSet<>(revoked);
    Set<? extends X509CRLEntry> entries = crl.getRevokedCertificates();
    if (entries != null) {
      entries.forEach(entry -> serials.add(entry.getSerialNumber()));
    }
    var latest = nextUpdate.filter(ends::isBefore).orElse(ends);
    return new CrlIssuer(certificate, Optional.of(latest), Set.copyOf(serials));
  }

  Status status(BigInteger serial, Instant now) {
    if (revoked.contains(serial)) {
      return Status.REVOKED; // a stale CRL still revokes
    }
    return nextUpdate
        .map(ends -> now.isAfter(ends) ? Status.STALE : Status.GOOD)
        .orElse(Status.UNKNOWN);
  }

  boolean selfIssued() {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }
}
