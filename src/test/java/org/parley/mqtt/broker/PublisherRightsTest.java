package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.policy.file.Policies.allow;
import static org.parley.policy.file.Policies.policyOf;

import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.identity.IdentityRule;
import org.parley.identity.RevocationCheck.Answer;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.state.Owner;
import org.parley.testing.ClientIdentity;
import org.parley.testing.TestPki;

/** Who has published something is judged by what was kept of him, and by what is in force now. */
@Tag("CVE-2018-12546")
class PublisherRightsTest {
  private static final ClientIdentity CLIENT = TestPki.shared().client("client01");
  private static final Owner ANYBODY = owner(Optional.empty(), Optional.empty(), "192.0.2.1");

  private final ReplacedPolicy policy =
      new ReplacedPolicy(policyOf(allow("all", "action: publish")));
  private final Set<String> users = new HashSet<>(Set.of("ada"));
  private Answer revocation = Answer.GOOD;
  private Instant now = Instant.now();
  private int checks;
  private final PublisherRights rights =
      new PublisherRights(
          new IdentityRule(),
          _ -> {
            checks++;
            return revocation;
          },
          users::contains,
          policy,
          () -> now);

  private static Owner owner(
      Optional<BinaryData> certificate, Optional<String> userName, String address) {
    return new Owner(certificate, userName, "mqtt-v5", "tls", address);
  }

  private static Owner certified(ClientIdentity client) {
    try {
      var certificate = Optional.of(BinaryData.of(client.leaf().getEncoded()));
      return owner(certificate, Optional.empty(), "192.0.2.1");
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Owner user(String name) {
    return owner(Optional.empty(), Optional.of(name), "192.0.2.1");
  }

  private boolean may(Owner owner) {
    return rights.mayStillPublish(owner, "c", "t");
  }

  private void allowOnly(String lines) {
    policy.replace(policyOf(allow("some", "action: publish\n" + lines)));
  }

  @Test
  void givenRules_whenAsked_thenByAllThatIsKnownOfThePublisher() {
    var certified = certified(CLIENT);

    allowOnly("who: {common_name: client01}");
    assertThat(may(certified)).isTrue();
    assertThat(may(user("ada"))).isFalse();
    allowOnly("who: {user_name: ada, protocol: mqtt-v5, transport: tls, authentication: user}");
    assertThat(may(certified)).isFalse();
    assertThat(may(user("ada"))).isTrue();
    allowOnly("topics: ['d/%c/#', 'u/%u/#', 'n/%cn/#']");
    assertThat(rights.mayStillPublish(certified, "c", "n/client01/x")).isTrue();
    assertThat(rights.mayStillPublish(certified, "c", "n/other/x")).isFalse();
    assertThat(rights.mayStillPublish(user("ada"), "c", "u/ada/x")).isTrue();
    assertThat(rights.mayStillPublish(ANYBODY, "c", "d/c/x")).isTrue();
    assertThat(rights.mayStillPublish(ANYBODY, "other", "d/c/x")).isFalse();
  }

  /** What is retained is judged as such. */
  @Test
  void givenRightToPublishWithoutRetaining_whenAsked_thenNo() {
    allowOnly("retain: false");
    assertThat(may(ANYBODY)).isFalse();

    allowOnly("retain: true");
    assertThat(may(ANYBODY)).isTrue();
  }

  @Test
  void givenRuleOnAddresses_whenAsked_thenByThatFromWhichItWasPublished() {
    allowOnly("who: {network: 192.0.2.0/24}");

    assertThat(may(ANYBODY)).isTrue();
    assertThat(may(owner(Optional.empty(), Optional.empty(), "198.51.100.1"))).isFalse();
  }

  @Test
  void givenUserThatHasGone_whenAsked_thenNoUntilHeIsBack() {
    assertThat(may(user("ada"))).isTrue();
    assertThat(may(user("eve"))).isFalse();

    users.clear();
    rights.changed();
    assertThat(may(user("ada"))).isFalse();

    users.add("ada");
    rights.changed();
    assertThat(may(user("ada"))).isTrue();
  }

  /** The message stays when the next certificate of the same name is there; a will does not. */
  @Test
  void givenCertificateThatHasEnded_whenAsked_thenItsNameMayStill() {
    var certified = certified(CLIENT);
    assertThat(rights.mayPublish(certified, "c", "t", true)).isTrue();

    now = CLIENT.leaf().getNotAfter().toInstant().plus(Duration.ofDays(1));

    assertThat(may(certified)).isTrue();
    assertThat(rights.mayPublish(certified, "c", "t", true)).isFalse();
  }

  /** Of whoever has had a token; the issuer is not asked again. */
  @Test
  void givenTokenThatHasEnded_whenAsked_thenItsNameMayStillAndAWillMayNot() {
    var end = now.plusSeconds(60);
    var owner =
        new Owner(
            Optional.empty(), Optional.of("eve"), Optional.of(end), "mqtt", "tls", "192.0.2.1");
    assertThat(may(owner)).isTrue();
    assertThat(rights.mayPublish(owner, "c", "t", true)).isTrue();

    now = end;

    assertThat(may(owner)).isTrue();
    assertThat(rights.mayPublish(owner, "c", "t", true)).isFalse();
  }

  @Test
  void givenCertificate_whenRevoked_thenNo() {
    var certified = certified(CLIENT);
    assertThat(may(certified)).isTrue();

    revocation = Answer.REVOKED;
    rights.changed();

    assertThat(may(certified)).isFalse();
    assertThat(rights.mayPublish(certified, "c", "t", true)).isFalse();
  }

  /** Who cannot be told to be revoked cannot connect; what he has published before stays. */
  @Test
  void givenNoCrl_whenAsked_thenRetainedMessagesStayAndNoWillIsPublished() {
    var certified = certified(CLIENT);

    revocation = Answer.UNDECIDABLE;

    assertThat(may(certified)).isTrue();
    assertThat(rights.mayPublish(certified, "c", "t", true)).isFalse();
  }

  @Test
  void givenCertificateThatCannotBeRead_whenAsked_thenNo() {
    var damaged = Optional.of(BinaryData.of(new byte[] {1, 2, 3}));

    assertThat(may(owner(damaged, Optional.empty(), "192.0.2.1"))).isFalse();
    assertThat(may(owner(damaged, Optional.of("ada"), "192.0.2.1"))).isFalse();
  }

  /** A replay of thousands asks once who that is. */
  @Test
  void givenPublisher_whenAskedOverAndOver_thenFoundOutOnceForEachChange() {
    var certified = certified(CLIENT);
    for (int i = 0; i < 1_000; i++) {
      assertThat(rights.mayStillPublish(certified, "c", "t/" + i)).isTrue();
    }
    assertThat(checks).isOne();

    policy.replace(policyOf(allow("all", "action: publish\ntopics: t/1")));
    for (int i = 0; i < 1_000; i++) {
      assertThat(rights.mayStillPublish(certified, "c", "t/" + i)).isEqualTo(i == 1);
    }
    assertThat(checks).isEqualTo(2);
    rights.changed();
    assertThat(may(certified)).isFalse();
    assertThat(checks).isEqualTo(3);
  }

  @Test
  void givenMorePublishersThanAreKept_whenAsked_thenOnlySoManyAreKept() {
    for (int i = 0; i < PublisherRights.MOST_KNOWN + 100; i++) {
      assertThat(rights.mayStillPublish(ANYBODY, "c" + i, "t")).isTrue();
    }

    assertThat(rights.kept()).isEqualTo(PublisherRights.MOST_KNOWN);
  }
}
