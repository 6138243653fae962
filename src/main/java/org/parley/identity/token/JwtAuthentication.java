package org.parley.identity.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.parley.identity.authentication.TokenAuthentication;
import org.parley.identity.authentication.TokenForm;

/**
 * JSON Web Tokens that an issuer has signed (RFC 7519, RFC 8725). The signature is checked first;
 * what a token says counts only then. Nothing in it says where a key comes from: {@code jku},
 * {@code jwk}, {@code x5u} and {@code x5c} are passed over.
 */
public final class JwtAuthentication implements TokenAuthentication {
  /** Of tokens for access (RFC 9068) and of any; what is for something else has its own. */
  private static final Set<String> TYPES =
      Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");

  /** Of a token that is good only together with a proof of its key (RFC 7800). */
  private static final String CONFIRMATION = "cnf";

  /** No token is good for longer. */
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");

  private final TokenRules rules;
  private final Supplier<TokenKeys> keys;
  private final Runnable unknownKey;
  private final Predicate<String> names;
  private final InstantSource clock;
  private final LongAdder accepted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder undecided = new LongAdder();

  /**
   * @param keys those in force at the moment
   * @param unknownKey is told of a Key ID that none of them has: there may be newer ones
   * @param names whether somebody may be called so
   */
  public JwtAuthentication(
      TokenRules rules,
      Supplier<TokenKeys> keys,
      Runnable unknownKey,
      Predicate<String> names,
      InstantSource clock) {
    this.rules = rules;
    this.keys = keys;
    this.unknownKey = unknownKey;
    this.names = names;
    this.clock = clock;
  }

  /** Returns how many tokens were good. */
  public long accepted() {
    return accepted.sum();
  }

  /** Returns how many were not. */
  public long refused() {
    return refused.sum();
  }

  /** Returns how many came while there were no keys. */
  public long undecided() {
    return undecided.sum();
  }

  @Override
  public Optional<Answer> verify(Optional<String> userName, byte[] password) {
    if (!TokenForm.isToken(password)) {
      return Optional.empty();
    }
    var answer = judge(userName, password);
    switch (answer) {
      case Answer.Good _ -> accepted.increment();
      case Answer.Bad _ -> refused.increment();
      case Answer.Undecidable _ -> undecided.increment();
    }
    return Optional.of(answer);
  }

  private Answer judge(Optional<String> userName, byte[] password) {
    if (password.length > rules.maxBytes()) {
      return new Answer.Bad("too large");
    }
    var inForce = keys.get();
    if (inForce.size() == 0) {
      return new Answer.Undecidable();
    }
    try {
      var token = SignedJWT.parse(new String(password, StandardCharsets.US_ASCII));
      var wrong = badHeader(token.getHeader());
      if (wrong.isPresent()) {
        return new Answer.Bad(wrong.get());
      }
      wrong = badSignature(token, inForce);
      return wrong.isPresent()
          ? new Answer.Bad(wrong.get())
          : claims(userName, token.getJWTClaimsSet());
    } catch (ParseException | IllegalArgumentException _) {
      // "none" too: the library knows no signed token without a signature.
      return new Answer.Bad("malformed, or without a signature");
    }
  }

  private static Optional<String> badHeader(JWSHeader header) {
    if (!TokenKeys.ALGORITHMS.contains(header.getAlgorithm())) {
      return Optional.of("signed by an algorithm that is not taken");
    }
    if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
      return Optional.of("an extension that must be understood"); // RFC 7515 section 4.1.11
    }
    var type = header.getType();
    return type == null || TYPES.contains(type.getType().toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.of("of a type that is for something else");
  }

  /** Exactly one key must fit: to try them all would let one token cost as much as many. */
  private Optional<String> badSignature(SignedJWT token, TokenKeys inForce) {
    var header = token.getHeader();
    var keyId = header.getKeyID();
    if (keyId != null && !inForce.has(keyId)) {
      unknownKey.run();
      return Optional.of("signed by a key that is not known");
    }
    var fitting = inForce.find(header);
    if (fitting.size() != 1) {
      return Optional.of(fitting.isEmpty() ? "no key for its algorithm" : "several keys fit");
    }
    try {
      return token.verify(verifier(fitting.getFirst()))
          ? Optional.empty()
          : Optional.of("wrong signature");
    } catch (JOSEException _) {
      return Optional.of("wrong signature");
    }
  }

  private static JWSVerifier verifier(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa -> new RSASSAVerifier(rsa);
      case ECKey ec -> new ECDSAVerifier(ec);
      default -> throw new JOSEException("no key of ours");
    };
  }

  private Answer claims(Optional<String> userName, JWTClaimsSet claims) throws ParseException {
    if (!rules.issuer().equals(claims.getIssuer())) {
      return new Answer.Bad("of another issuer");
    }
    if (!claims.getAudience().contains(rules.audience())) {
      return new Answer.Bad("for another audience");
    }
    if (claims.getClaim(CONFIRMATION) != null) {
      return new Answer.Bad("bound to a key that nothing here proves");
    }
    var expiry = claims.getExpirationTime();
    if (expiry == null) {
      return new Answer.Bad("without an end");
    }
    var end = end(expiry);
    var now = clock.instant();
    if (!now.isBefore(end)) {
      return new Answer.Bad("expired");
    }
    var latest = now.plus(rules.clockSkew());
    return isAfter(claims.getNotBeforeTime(), latest) || isAfter(claims.getIssueTime(), latest)
        ? new Answer.Bad("not yet good")
        : identity(userName, claims.getClaim(rules.identityClaim()), end);
  }

  private Instant end(Date expiry) {
    var said = expiry.toInstant();
    return said.isAfter(END_OF_TIME) ? END_OF_TIME : said.plus(rules.clockSkew());
  }

  private static boolean isAfter(@Nullable Date time, Instant latest) {
    return time != null && time.toInstant().isAfter(latest);
  }

  private Answer identity(Optional<String> userName, @Nullable Object claim, Instant end) {
    if (!(claim instanceof String identity) || !names.test(identity)) {
      return new Answer.Bad("without an identity, or one that is not taken");
    }
    boolean same =
        userName.isEmpty()
            || userName.get().equals(identity)
            || userName.equals(rules.sharedName());
    return same
        ? new Answer.Good(identity, end)
        : new Answer.Bad("issued to another than the user name");
  }
}
