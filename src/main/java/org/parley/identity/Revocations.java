package org.parley.identity;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * What the CRLs of the trusted authorities say about a certificate and about the authorities above
 * it, up to the root. A value: a new CRL file makes a new one, and who cannot load keeps the old.
 */
public final class Revocations {

  /** What is known about a certificate, from the best to the worst. */
  public enum Status {
    /** No authority on the way to the root revokes anything on it. */
    GOOD,
    /** Not revoked, but the next update of a CRL is overdue. */
    STALE,
    /** An authority on the way to the root is not trusted or has no CRL. */
    UNKNOWN,
    /** The certificate or an authority above it is revoked, be the CRL stale or not. */
    REVOKED
  }

  /** What to do when the CRLs give no answer. */
  public enum Mode {
    /** Only GOOD certificates pass. */
    HARD_FAIL,
    /** Whatever is not REVOKED passes. */
    SOFT_FAIL;

    /** Returns whether a peer with this status may connect or stay. */
    public boolean admits(Status status) {
      return switch (this) {
        case HARD_FAIL -> status == Status.GOOD;
        case SOFT_FAIL -> status != Status.REVOKED;
      };
    }
  }

  /** What became of the bytes of a CRL file. */
  public sealed interface Parsed {
    /** Every CRL is readable and signed by an authority. */
    record Loaded(Revocations revocations) implements Parsed {}

    /**
     * Nothing of it can be used.
     *
     * @param reason one log-safe line
     */
    record Failed(String reason) implements Parsed {}
  }

  private static final int MAX_PATH_LENGTH = 8;
  private static final Revocations UNCHECKED = new Revocations(Map.of(), false);

  private final Map<X500Principal, List<CrlIssuer>> issuers;
  private final boolean checked;

  private Revocations(Map<X500Principal, List<CrlIssuer>> issuers, boolean checked) {
    this.issuers = issuers;
    this.checked = checked;
  }

  Revocations(Map<X500Principal, List<CrlIssuer>> issuers) {
    this(Map.copyOf(issuers), true);
  }

  /** Returns the value for "no revocation check": every certificate is GOOD. */
  public static Revocations unchecked() {
    return UNCHECKED;
  }

  /**
   * Reads a CRL file.
   *
   * @param crls one CRL in DER or any number in PEM
   * @param authorities the certificates of the trust store; each CRL must be signed by one of them
   */
  public static Parsed parse(byte[] crls, Collection<X509Certificate> authorities) {
    return RevocationsReader.read(crls, authorities);
  }

  /** Returns what is known about a certificate whose path the TLS layer has validated. */
  public Status status(X509Certificate certificate, Instant now) {
    return checked ? status(certificate, now, MAX_PATH_LENGTH) : Status.GOOD;
  }

  /** Returns when the first of the CRLs ends; empty if there is none. */
  public Optional<Instant> nextUpdate() {
    return issuers.values().stream()
        .flatMap(List::stream)
        .flatMap(issuer -> issuer.nextUpdate().stream())
        .min(Instant::compareTo);
  }

  /** Returns whether the next update of any CRL is overdue: the broker is then not ready. */
  public boolean stale(Instant now) {
    return nextUpdate().filter(now::isAfter).isPresent();
  }

  /** Returns whether a trusted authority has no CRL: nobody can tell about its certificates. */
  public boolean incomplete() {
    return issuers.values().stream()
        .flatMap(List::stream)
        .anyMatch(issuer -> issuer.nextUpdate().isEmpty());
  }

  /** Returns how many serial numbers are revoked. */
  public int size() {
    return issuers.values().stream()
        .flatMap(List::stream)
        .mapToInt(issuer -> issuer.revoked().size())
        .sum();
  }

  private Status status(X509Certificate certificate, Instant now, int pathLength) {
    var candidates = issuersOf(certificate);
    if (candidates.isEmpty() || pathLength == 0) {
      return Status.UNKNOWN;
    }
    var worst = Status.GOOD;
    for (var issuer : candidates) {
      worst = worse(worst, issuer.status(certificate.getSerialNumber(), now));
      if (!anchor(issuer)) {
        worst = worse(worst, status(issuer.certificate(), now, pathLength - 1));
      }
    }
    return worst;
  }

  /** Authorities may share a name (a CA with a new key): then the signature tells them apart. */
  private List<CrlIssuer> issuersOf(X509Certificate certificate) {
    var named = issuers.getOrDefault(certificate.getIssuerX500Principal(), List.of());
    return named.size() < 2
        ? named
        : named.stream()
            .filter(issuer -> signedBy(certificate, issuer.certificate().getPublicKey()))
            .toList();
  }

  /** An authority with none above it in the trust store is trusted by the operator's word. */
  private boolean anchor(CrlIssuer issuer) {
    return issuer.selfIssued()
        || !issuers.containsKey(issuer.certificate().getIssuerX500Principal());
  }

  private static boolean signedBy(X509Certificate certificate, PublicKey key) {
    try {
      certificate.verify(key);
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static Status worse(Status one, Status other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
