package org.parley.identity;

import java.nio.charset.CharacterCodingException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.parley.identity.Der.MalformedDerException;

/** An extension of a certificate that holds one text, as those of Puppet do. */
public final class CertificateExtension {
  private static final int OCTET_STRING = 0x04;

  private CertificateExtension() {}

  /**
   * Returns the text of an extension; empty if the certificate does not have it, or if it is no
   * string in DER.
   *
   * @param oid in dotted decimal
   */
  public static Optional<String> text(X509Certificate certificate, String oid) {
    var octets = certificate.getExtensionValue(oid);
    if (octets == null) {
      return Optional.empty();
    }
    try {
      var value = Der.of(octets);
      return value.tag() == OCTET_STRING
          ? Optional.of(CommonName.Text.decode(Der.of(value.content())))
          : Optional.empty();
    } catch (MalformedDerException | CharacterCodingException _) {
      return Optional.empty();
    }
  }
}
