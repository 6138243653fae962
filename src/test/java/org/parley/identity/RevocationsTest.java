package org.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.identity.Revocations.Mode;
import org.parley.identity.Revocations.Parsed.Failed;
import org.parley.identity.Revocations.Parsed.Loaded;
import org.parley.identity.Revocations.Status;
import org.parley.testing.CertificateRequest;
import org.parley.testing.Pem;
import org.parley.testing.Subjects;
import org.parley.testing.TestAuthority;
import org.parley.testing.TestCrls;
import org.parley.testing.TestPki;

class RevocationsTest {
  private static final TestPki PKI = TestPki.shared();
  private static final TestCrls CRLS = PKI.crls();
  private static final Instant NOW = CRLS.now();
  private static final X509Certificate CLIENT = PKI.client("client01").leaf();
  private static final X509Certificate OTHER = PKI.client("client02").leaf();

  static Stream<Arguments> statuses() {
    return Stream.of(
        argumentSet("nothing revoked", CRLS.empty(), Status.GOOD),
        argumentSet("another revoked", CRLS.revoking(OTHER), Status.GOOD),
        argumentSet("T09 revoked", CRLS.revoking(OTHER, CLIENT), Status.REVOKED),
        argumentSet("intermediate revoked", CRLS.revokingIntermediate(), Status.REVOKED),
        argumentSet("T11 stale", CRLS.stale(), Status.STALE),
        argumentSet("stale and revoked", CRLS.stale(CLIENT), Status.REVOKED),
        argumentSet("issuer without CRL", CRLS.ofRootOnly(), Status.UNKNOWN),
        argumentSet("root without CRL", intermediateOnly(), Status.UNKNOWN),
        argumentSet("text around", "CRL of us:\n" + CRLS.empty() + "# end\n", Status.GOOD),
        argumentSet("CRLF", CRLS.empty().replace("\n", "\r\n"), Status.GOOD),
        argumentSet("old and new", CRLS.stale() + CRLS.revoking(OTHER), Status.GOOD),
        argumentSet("new and old", CRLS.empty() + CRLS.stale(), Status.GOOD),
        argumentSet("revoked by the old", CRLS.empty() + CRLS.stale(CLIENT), Status.REVOKED));
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void givenCrls_whenAskedAboutAClient_thenItsStatus(String pem, Status expected) {
    assertThat(loaded(pem).status(CLIENT, NOW)).isEqualTo(expected);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        argumentSet("T12 garbage", CRLS.garbage(), "no CRL: "),
        argumentSet("T12 other issuer", CRLS.otherIssuer(), "no authority in the trust store"),
        argumentSet("other issuer too", CRLS.empty() + CRLS.otherIssuer(), "no authority in"),
        argumentSet("same name, other key", CRLS.sameNameOtherKey(), "not signed by the authority"),
        argumentSet("empty file", "", "no CRL in it"),
        argumentSet("text only", "revoked: none\n", "no CRL in it"),
        argumentSet("certificate", PKI.client("client01").certificatePem(), "no \"X509 CRL\""),
        argumentSet("cut", CRLS.empty().substring(0, 200), "without its end"),
        argumentSet("dashes shared", CRLS.empty().strip() + "BEGIN X509 CRL-----", "its end"),
        argumentSet("no base64", block("*"), "no base64"),
        argumentSet("bytes behind", Pem.block("X509 CRL", behind()), "bytes behind"),
        argumentSet("SHA-1", Pem.of(sha1()), "weak signature"),
        argumentSet("header", CRLS.empty().replace("CRL-----\n", "CRL-----\nA: b\n"), "no base64"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void givenUnusableFile_whenParsed_thenFailedWithOneLine(String pem, String why) {
    var parsed = Revocations.parse(bytes(pem), PKI.authorities());

    assertThat(parsed).isInstanceOf(Failed.class);
    assertThat(((Failed) parsed).reason()).contains(why).matches("[ -~]+");
  }

  @Test
  void givenDer_whenParsed_thenLoaded() throws Exception {
    var der = CRLS.current(PKI.intermediate(), CLIENT.getSerialNumber()).getEncoded();

    assertThat(loaded(der, PKI.authorities()).status(CLIENT, NOW)).isEqualTo(Status.REVOKED);
  }

  @Test
  void givenCrl_whenItsNextUpdatePasses_thenStaleAndNotBefore() {
    var revocations = loaded(CRLS.empty());
    var end = revocations.nextUpdate().orElseThrow();

    assertThat(revocations.status(CLIENT, end)).isEqualTo(Status.GOOD);
    assertThat(revocations.stale(end)).isFalse();
    assertThat(revocations.status(CLIENT, end.plusMillis(1))).isEqualTo(Status.STALE);
    assertThat(revocations.stale(end.plusMillis(1))).isTrue();
    assertThat(Duration.between(NOW, end)).isBetween(Duration.ofHours(23), Duration.ofDays(1));
  }

  @Test
  void givenCertificateOfUnknownIssuer_whenAsked_thenUnknown() {
    var stranger = PKI.hostile().selfSigned().leaf();

    assertThat(loaded(CRLS.empty()).status(stranger, NOW)).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void givenTwoAuthoritiesOfOneName_whenOneRevokes_thenTheOthersCertificatesAreNotMeant() {
    var renewed = PKI.hostile().impostor(); // trusted here: the same CA with a new key
    var issuedByNew = renewed.issue(client("client09")).leaf();
    var trusted = new ArrayList<>(PKI.authorities());
    trusted.addAll(renewed.chain());
    var serials = new BigInteger[] {CLIENT.getSerialNumber(), issuedByNew.getSerialNumber()};
    var old = Pem.of(CRLS.current(PKI.root()), CRLS.current(PKI.intermediate(), serials));

    var revocations = loaded(bytes(old), trusted);

    assertThat(revocations.status(CLIENT, NOW)).isEqualTo(Status.REVOKED);
    assertThat(revocations.status(issuedByNew, NOW)).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void givenIntermediateTrustedWithoutItsRoot_whenAsked_thenItsWordIsEnough() {
    var revocations = loaded(bytes(intermediateOnly()), List.of(PKI.intermediate().certificate()));

    assertThat(revocations.status(CLIENT, NOW)).isEqualTo(Status.GOOD);
  }

  @Test
  void givenAuthorityThatMaySignNoCrls_whenItDoes_thenFailed() {
    var request = CertificateRequest.authority(Subjects.commonName("No CRLs"));
    var authority = TestAuthority.root(request.keyUsage(KeyUsage.keyCertSign));

    assertThat(Revocations.parse(bytes(Pem.of(CRLS.current(authority))), authority.chain()))
        .isInstanceOf(Failed.class);
  }

  @Test
  void givenTrustedLeaf_whenItSignsCrls_thenItIsNoAuthority() {
    var request = client("leaf").keyUsage(KeyUsage.digitalSignature | KeyUsage.cRLSign);
    var leaf = TestAuthority.root(request);

    assertThat(Revocations.parse(bytes(Pem.of(CRLS.current(leaf))), leaf.chain()))
        .isInstanceOf(Failed.class);
  }

  @Test
  void givenCriticalExtension_whenParsed_thenFailed() {
    var partial = PKI.intermediate().partialCrl(NOW, NOW.plus(Duration.ofDays(1)));

    var parsed = Revocations.parse(bytes(Pem.of(partial)), PKI.authorities());

    assertThat(parsed).isInstanceOf(Failed.class);
    assertThat(((Failed) parsed).reason()).contains("critical extensions");
  }

  @Test
  void givenNoCheck_whenAsked_thenGood() {
    assertThat(Revocations.unchecked().status(CLIENT, NOW)).isEqualTo(Status.GOOD);
    assertThat(Revocations.unchecked().stale(NOW)).isFalse();
  }

  @Test
  void givenAuthorityWithoutCrl_whenAsked_thenIncomplete() {
    assertThat(loaded(CRLS.ofRootOnly()).incomplete()).isTrue();
    assertThat(loaded(CRLS.empty()).incomplete()).isFalse();
    assertThat(Revocations.unchecked().incomplete()).isFalse();
  }

  @Test
  void givenRevokedCertificates_whenCounted_thenTheirNumber() {
    assertThat(loaded(CRLS.revoking(CLIENT, OTHER)).size()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "GOOD, true, true",
    "STALE, false, true",
    "UNKNOWN, false, true",
    "REVOKED, false, false"
  })
  void givenStatus_whenAdmitting_thenByMode(Status status, boolean hard, boolean soft) {
    assertThat(Mode.HARD_FAIL.admits(status)).isEqualTo(hard);
    assertThat(Mode.SOFT_FAIL.admits(status)).isEqualTo(soft);
  }

  private static CertificateRequest client(String commonName) {
    return CertificateRequest.client(Subjects.commonName(commonName));
  }

  private static String intermediateOnly() {
    return Pem.of(CRLS.current(PKI.intermediate()));
  }

  private static X509CRL sha1() {
    return PKI.intermediate().crl(NOW, NOW.plus(Duration.ofDays(1)), "SHA1withECDSA");
  }

  private static String block(String body) {
    return "-----BEGIN X509 CRL-----\n" + body + "\n-----END X509 CRL-----\n";
  }

  private static byte[] behind() {
    try {
      var crl = CRLS.current(PKI.intermediate()).getEncoded();
      return Arrays.copyOf(crl, crl.length + 1);
    } catch (CRLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Revocations loaded(String pem) {
    return loaded(bytes(pem), PKI.authorities());
  }

  private static Revocations loaded(byte[] bytes, List<X509Certificate> authorities) {
    var parsed = Revocations.parse(bytes, authorities);
    assertThat(parsed).isInstanceOf(Loaded.class);
    return ((Loaded) parsed).revocations();
  }
}
