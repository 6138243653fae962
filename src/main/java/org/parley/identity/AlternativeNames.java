package org.parley.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * The subject alternative names of a certificate (RFC 5280 section 4.2.1.6), those of the four
 * kinds that rules can ask for. None of them makes an identity, but where the operator has chosen
 * one in place of the common name.
 *
 * @param dns as certified
 * @param ip addresses as text
 */
public record AlternativeNames(
    List<String> dns, List<String> uri, List<String> email, List<String> ip) {
  private static final int RFC822_NAME = 1;
  private static final int DNS_NAME = 2;
  private static final int URI = 6;
  private static final int IP_ADDRESS = 7;

  /** Reads the names of a certificate; it has none if the extension cannot be read. */
  public static AlternativeNames of(X509Certificate certificate) {
    var dns = new ArrayList<String>();
    var uri = new ArrayList<String>();
    var email = new ArrayList<String>();
    var ip = new ArrayList<String>();
    for (var entry : entries(certificate)) {
      if (entry.getFirst() instanceof Integer kind && entry.getLast() instanceof String name) {
        switch (kind) {
          case RFC822_NAME -> email.add(name);
          case DNS_NAME -> dns.add(name);
          case URI -> uri.add(name);
          case IP_ADDRESS -> ip.add(name);
          default -> {} // a directory name, or a registered identifier
        }
      }
    }
    return new AlternativeNames(
        List.copyOf(dns), List.copyOf(uri), List.copyOf(email), List.copyOf(ip));
  }

  private static List<List<?>> entries(X509Certificate certificate) {
    try {
      var names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : List.copyOf(names);
    } catch (CertificateParsingException | RuntimeException _) {
      // The JDK throws the latter for an IPv6 network whose mask has gaps.
      return List.of();
    }
  }
}
