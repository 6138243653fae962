package org.parley.identity.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.identity.authentication.TokenAuthentication.Answer;
import org.parley.testing.TestIssuer;

/** The header and the signature. */
class JwtAuthenticationTest extends TokenFixture {
  static Stream<Arguments> algorithms() {
    return Stream.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256")
        .map(name -> argumentSet(name, JWSAlgorithm.parse(name)));
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void givenToken_whenItsSignatureIsRight_thenGoodUntilItEnds(JWSAlgorithm algorithm) {
    var issuer = algorithm.equals(JWSAlgorithm.ES256) ? EC : RSA.signingBy(algorithm);

    assertGood(issuer.token("ada", END));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "secret", "eyJ", "a.b.c", "ey.b.c", "eyJhbGciOiJFUzI1NiJ9.e30"})
  void givenPassword_whenItHasNotTheFormOfAToken_thenItIsNoBusinessOfOurs(String password) {
    assertThat(verify(Optional.of("ada"), password)).isEmpty();
    assertThat(verify(Optional.of("ada"), EC.token("ada", END) + "!")).isEmpty();
    assertThat(verify(Optional.of("ada"), EC.token("ada", END) + ".x")).isEmpty();
  }

  @Test
  void givenAlgorithmNone_whenTheSignatureIsEmpty_thenBad() {
    var claims = part(EC.token("ada", END), 1);

    assertBad(
        encoded("{\"alg\":\"none\"}") + "." + claims + ".", "malformed, or without a signature");
    assertBad(
        encoded("{\"alg\":\"None\",\"kid\":\"ec\"}") + "." + claims + ".",
        "malformed, or without a signature");
    assertBad(
        part(EC.token("ada", END), 0) + "." + claims + ".", "malformed, or without a signature");
  }

