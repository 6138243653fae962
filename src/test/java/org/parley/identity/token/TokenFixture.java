package org.parley.identity.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.Base64URL;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.parley.identity.IdentityRule;
import org.parley.identity.authentication.TokenAuthentication.Answer;
import org.parley.testing.TestIssuer;

/** Tokens of two issuers, and the rule that judges them. */
abstract class TokenFixture {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final Instant END = NOW.plusSeconds(600);
  static final Duration SKEW = Duration.ofSeconds(30);
  static final int MAX_BYTES = 4096;
  static final TestIssuer EC = TestIssuer.ec("ec");
  static final TestIssuer RSA = TestIssuer.rsa("rsa", 2048);

  TokenKeys keys = keys(EC, RSA);
  int missed;

  static TokenKeys keys(TestIssuer... issuers) {
    return keys(TestIssuer.keySet(issuers));
  }

  static TokenKeys keys(String set) {
    assertThat(TokenKeys.parse(set.getBytes(UTF_8))).isInstanceOf(TokenKeys.Parsed.Loaded.class);
    return ((TokenKeys.Parsed.Loaded) TokenKeys.parse(set.getBytes(UTF_8))).keys();
  }

  JwtAuthentication tokens(String claim, Optional<String> sharedName) {
    return new JwtAuthentication(
        new TokenRules(TestIssuer.ISSUER, TestIssuer.AUDIENCE, claim, sharedName, SKEW, MAX_BYTES),
        () -> keys,
        () -> missed++,
        new IdentityRule()::allowed,
        () -> NOW);
  }

  Optional<Answer> verify(Optional<String> userName, String token) {
    return tokens("sub", Optional.empty()).verify(userName, token.getBytes(UTF_8));
  }

  void assertBad(String token, String why) {
    assertThat(verify(Optional.empty(), token)).contains(new Answer.Bad(why));
  }

  void assertGood(String token) {
    assertThat(verify(Optional.empty(), token)).contains(new Answer.Good("ada", END.plus(SKEW)));
  }

  static String encoded(String json) {
    return Base64URL.encode(json).toString();
  }

  static String part(String token, int index) {
    return token.split("\\.", -1)[index];
  }
}
