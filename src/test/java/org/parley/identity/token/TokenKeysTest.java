package org.parley.identity.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.identity.token.TokenKeys.Parsed;
import org.parley.testing.TestIssuer;

class TokenKeysTest {
  private static final TestIssuer EC = TestIssuer.ec("ec");
  private static final String OKP =
      "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";

  private static Parsed parse(String text) {
    return TokenKeys.parse(text.getBytes(UTF_8));
  }

  private static String set(String... keys) {
    return "{\"keys\":[" + String.join(",", keys) + "]}";
  }

  private static String publicKey(TestIssuer issuer) {
    return issuer.key().toPublicJWK().toJSONString();
  }

  private static int size(String text) {
    assertThat(parse(text)).isInstanceOf(Parsed.Loaded.class);
    return ((Parsed.Loaded) parse(text)).keys().size();
  }

  @Test
  void givenSet_whenKeysAreForSomethingElse_thenTheyArePassedOver() {
    var encryption =
        new ECKey.Builder((ECKey) TestIssuer.ec("enc").key())
            .keyUse(KeyUse.ENCRYPTION)
            .build()
            .toPublicJWK()
            .toJSONString();
    var unknown = "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AA\"}";
    var weak = publicKey(TestIssuer.rsa("weak", 1024));

    assertThat(size(set(encryption, publicKey(EC), OKP, unknown, weak))).isEqualTo(1);
  }

  @Test
  void givenSet_whenNoKeyCanBeUsed_thenItFails() {
    for (var text : new String[] {set(), set(OKP), set(publicKey(TestIssuer.rsa("weak", 1024)))}) {
      assertThat(parse(text)).isInstanceOf(Parsed.Failed.class);
      assertThat(((Parsed.Failed) parse(text)).what()).startsWith("no key in it can be used");
    }
  }

  @Test
  void givenSet_whenASecretIsInIt_thenItFailsWhole() {
    var secret = "{\"kty\":\"oct\",\"k\":\"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXM\"}";

    for (var text :
        new String[] {set(publicKey(EC), EC.key().toJSONString()), set(publicKey(EC), secret)}) {
      assertThat(parse(text))
          .isEqualTo(
              new Parsed.Failed(
                  "there is a private or secret key in it; use the public ones alone"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "<html>",
        "{\"keys\":{}}",
        "{\"keys\":[1]}",
        "{\"keys\":[{}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}]}",
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}]}"
      })
  void givenTextThatIsNoSet_whenRead_thenItFailsInAFixedPhrase(String text) {
    assertThat(parse(text)).isInstanceOf(Parsed.Failed.class);
    assertThat(((Parsed.Failed) parse(text)).what()).matches("[ -~]+").doesNotContain("html");
  }

  @Test
  void givenBytes_whenTheyAreTooManyOrNoUtf8_thenItFails() {
    assertThat(TokenKeys.parse(new byte[TokenKeys.MAX_BYTES + 1]))
        .isEqualTo(new Parsed.Failed("it is larger than 1048576 bytes"));
    assertThat(TokenKeys.parse("{\"keys\":[],\"x\":\"\u00FC\"}".getBytes(ISO_8859_1)))
        .isEqualTo(new Parsed.Failed("it is not in UTF-8"));
    assertThat(parse(set(Collections.nCopies(101, publicKey(EC)).toArray(String[]::new))))
        .isEqualTo(new Parsed.Failed("it has more than 100 keys"));
    assertThat(parse("{\"keys\":" + "[".repeat(100_000))).isInstanceOf(Parsed.Failed.class);
  }
}
