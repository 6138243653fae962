package org.parley.mqtt.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.ByteWire;
import org.parley.identity.IdentityRule;
import org.parley.identity.RevocationCheck.Answer;
import org.parley.identity.authentication.AnonymousAccess;
import org.parley.identity.authentication.AuthenticationMethods;
import org.parley.identity.authentication.PeerAuthentication;
import org.parley.identity.authentication.TokenAuthentication;
import org.parley.limit.LogThrottle;
import org.parley.mqtt.broker.Authentication.Verdict;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Owner;
import org.parley.policy.BanList;
import org.parley.policy.BanningPolicy;
import org.parley.policy.Bans;
import org.parley.policy.BuiltInPolicy;
import org.parley.testing.ClientIdentity;
import org.parley.testing.LoggedLines;
import org.parley.testing.TestPki;

class PolicyAuthenticationTest {

  private static final ClientIdentity CLIENT = TestPki.shared().client("client01");

  @RegisterExtension final LoggedLines logged = LoggedLines.of(PolicyAuthentication.class);

  private long nanos;
  private Answer revocation = Answer.GOOD;
  private Instant now = Instant.now();
  private final InstantSource clock = () -> now;
  private final Bans bans = new Bans(Instant::now);
  private final IdentityRule identities = new IdentityRule();
  private final PolicyAuthentication authentication =
      new PolicyAuthentication(
          new PeerAuthentication(
              identities,
              _ -> Answer.GOOD,
              (_, _) -> false,
              TokenAuthentication.NONE,
              new AnonymousAccess(Optional.of(false), Set.of()),
              Instant::now),
          new AuthenticationMethods(List.of()),
          identities,
          _ -> revocation,
          "ada"::equals,
          new BanningPolicy(new BuiltInPolicy(List.of()), bans),
          Runnable::run,
          new LogThrottle(Duration.ofMinutes(1), 100, () -> nanos),
          Instant::now,
          "broker.test");

  private void connect(String address, String clientId) {
    var connect =
        new Connect(
            ProtocolVersion.V5,
            true,
            60,
            Connect.Properties.NONE,
            clientId,
            Optional.empty(),
            Optional.of("ada"),
            Optional.of(BinaryData.of("wrong".getBytes(UTF_8))));
    var verdicts = new ArrayList<Verdict>();
    authentication
        .begin(new ByteWire.Peer("tls", address, 4711, List.of()), connect)
        .step(Optional.empty(), verdicts::add);
    assertThat(verdicts)
        .containsExactly(
            new Verdict.Refused(
                ReasonCode.BAD_USER_NAME_OR_PASSWORD, "wrong password, or no such user: \"ada\""));
  }

  @Test
  void givenPeerThatIsRefusedOverAndOver_whenAMinuteIsOver_thenTwoLinesAndACount() {
    for (int i = 0; i < 100; i++) {
      connect("192.0.2.1", "client-" + i);
    }
    assertThat(logged.lines()).hasSize(1);
    assertThat(logged.lines().getFirst()).contains("\"client-0\" from 192.0.2.1 refused: ");

    connect("192.0.2.2", "another");
    assertThat(logged.lines()).hasSize(2);

    nanos += Duration.ofMinutes(1).toNanos();
    connect("192.0.2.1", "x\n".repeat(1_000));
    assertThat(logged.lines()).hasSize(3);
    assertThat(logged.lines().getLast())
        .endsWith(" (and 99 like it before)")
        .doesNotContain("\n")
        .hasSizeLessThan(600);
  }

  private boolean mayPublishWill(Optional<String> userName, Optional<BinaryData> certificate) {
    var owner = new Owner(certificate, userName, "mqtt-v5", "tls", "192.0.2.1");
    return authentication.mayPublish(owner, "c", "t", false);
  }

  @Test
  void givenWillOfAUser_whenThereIsNoSuchUserAnyMore_thenItIsNotPublished()
      throws CertificateEncodingException {
    var certificate = Optional.of(BinaryData.of(CLIENT.leaf().getEncoded()));

    assertThat(mayPublishWill(Optional.of("ada"), Optional.empty())).isTrue();
    assertThat(mayPublishWill(Optional.of("gone"), Optional.empty())).isFalse();
    assertThat(mayPublishWill(Optional.empty(), Optional.empty())).isTrue();
    assertThat(mayPublishWill(Optional.of("client01"), certificate)).isTrue();
    assertThat(mayPublishWill(Optional.of("gone"), certificate)).isFalse();
  }

  private PolicyAuthentication byToken(TokenAuthentication.Answer answer) {
    return new PolicyAuthentication(
        new PeerAuthentication(
            identities,
            _ -> Answer.GOOD,
            (_, _) -> false,
            (_, _) -> Optional.of(answer),
            new AnonymousAccess(Optional.of(false), Set.of()),
            clock),
        new AuthenticationMethods(List.of()),
        identities,
        _ -> Answer.GOOD,
        "ada"::equals,
        new BuiltInPolicy(List.of()),
        Runnable::run,
        new LogThrottle(Duration.ofMinutes(1), 100, () -> nanos),
        clock,
        "broker.test");
  }

