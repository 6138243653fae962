package org.parley.identity.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.ByteWire;
import org.parley.identity.IdentityRule;
import org.parley.identity.PeerPrincipal;
import org.parley.identity.RevocationCheck;
import org.parley.identity.RevocationCheck.Answer;
import org.parley.identity.authentication.Admission.Admitted;
import org.parley.identity.authentication.Admission.Reason;
import org.parley.identity.authentication.Admission.Refused;
import org.parley.testing.ClientIdentity;
import org.parley.testing.TestPki;

class PeerAuthenticationTest {
  private static final TestPki PKI = TestPki.shared();
  private static final ClientIdentity CLIENT = PKI.client("client01");
  private static final AnonymousAccess LOOPBACK =
      new AnonymousAccess(Optional.empty(), Set.of("tcp", "ws"));

  private static ByteWire.Peer peer(String transport, ClientIdentity... clients) {
    var chain = clients.length == 0 ? List.of(CLIENT.leaf()).subList(0, 0) : clients[0].chain();
    return new ByteWire.Peer(transport, "127.0.0.1", 1883, chain);
  }

  private static PeerAuthentication rule(RevocationCheck revocations, AnonymousAccess anonymous) {
    return new PeerAuthentication(
        new IdentityRule(),
        revocations,
        (name, password) -> name.equals("ada") && text(password).equals("secret"),
        TokenAuthentication.NONE,
        anonymous,
        Instant::now);
  }

  private static String text(byte[] password) {
    return new String(password, StandardCharsets.UTF_8);
  }

  private static Admission admit(ByteWire.Peer peer, Credentials credentials) {
    return rule(_ -> Answer.GOOD, LOOPBACK).admit(peer, credentials);
  }

