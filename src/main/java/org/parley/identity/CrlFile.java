package org.parley.identity;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.parley.core.LogText;
import org.parley.identity.Der.MalformedDerException;

/** Bytes to CRLs: one in DER, or any number in PEM (RFC 7468) with text around them. */
final class CrlFile {
  private static final String BEGIN = "-----BEGIN ";
  private static final String DASHES = "-----";
  private static final String LABEL = "X509 CRL";
  private static final String END = "-----END " + LABEL + DASHES;

  private CrlFile() {}

  /** Reads at least one CRL. */
  static List<X509CRL> read(byte[] bytes) throws UnreadableCrlException {
    var crls = new ArrayList<X509CRL>();
    if (bytes.length > 0 && bytes[0] == Der.SEQUENCE) {
      crls.add(crl(bytes));
    } else {
      for (var der : blocks(new String(bytes, StandardCharsets.ISO_8859_1))) {
        crls.add(crl(der));
      }
    }
    if (crls.isEmpty()) {
      throw new UnreadableCrlException("no CRL in it");
    }
    return crls;
  }

  private static List<byte[]> blocks(String text) throws UnreadableCrlException {
    var blocks = new ArrayList<byte[]>();
    for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at)) {
      int labelAt = at + BEGIN.length();
      if (!text.startsWith(LABEL + DASHES, labelAt)) {
        throw new UnreadableCrlException("a PEM block that is no \"" + LABEL + '"');
      }
      int bodyAt = labelAt + LABEL.length() + DASHES.length();
      int endAt = text.indexOf(END, bodyAt);
      if (endAt < 0) {
        throw new UnreadableCrlException("a PEM block without its end");
      }
      blocks.add(base64(text.substring(bodyAt, endAt)));
      at = endAt + END.length() - DASHES.length(); // a beginning that shares them is one too
    }
    return blocks;
  }

  private static byte[] base64(String body) throws UnreadableCrlException {
    try {
      return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
    } catch (IllegalArgumentException _) {
      throw new UnreadableCrlException("a PEM block that is no base64");
    }
  }

  private static X509CRL crl(byte[] der) throws UnreadableCrlException {
    try {
      Der.of(der); // the factory would ignore what follows the first element
      var factory = CertificateFactory.getInstance("X.509");
      return (X509CRL) factory.generateCRL(new ByteArrayInputStream(der));
    } catch (MalformedDerException | CRLException e) {
      throw new UnreadableCrlException("no CRL: " + LogText.escape(String.valueOf(e.getMessage())));
    } catch (CertificateException e) {
      throw new IllegalStateException(e); // every Java platform reads X.509
    }
  }

  /** The bytes hold no usable CRL; the message is one log-safe line. */
  static final class UnreadableCrlException extends Exception {
    UnreadableCrlException(String message) {
      super(message, null, false, false);
    }
  }
}
