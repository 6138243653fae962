package org.parley.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.function.UnaryOperator;

/** Issues tokens, with a key of its own, as they should be until a test says otherwise. */
public final class TestIssuer {
  public static final String ISSUER = "https://issuer.test/realm";
  public static final String AUDIENCE = "parley.test";

  private final JWK key;
  private final JWSAlgorithm algorithm;

  private TestIssuer(JWK key, JWSAlgorithm algorithm) {
    this.key = key;
    this.algorithm = algorithm;
  }

  /** Returns the one whose key set the server under test has. */
  public static TestIssuer shared() {
    return Shared.ISSUER;
  }

  /** An issuer with a new key on P-256. */
  public static TestIssuer ec(String keyId) {
    var keys = Keys.ec();
    return new TestIssuer(
        new ECKey.Builder(Curve.P_256, (ECPublicKey) keys.getPublic())
            .privateKey(keys.getPrivate())
            .keyID(keyId)
            .build(),
        JWSAlgorithm.ES256);
  }

  /** An issuer with a new RSA key. */
  public static TestIssuer rsa(String keyId, int bits) {
    var keys = Keys.rsa(bits);
    return new TestIssuer(
        new RSAKey.Builder((RSAPublicKey) keys.getPublic())
            .privateKey(keys.getPrivate())
            .keyID(keyId)
            .build(),
        JWSAlgorithm.RS256);
  }

  /** The same key with another algorithm. */
  public TestIssuer signingBy(JWSAlgorithm other) {
    return new TestIssuer(key, other);
  }

  public JWK key() {
    return key;
  }

  /** Returns the public keys of these as a JSON Web Key Set. */
  public static String keySet(TestIssuer... issuers) {
    return new JWKSet(Arrays.stream(issuers).map(TestIssuer::key).toList()).toString(true);
  }

  /** Returns a token for somebody. */
  public String token(String subject, Instant end) {
    return token(subject, end, claims -> claims, header -> header);
  }

  /** The same with some claims changed. */
  public String token(String subject, Instant end, UnaryOperator<JWTClaimsSet.Builder> claims) {
    return token(subject, end, claims, header -> header);
  }

  /** The same with the header changed, too. */
  public String token(
      String subject,
      Instant end,
      UnaryOperator<JWTClaimsSet.Builder> claims,
      UnaryOperator<JWSHeader.Builder> header) {
    var said =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience(AUDIENCE)
            .subject(subject)
            .expirationTime(Date.from(end));
    var token =
        new SignedJWT(
            header.apply(new JWSHeader.Builder(algorithm).keyID(key.getKeyID())).build(),
            claims.apply(said).build());
    try {
      switch (key) {
        case RSAKey rsa -> token.sign(new RSASSASigner(rsa));
        case ECKey ec -> token.sign(new ECDSASigner(ec));
        default -> throw new IllegalStateException("no such key here");
      }
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Shared {
    private static final TestIssuer ISSUER = ec("shared");
  }
}