  private static Credentials credentials(@Nullable String name, @Nullable String password) {
    return Credentials.of(
        Optional.ofNullable(name),
        Optional.ofNullable(password).map(text -> text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void assertAdmitted(
      Admission admission, @Nullable String commonName, @Nullable String userName) {
    assertThat(admission).isInstanceOf(Admitted.class);
    var admitted = (Admitted) admission;
    assertThat(admitted.principal().map(PeerPrincipal::commonName))
        .isEqualTo(Optional.ofNullable(commonName));
    assertThat(admitted.userName()).isEqualTo(Optional.ofNullable(userName));
  }

  private static void assertRefused(Admission admission, Reason reason) {
    assertThat(admission).isInstanceOf(Refused.class);
    assertThat(((Refused) admission).reason()).isEqualTo(reason);
    assertThat(((Refused) admission).detail()).matches("[ -~]+").doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({
    ", , true, client01, ",
    "ada, secret, true, client01, ada",
    "client01, , true, client01, client01",
    "ada, secret, false, , ada"
  })
  void givenProofs_whenAllAreRight_thenAdmittedAsAllOfThem(
      @Nullable String name,
      @Nullable String password,
      boolean certified,
      @Nullable String commonName,
      @Nullable String userName) {
    var peer = certified ? peer("tls", CLIENT) : peer("tls");

    assertAdmitted(admit(peer, credentials(name, password)), commonName, userName);
  }

  @ParameterizedTest
  @CsvSource({
    "ada, wrong, false",
    "ada, wrong, true",
    "ada, '', false",
    "eve, secret, false",
    "'', secret, false",
    ", secret, false",
    ", secret, true",
    "ada, , false",
    "ada, , true",
    "Client01, , true",
    "client01, wrong, true",
    "client01, , false",
    "'', , false"
  })
  @Tag("CVE-2026-32696")
  void givenUserNameOrPassword_whenItProvesNothing_thenBadUserNameOrPassword(
      @Nullable String name, @Nullable String password, boolean certified) {
    var peer = certified ? peer("tcp", CLIENT) : peer("tcp");

    assertRefused(admit(peer, credentials(name, password)), Reason.BAD_USER_NAME_OR_PASSWORD);
  }

  private static Admission admitToken(
      ByteWire.Peer peer,
      @Nullable String name,
      String password,
      TokenAuthentication.Answer answer) {
    return new PeerAuthentication(
            new IdentityRule(),
            _ -> Answer.GOOD,
            (user, secret) -> user.equals("ada") && text(secret).equals("secret"),
            (_, secret) -> text(secret).equals("token") ? Optional.of(answer) : Optional.empty(),
            LOOPBACK,
            Instant::now)
        .admit(peer, credentials(name, password));
  }

  @Test
  void givenToken_whenItIsGood_thenAdmittedAsItSaysUntilItEnds() {
    var end = Instant.parse("2030-01-01T00:00:00Z");
    var good = new TokenAuthentication.Answer.Good("pump-7", end);

    for (var peer : List.of(peer("tls"), peer("tls", CLIENT))) {
      var admission = admitToken(peer, null, "token", good);
      assertAdmitted(admission, peer.chain().isEmpty() ? null : "client01", "pump-7");
      assertThat(((Admitted) admission).tokenEnd()).contains(end);
    }
    assertAdmitted(admitToken(peer("tls"), "jwt", "token", good), null, "pump-7");
    assertRefused(
        admitToken(peer("tls", PKI.hostile().expired()), null, "token", good),
        Reason.NOT_AUTHORIZED);
  }

  @Test
  void givenToken_whenItIsNotGood_thenNoPasswordMakesUpForIt() {
    var bad = new TokenAuthentication.Answer.Bad("expired");

    for (var peer : List.of(peer("tcp"), peer("tls", CLIENT))) {
      assertRefused(admitToken(peer, "ada", "token", bad), Reason.BAD_USER_NAME_OR_PASSWORD);
      assertRefused(
          admitToken(peer, null, "token", new TokenAuthentication.Answer.Undecidable()),
          Reason.UNDECIDABLE);
    }
    assertAdmitted(admitToken(peer("tls"), "ada", "secret", bad), null, "ada");
    assertRefused(admitToken(peer("tls"), null, "secret", bad), Reason.BAD_USER_NAME_OR_PASSWORD);
  }

  /** A client that has mixed up two fields. */
  @Test
  void givenTokenAsUserName_whenRefused_thenTheLogLineHasNothingOfIt() {
    var token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";

    for (var password : new String[] {null, "wrong"}) {
      var refused = (Refused) admit(peer("tcp"), credentials(token, password));
      assertThat(refused.detail()).endsWith(": a token").doesNotContain("eyJ");
    }
  }

  @Test
  void givenHostileUserName_whenRefused_thenTheLogLineIsEscapedAndShort() {
    var refused = (Refused) admit(peer("tcp"), credentials("\n\u202E" + "a".repeat(9999), "x"));

    assertThat(refused.detail()).matches("[ -~]+").hasSizeLessThan(200);
  }

  @ParameterizedTest
  @CsvSource({
    "tcp, , true",
    "ws, , true",
    "tls, , false",
    "wss, , false",
    "tls, true, true",
    "wss, true, true",
    "tcp, false, false",
    "ws, false, false"
  })
  void givenNeitherCertificateNorName_whenItComes_thenAnonymousWhereThatIsAllowed(
      String transport, @Nullable Boolean everywhere, boolean admitted) {
    var anonymous = new AnonymousAccess(Optional.ofNullable(everywhere), Set.of("tcp", "ws"));
    var admission =
        rule(_ -> Answer.GOOD, anonymous).admit(peer(transport), new Credentials.None());

    if (admitted) {
      assertAdmitted(admission, null, null);
    } else {
      assertRefused(admission, Reason.NOT_AUTHORIZED);
    }
  }

  /** A proxy on this machine passes on whoever comes to it. */
  @ParameterizedTest
  @CsvSource({", false", "true, true", "false, false"})
  void givenNobodyByAProxy_whenOnlyThisMachineMayBeAnonymous_thenRefused(
      @Nullable Boolean everywhere, boolean admitted) {
    var anonymous = new AnonymousAccess(Optional.ofNullable(everywhere), Set.of("tcp"));
    var peer = new ByteWire.Peer("tcp", "127.0.0.1", 1883, List.of(), true);
    var admission = rule(_ -> Answer.GOOD, anonymous).admit(peer, new Credentials.None());

    if (admitted) {
      assertAdmitted(admission, null, null);
    } else {
      assertRefused(admission, Reason.NOT_AUTHORIZED);
    }
  }

  /** A port of WebSocket may be opened to others; the server's own is for this machine alone. */
  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "2001:db8:0:0:0:0:0:1", "0:0:0:0:0:0:0:12", "12.7.0.1"})
  void givenNobodyFromElsewhere_whenOnlyThisMachineMayBeAnonymous_thenRefused(String address) {
    for (var transport : List.of("tcp", "ws")) {
      var peer = new ByteWire.Peer(transport, address, 1883, List.of());

      assertRefused(
          rule(_ -> Answer.GOOD, LOOPBACK).admit(peer, new Credentials.None()),
          Reason.NOT_AUTHORIZED);
    }
  }

  @Test
  void givenTcpThatReachesFurther_whenNobodyComes_thenRefused() {
    var rule = rule(_ -> Answer.GOOD, new AnonymousAccess(Optional.empty(), Set.of("ws")));

    assertRefused(rule.admit(peer("tcp"), new Credentials.None()), Reason.NOT_AUTHORIZED);
  }

  @Test
  void givenBadCertificate_whenThePasswordIsRight_thenRefusedAllTheSame() {
    for (var client :
        List.of(
            PKI.hostile().expired(),
            PKI.hostile().twoCommonNames("a", "b"),
            PKI.hostile().withoutCommonName(),
            PKI.hostile().named("*"))) {
      assertRefused(
          admit(peer("tls", client), credentials("ada", "secret")), Reason.NOT_AUTHORIZED);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Answer.class,
      names = {"REVOKED", "UNDECIDABLE"})
  void givenCertificateThatMayBeRevoked_whenItComes_thenRefused(Answer answer) {
    var rule = rule(_ -> answer, new AnonymousAccess(Optional.of(true), Set.of()));

    assertRefused(rule.admit(peer("tls", CLIENT), new Credentials.None()), Reason.NOT_AUTHORIZED);
    assertAdmitted(rule.admit(peer("tls"), new Credentials.None()), null, null);
  }

  @Test
  void givenAuthenticationMethod_whenItHasProvedAName_thenThatOneAndNoOther() {
    var proved = new Credentials.Proved("ada", Optional.empty());
    var claimed = new Credentials.Proved("ada", Optional.of("ada"));
    var other = new Credentials.Proved("ada", Optional.of("eve"));

    assertAdmitted(admit(peer("tls"), proved), null, "ada");
    assertAdmitted(admit(peer("tls", CLIENT), claimed), "client01", "ada");
    assertRefused(admit(peer("tls", CLIENT), other), Reason.BAD_USER_NAME_OR_PASSWORD);
  }
}
