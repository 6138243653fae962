package org.parley.identity;

import java.security.cert.X509Certificate;

/** Asks whether a peer with this certificate may connect now, as far as revocation goes. */
@FunctionalInterface
public interface RevocationCheck {
  /** The answer. */
  enum Answer {
    GOOD,
    REVOKED,
    /** There is no CRL that could tell, and the settings say to refuse then. */
    UNDECIDABLE
  }

  Answer check(X509Certificate certificate);
}
