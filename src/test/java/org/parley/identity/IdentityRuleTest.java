package org.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.identity.Identification.Identified;
import org.parley.identity.Identification.Refused;
import org.parley.testing.CertificateRequest;
import org.parley.testing.ClientIdentity;
import org.parley.testing.HostileIdentities;
import org.parley.testing.Keys;
import org.parley.testing.Subjects;
import org.parley.testing.TestAuthority;
import org.parley.testing.TestPki;

class IdentityRuleTest {
  private static final TestPki PKI = TestPki.shared();
  private static final HostileIdentities HOSTILE = PKI.hostile();

  private final IdentityRule rule = new IdentityRule();

  @Test
  void givenGoodClient_whenIdentified_thenThePrincipalTellsAllAboutIt() {
    var client = PKI.client("client01");

    var principal = identified(client);

    assertThat(principal.getName()).isEqualTo("client01").isEqualTo(principal.commonName());
    assertThat(principal.serial()).isEqualTo(client.leaf().getSerialNumber().toString(16));
    assertThat(principal.fingerprint()).matches("[0-9a-f]{64}");
    assertThat(principal.notAfter()).isEqualTo(client.leaf().getNotAfter().toInstant());
    assertThat(principal.issuer()).isEqualTo("CN=Parley Test CA");
    assertThat(principal.certificate()).isEqualTo(client.leaf());
    assertThat(principal).hasToString("client01 (serial " + principal.serial() + ")");
  }

  @Test
  void givenNoCertificate_whenIdentified_thenRefused() {
    assertThat(rule.identify(null, Instant.now())).isInstanceOf(Refused.class);
    assertThat(refusal(rule.identify(new X509Certificate[0], Instant.now())))
        .isEqualTo(Refusal.NO_CERTIFICATE);
  }

  static Stream<Arguments> named() {
    return Stream.of(
        argumentSet("T16 no path", "a-b_c.d", HOSTILE.named("a-b_c.d")),
        argumentSet("T18 multi-valued", "client02", HOSTILE.multiValued("client02")),
        argumentSet("T18 OU=CN=", "client02", HOSTILE.victimInUnit("client02")),
        argumentSet("T18 e-mail", "client02", HOSTILE.victimInEmail("client02")),
        argumentSet("T21 upper case", "CLIENT01", HOSTILE.named("CLIENT01")),
        argumentSet("T22 server", "server", HOSTILE.named("server")),
        argumentSet("T23 64", "a".repeat(64), HOSTILE.named(Subjects.ofLength(64))),
        argumentSet("T24 SAN", "client02", HOSTILE.victimInAlternativeName("client02")),
        argumentSet("BMPString", "client02", named(Subjects.bmpCn("client02"))),
        argumentSet("dots and a letter", "..a", HOSTILE.named("..a")),
        argumentSet("T06 no EKU", "client01", HOSTILE.withoutPurpose()),
        argumentSet("leaf only", "client01", PKI.client("client01").leafOnly()),
        argumentSet("with root", "client01", withRoot()),
        argumentSet("SHA-1 on the root only", "client01", belowSha1Root()),
        argumentSet("RSA 2048", "rsa", client("rsa").keys(Keys.rsa(2048))),
        argumentSet("Ed25519", "ed", client("ed").keys(Keys.ed25519())),
        argumentSet("no key usage", "bare", client("bare").keyUsage(0)));
  }

