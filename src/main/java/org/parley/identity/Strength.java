package org.parley.identity;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.parley.identity.Der.MalformedDerException;

/** Which keys and signatures are strong enough. What is not listed is not. */
final class Strength {
  private static final int RSA_BITS = 2048;
  private static final int EC_BITS = 256;

  private static final Set<String> SIGNATURES =
      Set.of(
          "1.2.840.113549.1.1.11", // SHA256withRSA
          "1.2.840.113549.1.1.12", // SHA384withRSA
          "1.2.840.113549.1.1.13", // SHA512withRSA
          "1.2.840.10045.4.3.2", // SHA256withECDSA
          "1.2.840.10045.4.3.3", // SHA384withECDSA
          "1.2.840.10045.4.3.4", // SHA512withECDSA
          "1.3.101.112", // Ed25519
          "1.3.101.113"); // Ed448

  private static final String RSASSA_PSS = "1.2.840.113549.1.1.10";
  private static final int PSS_HASH_ALGORITHM = 0xA0;
  private static final Set<String> PSS_HASHES =
      Set.of(
          "608648016503040201", // SHA-256
          "608648016503040202", // SHA-384
          "608648016503040203"); // SHA-512

  private Strength() {}

  /** RSA from 2048 bits, elliptic curves from 256 bits, Ed25519 and Ed448. */
  static boolean suffices(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= RSA_BITS;
      case ECPublicKey ec -> ec.getParams().getCurve().getField().getFieldSize() >= EC_BITS;
      case EdECPublicKey _ -> true;
      default -> false;
    };
  }

  /** SHA-2 signatures and EdDSA. */
  static boolean suffices(String signatureOid, byte @Nullable [] parameters) {
    return RSASSA_PSS.equals(signatureOid)
        ? parameters != null && pssHashSuffices(parameters)
        : SIGNATURES.contains(signatureOid);
  }

  /** RFC 4055 section 3.1: the hash stands in the parameters, and is SHA-1 when it is absent. */
  private static boolean pssHashSuffices(byte[] parameters) {
    try {
      var first = Der.of(parameters).children(Der.SEQUENCE).getFirst();
      var algorithm = first.children(PSS_HASH_ALGORITHM).getFirst().children(Der.SEQUENCE);
      return PSS_HASHES.contains(HexFormat.of().formatHex(algorithm.getFirst().content()));
    } catch (MalformedDerException | NoSuchElementException _) {
      return false;
    }
  }
}
