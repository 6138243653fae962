package org.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.identity.Identification.Identified;
import org.parley.identity.Identification.Refused;
import org.parley.testing.CertificateRequest;
import org.parley.testing.Subjects;
import org.parley.testing.TestPki;

/** Identities that are not the common name. */
class CertificateNameTest {
  private static final GeneralName DNS = new GeneralName(GeneralName.dNSName, "web.example");
  private static final GeneralName URI =
      new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://example.com/web/1");
  private static final GeneralName EMAIL =
      new GeneralName(GeneralName.rfc822Name, "ops+web@example.com");

  private static Identification identify(CertificateName kind, CertificateRequest request) {
    var chain = TestPki.shared().intermediate().issue(request).presented();
    return new IdentityRule(IdentityRule.DEFAULT_PATTERN, kind).identify(chain, Instant.now());
  }

  private static CertificateRequest client(GeneralName... names) {
    return CertificateRequest.client(Subjects.commonName("client01")).alternativeNames(names);
  }

  private static Refusal refusal(Identification outcome) {
    return ((Refused) outcome).reason();
  }

  @ParameterizedTest
  @CsvSource({
    "CN, client01",
    "DN, CN=client01",
    "SAN_DNS, web.example",
    "SAN_URI, spiffe://example.com/web/1",
    "SAN_EMAIL, ops+web@example.com"
  })
  void givenCertificateWithEveryName_whenIdentified_thenByTheOneThatIsSet(
      CertificateName kind, String name) {
    var outcome = identify(kind, client(DNS, URI, EMAIL));

    assertThat(((Identified) outcome).principal().commonName()).isEqualTo(name);
  }

  @ParameterizedTest
  @EnumSource(
      value = CertificateName.class,
      names = {"SAN_DNS", "SAN_URI", "SAN_EMAIL"})
  void givenNoneOrSeveralOfTheKind_whenIdentified_thenRefused(CertificateName kind) {
    assertThat(refusal(identify(kind, client()))).isEqualTo(Refusal.NO_NAME);
    assertThat(refusal(identify(kind, client(DNS, DNS, URI, URI, EMAIL, EMAIL))))
        .isEqualTo(Refusal.SEVERAL_NAMES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*.example.com", "a b", "+", "...", "a/b"})
  void givenDnsNameThatIsNone_whenIdentified_thenRefused(String name) {
    var outcome =
        identify(CertificateName.SAN_DNS, client(new GeneralName(GeneralName.dNSName, name)));

    assertThat(refusal(outcome)).isEqualTo(Refusal.FORBIDDEN_NAME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "a\nb", "long"})
  void givenUriThatIsNoNameForALog_whenIdentified_thenRefused(String name) {
    var uri = name.equals("long") ? "a:" + "b".repeat(254) : name;
    var outcome =
        identify(
            CertificateName.SAN_URI,
            client(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));

    assertThat(refusal(outcome)).isIn(Refusal.FORBIDDEN_NAME, Refusal.NO_NAME);
  }
}
