package org.parley.identity.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.util.Base64URL;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.parley.identity.IdentityRule;
import org.parley.identity.authentication.TokenAuthentication.Answer;
import org.parley.testing.TestIssuer;

/**
 * Any header, claims and key set at all: never a good token, since nobody has signed one, and never
 * an exception.
 */
class TokenFuzzTest {
  private static final TokenRules RULES =
      new TokenRules(
          TestIssuer.ISSUER,
          TestIssuer.AUDIENCE,
          "sub",
          Optional.empty(),
          Duration.ofSeconds(30),
          16_384);

  private static TokenKeys keys(byte[] set) {
    return switch (TokenKeys.parse(set)) {
      case TokenKeys.Parsed.Loaded(var keys) -> keys;
      case TokenKeys.Parsed.Failed(var what) -> {
        assertThat(what).matches("[ -~]+");
        yield TokenKeys.NONE;
      }
    };
  }

  @FuzzTest(maxDuration = "10m")
  void givenAnyTokenAndKeySet_whenRead_thenNobodyIsLetIn(byte[] input) {
    int half = input.length / 2;
    var header = Arrays.copyOf(input, half);
    var claims = Arrays.copyOfRange(input, half, input.length);
    var known = keys(TestIssuer.keySet(TestIssuer.shared()).getBytes(UTF_8));
    var chosen = keys(input);
    var token =
        Base64URL.encode(header) + "." + Base64URL.encode(claims) + "." + Base64URL.encode(header);

    for (var keys : new TokenKeys[] {known, chosen}) {
      var tokens =
          new JwtAuthentication(
              RULES, () -> keys, () -> {}, new IdentityRule()::allowed, () -> Instant.EPOCH);
      for (var bytes : new byte[][] {input, token.getBytes(UTF_8)}) {
        assertThat(tokens.verify(Optional.empty(), bytes).filter(Answer.Good.class::isInstance))
            .isEmpty();
      }
    }
  }
}
