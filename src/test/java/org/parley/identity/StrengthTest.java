package org.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.security.KeyPair;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.testing.CertificateRequest;
import org.parley.testing.Keys;
import org.parley.testing.Subjects;
import org.parley.testing.TestAuthority;

class StrengthTest {
  private static final KeyPair RSA_KEYS = Keys.rsa(2048);

  static Stream<Arguments> rsaSignatures() {
    return Stream.of(
        arguments("MD5withRSA", false),
        arguments("SHA1withRSA", false),
        arguments("SHA224withRSA", false),
        arguments("SHA256withRSA", true),
        arguments("SHA512withRSA", true),
        arguments("SHA1withRSAandMGF1", false),
        arguments("SHA256withRSAandMGF1", true),
        arguments("SHA512withRSAandMGF1", true));
  }

  @ParameterizedTest
  @MethodSource("rsaSignatures")
  void givenCertificateSignedWithRsa_whenAsked_thenOnlySha2Suffices(String name, boolean enough) {
    var request =
        CertificateRequest.authority(Subjects.commonName("root")).keys(RSA_KEYS).signature(name);
    var certificate = TestAuthority.root(request).certificate();

    assertThat(Strength.suffices(certificate.getSigAlgOID(), certificate.getSigAlgParams()))
        .isEqualTo(enough);
  }

  @ParameterizedTest
  @CsvSource({"'3000'", "''", "'30'", "'3002a000'", "'a000'", "'3004a0023000'", "'300330013000'"})
  void givenPssWithoutOrWithMalformedHash_whenAsked_thenTooWeak(String parameters) {
    assertThat(Strength.suffices("1.2.840.113549.1.1.10", HexFormat.of().parseHex(parameters)))
        .isFalse();
  }

  @Test
  void givenPssWithoutParameters_whenAsked_thenTooWeak() {
    assertThat(Strength.suffices("1.2.840.113549.1.1.10", null)).isFalse();
  }

  @Test
  void givenKeys_whenAsked_thenTheStrongSuffice() {
    assertThat(Strength.suffices(RSA_KEYS.getPublic())).isTrue();
    assertThat(Strength.suffices(Keys.ec().getPublic())).isTrue();
    assertThat(Strength.suffices(Keys.ed25519().getPublic())).isTrue();
    assertThat(Strength.suffices(Keys.rsa(2047).getPublic())).isFalse();
    assertThat(Strength.suffices(Keys.rsa(1024).getPublic())).isFalse();
    assertThat(Strength.suffices(Keys.dsa().getPublic())).isFalse();
  }
}
