package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.ClientHello;
import org.parley.testing.ClientIdentity;
import org.parley.testing.HostileIdentities;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.PcpTestClient;
import org.parley.testing.Subjects;
import org.parley.testing.Wire;

/** Who gets in by which certificate, and under which name (T01-T08, T13-T24). */
class TlsIdentityIT extends ServerUnderTest {
  private static final HostileIdentities HOSTILE = PKI.hostile();
  private static final OpeningHandshake AGENT = OpeningHandshake.of("/pcp2/agent");

  @ParameterizedTest(name = "T01 no certificate, {0}")
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  @Tag("rabbitmq-17298")
  void givenNoCertificate_whenConnecting_then401(String version) throws IOException {
    var wire = Wire.tls(HTTPS_PORT, PKI.anonymousContext()).versions(version);

    assertThat(Attempt.handshake(wire, AGENT)).isEqualTo("401");
  }

  static Stream<Arguments> refusedByTls() {
    return Stream.of(
        client("T02 self-signed", HOSTILE::selfSigned),
        client("T03 other CA, same names", HOSTILE::otherAuthoritySameName),
        client("T04 expired", HOSTILE::expired),
        client("T05 not yet valid", HOSTILE::notYetValid),
        client("T06 serverAuth only", HOSTILE::serverOnly),
        client("T07 CA", HOSTILE::authorityAsClient),
        client("T08 issued by a leaf", HOSTILE::issuedByLeaf),
        client("T14 12 certificates", HOSTILE::longChain),
        client("T14 1 MB, 200 certificates", HOSTILE::megabyteChain));
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("refusedByTls")
  void givenCertificateOfNoClientOfOurs_whenConnecting_thenTheTlsHandshakeFails(
      Supplier<ClientIdentity> identity) throws IOException {
    var context = PKI.sslContext(identity.get());
    for (var version : new String[] {"TLSv1.2", "TLSv1.3"}) {
      var wire = Wire.tls(HTTPS_PORT, context).versions(version);

      assertThat(Attempt.handshake(wire, AGENT)).as(version).isEqualTo("closed");
    }
  }

  static Stream<Arguments> withoutIdentity() {
    return Stream.of(
        client("T13 RSA 1024", HOSTILE::rsa1024),
        client("T13 SHA-1", HOSTILE::sha1),
        client("T15 *", () -> HOSTILE.named("*")),
        client("T16 slash", () -> HOSTILE.named("client01/agent")),
        client("T16 dots", () -> HOSTILE.named("a/../client01")),
        client("T17 two CNs", () -> HOSTILE.twoCommonNames("client01", "client02")),
        client("T17 two CNs, other order", () -> HOSTILE.twoCommonNames("client02", "client01")),
        client("T17 two CNs in one", () -> HOSTILE.twoCommonNamesInOne("client01", "client02")),
        client("T19 no CN, SAN of the victim", HOSTILE::withoutCommonName),
        client("T20 NUL", () -> HOSTILE.named("client01\0")),
        client("T20 CR LF", () -> HOSTILE.named("client01\r\n[forged] line")),
        client("T20 RTL mark", () -> HOSTILE.named("\u200Fclient01")),
        client("T21 homoglyph", () -> HOSTILE.named("\u0441lient01")),
        client("T23 65 letters", () -> HOSTILE.named(Subjects.ofLength(65))));
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("withoutIdentity")
  void givenCertificateWithoutUsableIdentity_whenConnecting_then401(
      Supplier<ClientIdentity> identity) throws IOException {
    try (var socket = handshake(identity.get(), AGENT)) {
      PlainAnswer.check(socket.answer(), 401);
    }
  }

  /** Liberty itself would write the subject and the server name as they came. */
  @Test
  @Tag("T20")
  void givenLineBreaksInWhatAPeerSends_whenRefused_thenTheLogHasThemEscapedOrNotAtAll()
      throws IOException {
    var forged = "t20\r\n[forged] line\u202E\u001b[31m";
    var log = ServerLog.fromNow();
    var selfSigned = Wire.tls(HTTPS_PORT, PKI.sslContext(HOSTILE.selfSigned(forged)));
    assertThat(Attempt.handshake(selfSigned, AGENT)).isEqualTo("closed");
    assertThat(ClientHello.of(ClientHello.TLS_1_2, 0xC02F).serverName(forged).sendTo(HTTPS_PORT))
        .isEqualTo(new ClientHello.Answer.Closed());
    try (var socket = handshake(HOSTILE.named(forged), AGENT)) {
      assertThat(socket.answer().status()).isEqualTo(401);
    }

    assertThat(log.awaitLine("forged"))
        .contains("subject \"CN=t20\\u000D\\u000A[forged] line\\u202E\\u001B[31m\"");

    assertThat(log.lines())
        .noneMatch(line -> line.startsWith("[forged]") || line.startsWith("\tat "))
        .allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c <= '~'));
  }

  static Stream<Arguments> withIdentity() {
    return Stream.of(
        argumentSet("T06 no purpose at all", named(HOSTILE::withoutPurpose), "client01"),
        argumentSet("T18 multi-valued", named(() -> HOSTILE.multiValued("t18-a")), "t18-a"),
        argumentSet("T18 CN= in OU", named(() -> HOSTILE.victimInUnit("t18-b")), "t18-b"),
        argumentSet("T18 CN= in e-mail", named(() -> HOSTILE.victimInEmail("t18-c")), "t18-c"),
        argumentSet("T22 CN server", named(() -> HOSTILE.named("server")), "server"),
        argumentSet(
            "T23 64 letters", named(() -> HOSTILE.named(Subjects.ofLength(64))), "a".repeat(64)),
        argumentSet(
            "T24 SAN of the victim",
            named(() -> HOSTILE.victimInAlternativeName("t24-peer")),
            "t24-peer"));
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("withIdentity")
  void givenOddButUsableCertificate_whenConnecting_thenTheOneCommonNameIsTheIdentity(
      Supplier<ClientIdentity> identity, String commonName) throws IOException {
    try (var client = connect(identity.get())) {
      Echo.check(client, commonName);
    }
  }

  @Test
  @Tag("T21")
  void givenNamesThatDifferByCase_whenConnecting_thenTwoIdentities() throws IOException {
    try (var lower = connect(PKI.client("t21-peer"));
        var upper = connect(PKI.client("T21-PEER"))) {
      Echo.check(lower, "t21-peer");
      Echo.check(upper, "T21-PEER");
    }
  }

  @Test
  @Tag("T22")
  void givenTheBrokersOwnName_whenConnecting_thenAnOrdinaryPeerThatIsLogged() throws IOException {
    var log = ServerLog.fromNow();
    try (var client = connect(HOSTILE.named("broker.test"))) {
      Echo.check(client, "broker.test");
    }
    assertThat(log.awaitLine("bears the broker's own name"))
        .contains(" W pcp://broker.test/agent ");
  }

  @Test
  @Tag("T22")
  void givenTheBrokersOwnName_whenConnectingAsServer_then403() throws IOException {
    try (var socket =
        handshake(HOSTILE.named("broker.test"), OpeningHandshake.of("/pcp2/server"))) {
      PlainAnswer.check(socket.answer(), 403);
    }
  }

  private static PcpTestClient connect(ClientIdentity identity) throws IOException {
    return PcpTestClient.connect(PKI, identity, HTTPS_PORT, "/pcp2/agent");
  }

  private static Arguments client(String name, Supplier<ClientIdentity> identity) {
    return argumentSet(name, identity);
  }

  private static Supplier<ClientIdentity> named(Supplier<ClientIdentity> identity) {
    return identity;
  }
}
