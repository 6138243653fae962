package org.parley.identity;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import org.parley.core.LogText;
import org.parley.identity.Identification.Identified;
import org.parley.identity.Identification.Refused;

/**
 * Who a server is that the broker has dialled. TLS has verified its path to a trusted authority,
 * that it is meant for a server, and that it is valid for the host: the rules for clients'
 * certificates do not apply, and its subject is not looked at.
 */
public final class DialledServer {
  private DialledServer() {}

  /**
   * Returns the server as a principal under the name that it was dialled by.
   *
   * @param authority host and port, fit for a log
   * @param certificate its own one, verified for that host
   */
  public static Identification identify(String authority, X509Certificate certificate) {
    try {
      return new Identified(PeerPrincipal.of(authority, certificate));
    } catch (CertificateEncodingException _) {
      return new Refused(
          Refusal.UNREADABLE_CERTIFICATE,
          "certificate without encoding of " + LogText.escape(authority));
    }
  }
}
