package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.Lifecycle.State;
import org.parley.edge.Admission.Handshake;
import org.parley.edge.Admission.Outcome;
import org.parley.identity.IdentityRule;
import org.parley.identity.RevocationCheck.Answer;
import org.parley.pcp.broker.ControllerAvailability;
import org.parley.policy.Action;
import org.parley.policy.BuiltInPolicy;
import org.parley.policy.Decision;
import org.parley.session.ClientUri;
import org.parley.session.Protocol;
import org.parley.testing.TestPki;

class AdmissionTest extends AdmissionFixture {
  @ParameterizedTest
  @CsvSource({"/pcp, PCP_V1, agent", "/pcp2/, PCP_V2, agent", "/pcp2/%6fther, PCP_V2, other"})
  void givenGoodHandshake_whenDecided_thenAdmittedAsWhatItsCertificateSays(
      String path, Protocol protocol, String clientType) {
    running();

    var outcome = admission().decide(handshake(path));

    assertThat(outcome).isInstanceOf(Outcome.Admitted.class);
    var admitted = (Outcome.Admitted) outcome;
    assertThat(admitted.path()).isEqualTo("/pcp2/" + clientType);
    assertThat(admitted.peer().uri()).isEqualTo(new ClientUri("client01", clientType));
    assertThat(admitted.peer().getName()).isEqualTo("pcp://client01/" + clientType);
    assertThat(admitted.peer().pathProtocol()).isEqualTo(protocol);
    assertThat(admitted.peer().remoteAddress()).isEqualTo("192.0.2.1");
    assertThat(admitted.peer().principal().certificate()).isEqualTo(CLIENT.getFirst());
  }

  @Test
  void givenStatusPage_whenDecidedInAnyState_thenNeitherAdmittedNorRefused() {
    var admission = admission();
    var request =
        new Handshake(
            "GET",
            "/status/v1/simple",
            false,
            false,
            Optional.of("https://foreign.test"),
            "http://broker.test:9080",
            List.of(),
            "192.0.2.1",
            List.of());

    assertThat(admission.decide(request)).isEqualTo(new Outcome.Page());
    assertThat(admission.refusedInAll()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "/pcp3, UNKNOWN_PATH, 404",
    "/pcp2/a/b, UNKNOWN_PATH, 404",
    "/pcp2/*, MALFORMED, 400",
    "/pcp2/server%20, MALFORMED, 400",
    "/pcp2/server, DENIED, 403",
    "/pcp2/SERVER, DENIED, 403",
    "/pcp2/%73erver, DENIED, 403",
    "/pcp2/controller, DENIED, 403"
  })
  void givenR01R02R03Path_whenDecided_thenRefusedBeforeTheUpgrade(
      String path, HandshakeRefusal expected, int status) {
    running();

    assertThat(refusal(admission().decide(handshake(path)))).isEqualTo(expected);
    assertThat(expected.status()).isEqualTo(status);
  }

  static Stream<Arguments> unidentified() {
    var pki = TestPki.shared();
    var hostile = pki.hostile();
    return Stream.of(
        argumentSet("no certificate", List.of()),
        argumentSet("a name that no URI can have", pki.client("a/b").chain()),
        argumentSet("T15 a wildcard", pki.client("*").chain()),
        argumentSet("an authority's own", List.of(hostile.impostor().certificate())));
  }