  @ParameterizedTest
  @MethodSource("named")
  void givenOneUsableCommonName_whenIdentified_thenExactlyThatName(String name, Object client) {
    assertThat(identified(identity(client)).commonName()).isEqualTo(name);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        argumentSet("T04", Refusal.EXPIRED, HOSTILE.expired()),
        argumentSet("T05", Refusal.NOT_YET_VALID, HOSTILE.notYetValid()),
        argumentSet("T06", Refusal.NOT_FOR_CLIENT_AUTHENTICATION, HOSTILE.serverOnly()),
        argumentSet(
            "T06 any purpose",
            Refusal.NOT_FOR_CLIENT_AUTHENTICATION,
            client("client01").purposes(KeyPurposeId.anyExtendedKeyUsage)),
        argumentSet("T07", Refusal.CERTIFICATE_AUTHORITY, HOSTILE.authorityAsClient()),
        argumentSet(
            "T07 key usage",
            Refusal.NOT_FOR_SIGNATURES,
            client("client01").keyUsage(KeyUsage.keyAgreement)),
        argumentSet("T08", Refusal.ISSUER_NOT_AUTHORITY, HOSTILE.issuedByLeaf()),
        argumentSet("T13 RSA", Refusal.WEAK_KEY, HOSTILE.rsa1024()),
        argumentSet("T13 SHA-1", Refusal.WEAK_SIGNATURE, HOSTILE.sha1()),
        argumentSet("T13 issuer RSA", Refusal.WEAK_KEY, belowWeakKey()),
        argumentSet("T13 issuer SHA-1", Refusal.WEAK_SIGNATURE, belowWeakSignature()),
        argumentSet("T13 self-issued SHA-1", Refusal.WEAK_SIGNATURE, belowSelfIssuedSha1()),
        argumentSet("issuer without right", Refusal.ISSUER_NOT_AUTHORITY, belowNoCertSign()),
        argumentSet("issuer expired", Refusal.EXPIRED, belowExpired()),
        argumentSet("T14", Refusal.CHAIN_TOO_LONG, HOSTILE.longChain()),
        argumentSet("T14 1 MB", Refusal.CHAIN_TOO_LONG, HOSTILE.megabyteChain()),
        argumentSet("T17", Refusal.SEVERAL_COMMON_NAMES, HOSTILE.twoCommonNames("a", "b")),
        argumentSet(
            "T17 other order", Refusal.SEVERAL_COMMON_NAMES, HOSTILE.twoCommonNames("b", "a")),
        argumentSet("T17 same", Refusal.SEVERAL_COMMON_NAMES, HOSTILE.twoCommonNames("a", "a")),
        argumentSet(
            "T17 in one RDN", Refusal.SEVERAL_COMMON_NAMES, HOSTILE.twoCommonNamesInOne("a", "b")),
        argumentSet("T19", Refusal.NO_COMMON_NAME, HOSTILE.withoutCommonName()),
        argumentSet("T23 65", Refusal.FORBIDDEN_COMMON_NAME, HOSTILE.named(Subjects.ofLength(65))));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void givenAnythingWrong_whenIdentified_thenRefusedWithItsReason(Refusal reason, Object client) {
    assertThat(refusal(identify(identity(client)))).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "client01/agent",
        "a/../client01",
        "client01\0",
        "\0",
        "client01\r\nX: y",
        "client01\n",
        "\u200Fclient01",
        "\u202Eclient01",
        "cl\u0456ent01",
        "client\uFF10\uFF11",
        "cafe\u0301",
        ".",
        "..",
        "...",
        "",
        " client01",
        "client01 ",
        "client 01",
        "+",
        "#",
        "$SYS",
        "a=b",
        "a,CN=client01",
        "client01\u0000.evil",
        "\uD83D\uDE00",
        "a\\b",
        "a\"b",
        "a%2Fb"
      })
  void givenForbiddenCommonName_whenIdentified_thenRefusedWithOneEscapedLine(String name) {
    var outcome = identify(HOSTILE.named(name));

    assertThat(refusal(outcome)).isEqualTo(Refusal.FORBIDDEN_COMMON_NAME);
    assertThat(((Refused) outcome).detail()).matches("[ -~]+").hasSizeLessThan(4_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {".", "..", "", "a/b", "*", "a+", "#", "a\0", "a\n", "\u200Fa", "\u2028", "\u0085"})
  void givenPatternThatAllowsAll_whenNameCannotBeOne_thenStillRefused(String name) {
    var all = new IdentityRule(Pattern.compile(".*", Pattern.DOTALL));

    assertThat(refusal(all.identify(HOSTILE.named(name).presented(), Instant.now())))
        .isEqualTo(Refusal.FORBIDDEN_COMMON_NAME);
  }

  @Test
  void givenWiderPattern_whenItMatchesTheWholeName_thenIdentifiedWithoutNormalisation() {
    var spaces = new IdentityRule(Pattern.compile("[a-z \u0301]+"));
    var name = "  cafe\u0301  of  two ";

    var outcome = spaces.identify(HOSTILE.named(name).presented(), Instant.now());

    assertThat(((Identified) outcome).principal().commonName()).isEqualTo(name);
  }

  @Test
  void givenPatternWithoutAnchors_whenOnlyAPartMatches_thenRefused() {
    var letters = new IdentityRule(Pattern.compile("[a-z]+"));

    assertThat(refusal(letters.identify(HOSTILE.named("abc1").presented(), Instant.now())))
        .isEqualTo(Refusal.FORBIDDEN_COMMON_NAME);
  }

  private static CertificateRequest client(String commonName) {
    return CertificateRequest.client(Subjects.commonName(commonName));
  }

  private static ClientIdentity named(AttributeTypeAndValue attribute) {
    return HOSTILE.named(Subjects.name(Subjects.rdn(attribute)));
  }

  private static ClientIdentity withRoot() {
    return PKI.client("client01").followedBy(PKI.root().chain());
  }

  private static CertificateRequest authority(String commonName) {
    return CertificateRequest.authority(Subjects.commonName(commonName));
  }

  private static ClientIdentity below(CertificateRequest authority) {
    return PKI.intermediate().subordinate(authority).issue(client("client01"));
  }

  private static ClientIdentity belowWeakKey() {
    return below(authority("Weak CA").keys(Keys.rsa(1024)));
  }

  private static ClientIdentity belowWeakSignature() {
    return below(authority("Weak CA").signature("SHA1withECDSA"));
  }

  /** Named like its issuer, but not signed by itself. */
  private static ClientIdentity belowSelfIssuedSha1() {
    return below(authority("Parley Test CA").signature("SHA1withECDSA"));
  }

  private static ClientIdentity belowNoCertSign() {
    return below(authority("CRLs only").keyUsage(KeyUsage.cRLSign));
  }

  private static ClientIdentity belowExpired() {
    var now = Instant.now();
    return below(authority("Old CA").valid(now.minusSeconds(100), now.minusSeconds(10)));
  }

  private static ClientIdentity belowSha1Root() {
    var root = TestAuthority.root(authority("Old Root").signature("SHA1withECDSA"));
    return root.issue(client("client01")).followedBy(root.chain());
  }

  private static ClientIdentity identity(Object client) {
    return client instanceof CertificateRequest request
        ? PKI.intermediate().issue(request)
        : (ClientIdentity) client;
  }

  private Identification identify(ClientIdentity client) {
    return rule.identify(client.presented(), Instant.now());
  }

  private PeerPrincipal identified(ClientIdentity client) {
    var outcome = identify(client);
    assertThat(outcome).isInstanceOf(Identified.class);
    return ((Identified) outcome).principal();
  }

  private static Refusal refusal(Identification outcome) {
    assertThat(outcome).isInstanceOf(Refused.class);
    return ((Refused) outcome).reason();
  }
}
