package org.parley.identity.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.identity.authentication.TokenAuthentication.Answer;
import org.parley.testing.TestIssuer;

/** What a token says, once its signature is right. */
class JwtClaimsTest extends TokenFixture {
  private static Arguments claims(
      String name, String why, UnaryOperator<JWTClaimsSet.Builder> change) {
    return argumentSet(name, why, change);
  }

  static Stream<Arguments> badClaims() {
    var late = "expired";
    var early = "not yet good";
    var issuer = "of another issuer";
    var audience = "for another audience";
    var identity = "without an identity, or one that is not taken";
    return Stream.of(
        claims("no issuer", issuer, claims -> claims.issuer(null)),
        claims("issuer with a slash", issuer, claims -> claims.issuer(TestIssuer.ISSUER + "/")),
        claims("issuer in capitals", issuer, claims -> claims.issuer("HTTPS://issuer.test/realm")),
        claims("no audience", audience, claims -> claims.audience((String) null)),
        claims("part of it", audience, claims -> claims.audience("parley")),
        claims("more than it", audience, claims -> claims.audience("parley.test.example")),
        claims("no end", "without an end", claims -> claims.expirationTime(null)),
        claims("at its end", late, claims -> claims.expirationTime(Date.from(NOW.minus(SKEW)))),
        claims("long ago", late, claims -> claims.expirationTime(Date.from(Instant.EPOCH))),
        claims("before 1970", late, claims -> claims.claim("exp", -1)),
        claims(
            "not before",
            early,
            claims -> claims.notBeforeTime(Date.from(NOW.plus(SKEW).plusSeconds(1)))),
        claims(
            "issued later",
            early,
            claims -> claims.issueTime(Date.from(NOW.plus(SKEW).plusSeconds(1)))),
        claims(
            "bound to a key",
            "bound to a key that nothing here proves",
            claims -> claims.claim("cnf", Map.of("jkt", "x"))),
        claims("nobody", identity, claims -> claims.subject(null)),
        claims("empty", identity, claims -> claims.subject("")),
        claims("all", identity, claims -> claims.subject("*")),
        claims("with a slash", identity, claims -> claims.subject("ada/x")),
        claims("with a wildcard", identity, claims -> claims.subject("ada#")),
        claims("with a line", identity, claims -> claims.subject("ada\n")),
        claims("long", identity, claims -> claims.subject("a".repeat(65))));
  }

  @ParameterizedTest
  @MethodSource("badClaims")
  void givenClaims_whenOneIsWrong_thenBad(String why, UnaryOperator<JWTClaimsSet.Builder> change) {
    assertBad(EC.token("ada", END, change), why);
  }

  @Test
  void givenClaims_whenTheyAreAtTheEdgeOfWhatIsTaken_thenGood() {
    assertGood(
        EC.token(
            "ada",
            END,
            claims ->
                claims
                    .audience(List.of("another", TestIssuer.AUDIENCE))
                    .notBeforeTime(Date.from(NOW.plus(SKEW)))
                    .issueTime(Date.from(NOW.plus(SKEW)))));
    var last = NOW.minus(SKEW).plusSeconds(1);
    assertThat(verify(Optional.empty(), EC.token("ada", last)))
        .contains(new Answer.Good("ada", last.plus(SKEW)));
  }

  @ParameterizedTest
  @ValueSource(longs = {253_402_300_800L, Long.MAX_VALUE})
  void givenEndThatNoClockReaches_whenRead_thenAnEndThatCanBeCounted(long end) {
    var token = EC.token("ada", END, claims -> claims.claim("exp", end));

    assertThat(verify(Optional.empty(), token).orElseThrow())
        .isIn(
            new Answer.Good("ada", Instant.parse("9999-12-31T23:59:59Z")),
            new Answer.Bad("expired"));
  }

  /** Signed by the issuer as all others: only the form is wrong. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{",
        "nothing",
        "{\"exp\":\"soon\"}",
        "{\"sub\":\"eve\",\"sub\":\"ada\"}",
        "{\"sub\":\"ada\"} x"
      })
  void givenSignedTextThatIsNoClaims_whenRead_thenBad(String text) throws JOSEException {
    assertThat(verify(Optional.empty(), signed(text)).orElseThrow()).isInstanceOf(Answer.Bad.class);
  }

  private static String signed(String text) throws JOSEException {
    var token =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec").build(), new Payload(text));
    token.sign(new ECDSASigner((ECKey) EC.key()));
    return token.serialize();
  }

  @Test
  void givenTokenOverTheLimit_whenItIsOtherwiseGood_thenBad() {
    var large = EC.token("ada", END, claims -> claims.claim("x", "a".repeat(MAX_BYTES)));

    assertBad(large, "too large");
  }

  @Test
  void givenUserName_whenItIsNotTheTokensOwn_thenBadButForTheSharedOne() {
    var token = EC.token("ada", END);
    var tokens = tokens("sub", Optional.of("jwt"));

    assertThat(verify(Optional.of("ada"), token).orElseThrow()).isInstanceOf(Answer.Good.class);
    for (var other : List.of("eve", "Ada", "", "jwt", "ada ")) {
      assertThat(verify(Optional.of(other), token))
          .contains(new Answer.Bad("issued to another than the user name"));
    }
    assertThat(tokens.verify(Optional.of("jwt"), token.getBytes(UTF_8)).orElseThrow())
        .isInstanceOf(Answer.Good.class);
    assertThat(tokens.verify(Optional.of("eve"), token.getBytes(UTF_8)).orElseThrow())
        .isInstanceOf(Answer.Bad.class);
  }

  @Test
  void givenAnotherClaimAsIdentity_whenRead_thenThatOneAndOnlyAsText() {
    var tokens = tokens("client_id", Optional.empty());
    var good = EC.token("ada", END, claims -> claims.claim("client_id", "pump-7"));
    var number = EC.token("ada", END, claims -> claims.claim("client_id", 7));

    assertThat(tokens.verify(Optional.empty(), good.getBytes(UTF_8)))
        .contains(new Answer.Good("pump-7", END.plus(SKEW)));
    assertThat(tokens.verify(Optional.empty(), number.getBytes(UTF_8)).orElseThrow())
        .isInstanceOf(Answer.Bad.class);
    assertThat(List.of(tokens.accepted(), tokens.refused(), tokens.undecided()))
        .isEqualTo(Arrays.asList(1L, 1L, 0L));
  }
}