  /** Whoever takes the algorithm from the token checks a MAC with a key that everybody has. */
  @Test
  void givenMacMadeWithThePublicKey_whenItNamesThatKey_thenBad()
      throws JOSEException, ParseException {
    for (var secret :
        List.of(
            ((RSAKey) RSA.key()).toRSAPublicKey().getEncoded(),
            RSA.key().toPublicJWK().toJSONString().getBytes(UTF_8))) {
      var token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build(),
              JWTClaimsSet.parse(claims()));
      token.sign(new MACSigner(secret));

      assertBad(token.serialize(), "signed by an algorithm that is not taken");
    }
  }

  private static Map<String, Object> claims() {
    return Map.of(
        "iss",
        TestIssuer.ISSUER,
        "aud",
        TestIssuer.AUDIENCE,
        "sub",
        "ada",
        "exp",
        END.getEpochSecond());
  }

  @Test
  void givenKeyOfAnotherKind_whenTheHeaderNamesIt_thenBad() {
    var token = EC.token("ada", END, claims -> claims, header -> header.keyID("rsa"));

    assertBad(token, "no key for its algorithm");
  }

  @Test
  void givenSignature_whenItIsOfAnotherKeyOrText_thenBad() {
    var token = EC.token("ada", END);
    var other = EC.token("eve", END);

    assertBad(TestIssuer.ec("ec").token("ada", END), "wrong signature");
    assertBad(part(token, 0) + "." + part(other, 1) + "." + part(token, 2), "wrong signature");
    assertBad(part(token, 0) + "." + part(token, 1) + "." + part(other, 2), "wrong signature");
  }

  /** A signature of zeros is right for every key and text, where nobody looks (CVE-2022-21449). */
  @Test
  void givenSignatureOfZeros_whenChecked_thenBad() {
    var token = EC.token("ada", END);
    var zeros = Base64URL.encode(new byte[64]).toString();

    assertBad(part(token, 0) + "." + part(token, 1) + "." + zeros, "wrong signature");
  }

  /** The header may say where its key is, or what it is: nobody listens. */
  @Test
  void givenKeyInTheHeader_whenItHasMadeTheSignature_thenBad() {
    var mallory = TestIssuer.ec("ec");

    assertBad(
        mallory.token(
            "ada", END, claims -> claims, header -> header.jwk(mallory.key().toPublicJWK())),
        "wrong signature");
    assertBad(
        mallory.token(
            "ada",
            END,
            claims -> claims,
            header -> header.jwkURL(URI.create("https://192.0.2.1/keys"))),
        "wrong signature");
    assertThat(missed).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"other", "", "../../etc/passwd", "ec' OR 1=1 --", "ec\u0000", "EC"})
  void givenKeyId_whenNoKeyHasIt_thenBadAndNewerKeysAreAskedFor(String keyId) {
    var token = EC.token("ada", END, claims -> claims, header -> header.keyID(keyId));

    assertBad(token, "signed by a key that is not known");
    assertThat(missed).isEqualTo(1);
  }

  @Test
  void givenNoKeyId_whenOneKeyFits_thenGoodAndOfSeveralNone() {
    UnaryOperator<JWSHeader.Builder> without = header -> header.keyID(null);

    assertGood(EC.token("ada", END, claims -> claims, without));

    keys = keys(EC, TestIssuer.ec("ec2"));
    assertBad(EC.token("ada", END, claims -> claims, without), "several keys fit");
  }

  @Test
  void givenKeysThatWereRotated_whenTokensOfBothCome_thenThoseOfTheNewOnesAreGood() {
    var next = TestIssuer.ec("next");
    assertBad(next.token("ada", END), "signed by a key that is not known");

    keys = keys(next);

    assertGood(next.token("ada", END));
    assertBad(EC.token("ada", END), "signed by a key that is not known");
  }

  @Test
  void givenNoKeys_whenATokenComes_thenNobodyCanTell() {
    keys = TokenKeys.NONE;

    assertThat(verify(Optional.empty(), EC.token("ada", END))).contains(new Answer.Undecidable());
  }

  @Test
  void givenCriticalExtension_whenItIsNotUnderstood_thenBad() {
    for (var critical : List.of("b64", "exp", "http://example.com/x")) {
      var token =
          EC.token(
              "ada",
              END,
              claims -> claims,
              header ->
                  (critical.equals("b64")
                          ? header.base64URLEncodePayload(true)
                          : header.customParam(critical, true))
                      .criticalParams(Set.of(critical)));

      assertBad(token, "an extension that must be understood");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "jwt", "at+jwt", "application/at+jwt"})
  void givenType_whenItIsOfAccess_thenGood(String type) {
    assertGood(
        EC.token("ada", END, claims -> claims, header -> header.type(new JOSEObjectType(type))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE", "x"})
  void givenType_whenItIsForSomethingElse_thenBad(String type) {
    assertBad(
        EC.token("ada", END, claims -> claims, header -> header.type(new JOSEObjectType(type))),
        "of a type that is for something else");
  }

  @Test
  void givenHeadersThatAreHostile_whenRead_thenBadAndNothingElse() {
    var rest = "." + encoded("{}") + "." + encoded("x");
    for (var header :
        List.of(
            "{\"alg\":\"ES256\",\"alg\":\"none\"}",
            "{\"alg\":[]}",
            "{\"alg\":null}",
            "{\"alg\":\"ES256\",\"b64\":false,\"crit\":[\"b64\"]}",
            "{\"alg\":\"ES256\",\"crit\":[]}",
            "{\"alg\":\"ES256\",\"x5c\":[1]}",
            "{\"alg\":\"ES256\",\"a\":" + "[".repeat(2_000),
            "{\"a\":".repeat(500))) {
      assertThat(verify(Optional.empty(), encoded(header) + rest).orElseThrow())
          .as(header)
          .isInstanceOf(Answer.Bad.class);
    }
  }

  @Test
  void givenLargerCurves_whenTheirKeysSign_thenGood() throws JOSEException {
    for (var curve : List.of(Curve.P_384, Curve.P_521)) {
      var key = new ECKeyGenerator(curve).keyID("big").generate();
      keys = keys("{\"keys\":[" + key.toPublicJWK().toJSONString() + "]}");
      var algorithm = curve.equals(Curve.P_384) ? JWSAlgorithm.ES384 : JWSAlgorithm.ES512;
      var token =
          new JWSObject(
              new JWSHeader.Builder(algorithm).keyID("big").build(), new Payload(claims()));
      token.sign(new ECDSASigner(key));

      assertGood(token.serialize());
    }
  }
}