  @ParameterizedTest
  @MethodSource("unidentified")
  void givenNoUsableIdentity_whenDecided_then401(List<X509Certificate> chain) {
    running();

    assertThat(refusal(admission().decide(presenting(chain))))
        .isEqualTo(HandshakeRefusal.NO_IDENTITY);
    assertThat(HandshakeRefusal.NO_IDENTITY.status()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({"REVOKED, REVOKED, 401", "UNDECIDABLE, REVOCATION_UNKNOWN, 503"})
  void givenRevocationAnswer_whenDecided_thenRefused(
      Answer answer, HandshakeRefusal expected, int status) {
    running();
    revocation = answer;

    assertThat(refusal(admission().decide(good()))).isEqualTo(expected);
    assertThat(expected.status()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {OWN, PARTNER})
  void givenW17OriginOfOursOrAllowed_whenDecided_thenAdmitted(String origin) {
    running();

    assertThat(admission().decide(withOrigin(origin))).isInstanceOf(Outcome.Admitted.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "https://evil.test",
        "https://broker.test",
        "http://broker.test:9443",
        "https://broker.test:9443.evil.test",
        "https://broker.test:9443/",
        "https://partner.test.evil.test",
        "http://partner.test"
      })
  void givenW17ForeignOrigin_whenDecided_then403(String origin) {
    running();

    assertThat(refusal(admission().decide(withOrigin(origin))))
        .isEqualTo(HandshakeRefusal.FOREIGN_ORIGIN);
    assertThat(HandshakeRefusal.FOREIGN_ORIGIN.status()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({"STARTING", "DRAINING", "STOPPED"})
  void givenBrokerThatIsNotRunning_whenDecided_then503(State state) {
    lifecycle.advanceTo(state);

    assertThat(refusal(admission().decide(good()))).isEqualTo(HandshakeRefusal.NOT_RUNNING);
    assertThat(HandshakeRefusal.NOT_RUNNING.status()).isEqualTo(503);
  }

  /** A handshake with every fault there is, and then with one after the other removed. */
  @Test
  void givenEveryFault_whenRemovedOneByOne_thenRefusedInTheOrderOfTheChecks() {
    maxConnections = 1;
    connect("client02");
    revocation = Answer.REVOKED;
    var admission = admission();
    var evil = Optional.of("https://evil.test");
    var none = Optional.<String>empty();
    List<X509Certificate> nobody = List.of();

    assertThat(refused(admission, "POST", "/x", false, false, evil, nobody))
        .isEqualTo(HandshakeRefusal.UNKNOWN_PATH);
    assertThat(refused(admission, "POST", "/pcp2/*", false, false, evil, nobody))
        .isEqualTo(HandshakeRefusal.MALFORMED);
    assertThat(refused(admission, "POST", "/pcp2/server", false, false, evil, nobody))
        .isEqualTo(HandshakeRefusal.METHOD_NOT_ALLOWED);
    assertThat(refused(admission, "GET", "/pcp2/server", false, false, evil, nobody))
        .isEqualTo(HandshakeRefusal.UPGRADE_REQUIRED);
    assertThat(refused(admission, "GET", "/pcp2/server", true, false, evil, nobody))
        .isEqualTo(HandshakeRefusal.PLAINTEXT);
    assertThat(refused(admission, "GET", "/pcp2/server", true, true, evil, nobody))
        .isEqualTo(HandshakeRefusal.FOREIGN_ORIGIN);
    assertThat(refused(admission, "GET", "/pcp2/server", true, true, none, nobody))
        .isEqualTo(HandshakeRefusal.NO_IDENTITY);
    assertThat(refused(admission, "GET", "/pcp2/server", true, true, none, CLIENT))
        .isEqualTo(HandshakeRefusal.REVOKED);
    revocation = Answer.GOOD;
    assertThat(refused(admission, "GET", "/pcp2/server", true, true, none, CLIENT))
        .isEqualTo(HandshakeRefusal.DENIED);
    assertThat(refused(admission, "GET", "/pcp2/agent", true, true, none, CLIENT))
        .isEqualTo(HandshakeRefusal.NOT_RUNNING);
    running();
    assertThat(refused(admission, "GET", "/pcp2/agent", true, true, none, CLIENT))
        .isEqualTo(HandshakeRefusal.CONNECTION_LIMIT);
  }

  private static HandshakeRefusal refused(
      Admission admission,
      String method,
      String path,
      boolean upgrade,
      boolean secure,
      Optional<String> origin,
      List<X509Certificate> chain) {
    return refusal(
        admission.decide(
            new Handshake(
                method, path, upgrade, secure, origin, OWN, chain, "192.0.2.1", List.of())));
  }

  @ParameterizedTest
  @CsvSource({"METHOD_NOT_ALLOWED, 405", "UPGRADE_REQUIRED, 426", "PLAINTEXT, 403"})
  void givenRefusal_whenAnswered_thenWithTheStatusOfTheContract(
      HandshakeRefusal refusal, int status) {
    assertThat(refusal.status()).isEqualTo(status);
  }

  @Test
  void givenRefusals_whenCounted_thenByReasonAndInAll() {
    running();
    var admission = admission();
    admission.decide(handshake("/x"));
    admission.decide(handshake("/y"));
    admission.decide(handshake("/pcp2/server"));
    admission.decide(good());

    assertThat(admission.refused())
        .isEqualTo(Map.of(HandshakeRefusal.UNKNOWN_PATH, 2L, HandshakeRefusal.DENIED, 1L));
    assertThat(admission.refusedInAll()).isEqualTo(3);
    assertThat(HandshakeRefusal.UNKNOWN_PATH.label()).isEqualTo("unknown-path");
  }

  @Test
  void givenPathWithLineBreaks_whenRefused_thenTheDetailIsOneLineWithoutIt() {
    running();

    var outcome = admission().decide(handshake("/pcp2/evil\r\nline"));

    assertThat(((Outcome.Refused) outcome).detail()).doesNotContain("evil", "\n");
  }

  @ParameterizedTest
  @CsvSource({"/pcp/controller, pcp-v1", "/pcp2/controller, pcp-v2"})
  void givenHandshake_whenThePolicyIsAsked_thenWithWhatIsKnownOfThePeer(
      String path, String protocol) {
    running();
    var asked = new ArrayList<Action>();
    var admission =
        new Admission(
            lifecycle,
            new IdentityRule(),
            _ -> Answer.GOOD,
            action -> {
              asked.add(action);
              return new Decision.Denied("test");
            },
            bans,
            limits(),
            controllers,
            List.of(),
            clock(),
            mqtt());

    assertThat(refusal(admission.decide(handshake(path)))).isEqualTo(HandshakeRefusal.DENIED);

    var subject = asked.getFirst().subject();
    assertThat(asked).containsExactly(new Action.Associate(subject));
    assertThat(subject.commonName()).contains("client01");
    assertThat(subject.protocol()).isEqualTo(protocol);
    assertThat(subject.clientType()).contains("controller");
    assertThat(subject.remoteAddress()).isEqualTo("192.0.2.1");
  }

  @Test
  void givenExpiredCertificate_whenDecided_then401() {
    running();
    var after = CLIENT.getFirst().getNotAfter().toInstant().plusSeconds(1);
    var late =
        new Admission(
            lifecycle,
            new IdentityRule(),
            _ -> Answer.GOOD,
            new BuiltInPolicy(List.of()),
            bans,
            limits(),
            new ControllerAvailability(0, Duration.ZERO, () -> 0),
            List.of(),
            () -> Instant.ofEpochSecond(after.getEpochSecond()),
            mqtt());

    assertThat(refusal(late.decide(good()))).isEqualTo(HandshakeRefusal.NO_IDENTITY);
  }

  @Test
  void givenNoControllerConnected_whenClientComes_thenRefusedForIt() {
    running();
    controllers = new ControllerAvailability(1, Duration.ofSeconds(90), () -> 0);

    assertThat(refusal(admission().decide(good()))).isEqualTo(HandshakeRefusal.NO_CONTROLLER);
  }
}
