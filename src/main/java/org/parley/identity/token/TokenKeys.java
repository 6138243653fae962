package org.parley.identity.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The keys of an issuer: the content of a JSON Web Key Set (RFC 7517). A value: another set makes
 * another one.
 */
public final class TokenKeys {
  /** Bytes of a set at the most. */
  public static final int MAX_BYTES = 1 << 20;

  /** Keys of a set at the most. */
  public static final int MAX_KEYS = 100;

  /** No token is good. */
  public static final TokenKeys NONE = new TokenKeys(List.of());

  /** Signatures by a private key only: what a public one made, its knower could make again. */
  static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384, Curve.P_521);
  private static final int LEAST_RSA_BITS = 2048;

  /** A larger one would take long for each token. */
  private static final int MOST_RSA_BITS = 8192;

  /** What became of the bytes of a set. */
  public sealed interface Parsed {
    /** At least one key that can be used. */
    record Loaded(TokenKeys keys) implements Parsed {}

    /**
     * Nothing of it counts.
     *
     * @param what a fixed phrase, fit for a log
     */
    record Failed(String what) implements Parsed {}
  }

  private final List<JWK> keys;
  private final JWKSet set;

  private TokenKeys(List<JWK> keys) {
    this.keys = List.copyOf(keys);
    this.set = new JWKSet(this.keys);
  }

  /**
   * Reads a set in UTF-8. Keys for something else than to check signatures by {@link #ALGORITHMS},
   * and those that are too weak, are passed over. A secret in the set spoils it: somebody has mixed
   * up two files.
   */
  public static Parsed parse(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      return new Parsed.Failed("it is larger than " + MAX_BYTES + " bytes");
    }
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return of(JWKSet.parse(text));
    } catch (CharacterCodingException _) {
      return new Parsed.Failed("it is not in UTF-8");
    } catch (ParseException | RuntimeException _) {
      // The library's own message quotes what it has read.
      return new Parsed.Failed("it is no JSON Web Key Set, or a key in it is malformed");
    }
  }

  private static Parsed of(JWKSet all) {
    if (all.size() > MAX_KEYS) {
      return new Parsed.Failed("it has more than " + MAX_KEYS + " keys");
    }
    if (all.getKeys().stream().anyMatch(JWK::isPrivate)) {
      return new Parsed.Failed("there is a private or secret key in it; use the public ones alone");
    }
    var usable = all.getKeys().stream().filter(TokenKeys::isUsable).toList();
    return usable.isEmpty()
        ? new Parsed.Failed("no key in it can be used; use RSA from 2048 bits, or P-256 to P-521")
        : new Parsed.Loaded(new TokenKeys(usable));
  }

  private static boolean isUsable(JWK key) {
    var use = key.getKeyUse();
    var operations = key.getKeyOperations();
    var algorithm = key.getAlgorithm();
    return (use == null || use.equals(KeyUse.SIGNATURE))
        && (operations == null || operations.contains(KeyOperation.VERIFY))
        && (algorithm == null
            || ALGORITHMS.stream().anyMatch(known -> known.getName().equals(algorithm.getName())))
        && isStrong(key);
  }

  private static boolean isStrong(JWK key) {
    return switch (key) {
      case RSAKey rsa -> rsa.size() >= LEAST_RSA_BITS && rsa.size() <= MOST_RSA_BITS;
      case ECKey ec -> CURVES.contains(ec.getCurve());
      default -> false;
    };
  }

  /** Returns how many can be used. */
  public int size() {
    return keys.size();
  }

  /** Returns whether any key has this Key ID. */
  boolean has(String keyId) {
    return keys.stream().anyMatch(key -> Objects.equals(key.getKeyID(), keyId));
  }

  /** Returns those that may have made a signature: of its Key ID, if it says one, and its kind. */
  List<JWK> find(JWSHeader header) {
    return new JWKSelector(JWKMatcher.forJWSHeader(header)).select(set);
  }
}