  private static Verdict verdict(PolicyAuthentication asked, X509Certificate... chain) {
    var connect =
        new Connect(
            ProtocolVersion.V5,
            true,
            60,
            Connect.Properties.NONE,
            "c",
            Optional.empty(),
            Optional.empty(),
            Optional.of(BinaryData.of("token".getBytes(UTF_8))));
    var verdicts = new ArrayList<Verdict>();
    asked
        .begin(new ByteWire.Peer("tls", "192.0.2.1", 4711, List.of(chain)), connect)
        .step(Optional.empty(), verdicts::add);
    assertThat(verdicts).hasSize(1);
    return verdicts.getFirst();
  }

  /** No users file knows it. */
  @Test
  void givenPeerWithAToken_whenAdmitted_thenUntilTheTokenEndsAndItsWillToo() {
    var end = now.plusSeconds(60);
    var access = byToken(new TokenAuthentication.Answer.Good("pump-7", end));
    var admitted = (Verdict.Admitted) verdict(access);
    var authorization = admitted.authorization();

    assertThat(authorization.identity()).contains("pump-7");
    assertThat(authorization.validUntil()).isEqualTo(end.toEpochMilli());
    assertThat(authorization.mayConnect()).isTrue();
    assertThat(access.mayPublish(admitted.owner(), "c", "t", false)).isTrue();

    now = end;
    assertThat(authorization.mayConnect()).isFalse();
    assertThat(access.mayPublish(admitted.owner(), "c", "t", false)).isFalse();
  }

  @Test
  void givenPeerWithATokenAndACertificate_whenAdmitted_thenUntilTheFirstOfThemEnds() {
    var certified = CLIENT.leaf().getNotAfter().toInstant();

    for (var end : List.of(certified.minusSeconds(1), certified.plusSeconds(1))) {
      var access = byToken(new TokenAuthentication.Answer.Good("pump-7", end));
      var admitted = (Verdict.Admitted) verdict(access, CLIENT.leaf());

      assertThat(admitted.authorization().validUntil())
          .isEqualTo((end.isBefore(certified) ? end : certified).toEpochMilli());
    }
  }

  @Test
  void givenToken_whenItIsBadOrNobodyCanTell_thenBadPasswordOrUnavailable() {
    assertThat(
            ((Verdict.Refused) verdict(byToken(new TokenAuthentication.Answer.Bad("expired"))))
                .reason())
        .isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    assertThat(
            ((Verdict.Refused) verdict(byToken(new TokenAuthentication.Answer.Undecidable())))
                .reason())
        .isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
    assertThat(logged.lines()).allSatisfy(line -> assertThat(line).doesNotContain("token\""));
  }

  private Verdict certified() {
    var connect =
        new Connect(
            ProtocolVersion.V5,
            true,
            60,
            Connect.Properties.NONE,
            "c",
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var verdicts = new ArrayList<Verdict>();
    authentication
        .begin(new ByteWire.Peer("tls", "192.0.2.1", 4711, List.of(CLIENT.leaf())), connect)
        .step(Optional.empty(), verdicts::add);
    assertThat(verdicts).hasSize(1);
    return verdicts.getFirst();
  }

  @Test
  void givenPeerWithACertificate_whenAdmitted_thenAsLongAsThatIsGood() {
    var admitted = (Verdict.Admitted) certified();

    assertThat(admitted.authorization().validUntil())
        .isEqualTo(CLIENT.leaf().getNotAfter().toInstant().toEpochMilli());
  }

  @Test
  @Tag("T11")
  void givenConnectedPeer_whenNoCrlIsInForce_thenItMayStayUntilItIsRevoked() {
    var connected = ((Verdict.Admitted) certified()).authorization();

    revocation = Answer.UNDECIDABLE;
    assertThat(connected.mayConnect()).isTrue();

    revocation = Answer.REVOKED;
    assertThat(connected.mayConnect()).isFalse();
  }

  private void ban(String line) {
    assertThat(BanList.parse(line.getBytes(UTF_8)))
        .isInstanceOfSatisfying(BanList.Parsed.Loaded.class, file -> bans.enforce(file.bans()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"address 192.0.2.1", "identity client01", "client-id c"})
  void givenPeer_whenItIsBanned_thenSaidInConnackAndWhoIsConnectedMayNotStay(String line)
      throws CertificateEncodingException {
    var connected = ((Verdict.Admitted) certified()).authorization();
    var certificate = Optional.of(BinaryData.of(CLIENT.leaf().getEncoded()));
    long before = connected.version();
    assertThat(connected.banned()).isFalse();

    ban(line);

    assertThat(((Verdict.Refused) certified()).reason()).isEqualTo(ReasonCode.BANNED);
    assertThat(logged.lines()).last().asString().endsWith("denied by line 1 of the ban list");
    assertThat(connected.mayConnect()).isFalse();
    assertThat(connected.banned()).isTrue();
    assertThat(connected.version()).isGreaterThan(before);
    assertThat(mayPublishWill(Optional.empty(), certificate)).isFalse();
  }

  @Test
  void givenBannedUser_whenTheLoginFails_thenOnlyThatIsSaid() {
    ban("identity ada");

    connect("192.0.2.1", "c");
  }
}
