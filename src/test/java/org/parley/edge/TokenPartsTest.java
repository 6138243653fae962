package org.parley.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.SettingException;
import org.parley.identity.authentication.TokenAuthentication;
import org.parley.identity.authentication.TokenAuthentication.Answer;
import org.parley.testing.TestIssuer;

class TokenPartsTest {
  private static final TestIssuer ISSUER = TestIssuer.ec("one");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path directory;

  private static Configuration configuration(Map<String, String> properties) {
    return Configuration.read(properties.keySet(), key -> Optional.ofNullable(properties.get(key)));
  }

  private static TokenParts parts(Map<String, String> properties) {
    return TokenParts.of(configuration(properties), () -> NOW, () -> 0);
  }

  private Map<String, String> settings(String set) throws IOException {
    var file = directory.resolve("keys.json");
    Files.writeString(file, set);
    return from(file);
  }

  private static Map<String, String> from(Object jwks) {
    return new HashMap<>(
        Map.of(
            "parley.jwt.jwks", jwks.toString(),
            "parley.jwt.issuer", TestIssuer.ISSUER,
            "parley.jwt.audience", TestIssuer.AUDIENCE));
  }

  private static Answer verify(TokenParts parts, TestIssuer issuer) {
    var token = issuer.token("ada", NOW.plusSeconds(60)).getBytes(UTF_8);
    return parts.authentication().verify(Optional.empty(), token).orElseThrow();
  }

  @Test
  void givenNoKeySet_whenMade_thenNoPasswordIsAToken() {
    var parts = parts(Map.of());

    assertThat(parts.authentication()).isSameAs(TokenAuthentication.NONE);
    assertThat(parts.figures()).isEmpty();
    assertThat(TokenParts.areTaken(configuration(Map.of()))).isFalse();
  }

  @Test
  void givenFile_whenMade_thenItsTokensAreTakenAndCounted() throws IOException {
    var parts = parts(settings(TestIssuer.keySet(ISSUER)));

    assertThat(verify(parts, ISSUER)).isInstanceOf(Answer.Good.class);
    assertThat(verify(parts, TestIssuer.ec("one"))).isInstanceOf(Answer.Bad.class);
    var figures = parts.figures().orElseThrow();
    assertThat(figures.accepted()).isEqualTo(1);
    assertThat(figures.refused()).isEqualTo(1);
    assertThat(figures.keys()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parley.jwt.issuer", "parley.jwt.audience"})
  void givenKeySet_whenOtherSettingsAreMissing_thenTheStartEnds(String missing) throws IOException {
    var settings = settings(TestIssuer.keySet(ISSUER));
    settings.remove(missing);

    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> parts(settings))
        .withMessageStartingWith(missing)
        .withMessageEndingWith("is \"\": set it, as parley.jwt.jwks is.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"keys\":[]}", "x"})
  void givenFileThatCannotBeUsed_whenMade_thenTheStartEnds(String content) throws IOException {
    var settings = settings(content);

    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> parts(settings))
        .withMessageStartingWith("parley.jwt.jwks (PARLEY_JWT_JWKS) cannot be used: ");
  }

  @Test
  void givenNoSuchFile_whenMade_thenTheStartEnds() {
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> parts(from(directory.resolve("none"))))
        .withMessageEndingWith("the file cannot be read.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://issuer.test/keys",
        "ftp://issuer.test/keys",
        "https:///keys",
        "https://user:secret@issuer.test/keys",
        "https://issuer.test/keys#x",
        "https://issuer.test/ keys"
      })
  void givenAddress_whenItIsNotPlainHttps_thenTheStartEnds(String address) {
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> parts(from(address)))
        .withMessageEndingWith("use a file, or https://host/path.");
  }

  @Test
  void givenAddress_whenNothingWasFetchedYet_thenNobodyCanTell() {
    var parts = parts(from("https://issuer.test/keys"));

    assertThat(verify(parts, ISSUER)).isInstanceOf(Answer.Undecidable.class);
    assertThat(parts.figures().orElseThrow().keys()).isZero();
    assertThat(parts.figures().orElseThrow().undecided()).isEqualTo(1);
  }

  @Test
  void givenFile_whenItIsRotatedThenSpoiled_thenTheLastGoodKeysAreInForce() {
    var content = new String[] {TestIssuer.keySet(ISSUER)};
    var keys = new JwksKeys(() -> 0);
    var file =
        new JwksFile(
            new WatchedFile.Source() {
              @Override
              public Object version() {
                return content[0];
              }

              @Override
              public byte[] bytes() {
                return content[0].getBytes(UTF_8);
              }
            },
            keys);
    content[0] = TestIssuer.keySet(ISSUER, TestIssuer.ec("two"));
    file.tick();
    assertThat(keys.get().size()).as("it may be being written").isEqualTo(1);
    file.tick();
    assertThat(keys.get().size()).isEqualTo(2);

    for (var bad : new String[] {"", "{\"keys\":[]}", ISSUER.key().toJSONString()}) {
      content[0] = bad;
      file.tick();
      file.tick();
      assertThat(keys.problem()).as(bad).isPresent();
      assertThat(keys.get().size()).isEqualTo(2);
    }
  }
}
