package org.parley.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.edge.Admission.Handshake;
import org.parley.edge.Admission.Outcome;
import org.parley.policy.BanList;

/** Who is banned gets 403 before the upgrade, by both protocols. */
class AdmissionBansTest extends AdmissionFixture {
  private static final List<X509Certificate> NOBODY = List.of();

  private void ban(String line) {
    assertThat(BanList.parse(line.getBytes(UTF_8)))
        .isInstanceOfSatisfying(BanList.Parsed.Loaded.class, loaded -> bans.enforce(loaded.bans()));
  }

  private static Handshake mqtt(List<X509Certificate> chain) {
    return new Handshake(
        "GET", "/mqtt", true, true, Optional.empty(), OWN, chain, "192.0.2.1", List.of("mqtt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity client01", "identity client*", "address 192.0.2.0/28"})
  void givenBannedPeer_whenItComes_then403ByBothProtocols(String line) {
    running();
    var admission = admission();
    assertThat(admission.decide(good())).isInstanceOf(Outcome.Admitted.class);

    ban(line);

    for (var handshake : List.of(good(), handshake("/pcp/controller"), mqtt(CLIENT))) {
      var refused = (Outcome.Refused) admission.decide(handshake);
      assertThat(refused.refusal()).isEqualTo(HandshakeRefusal.BANNED);
      assertThat(refused.detail()).endsWith("denied by line 1 of the ban list");
    }
    assertThat(HandshakeRefusal.BANNED.status()).isEqualTo(403);
    assertThat(admission.refused()).containsEntry(HandshakeRefusal.BANNED, 3L);
  }

  @Test
  void givenBanOfAnother_whenAPeerComes_thenAdmitted() {
    running();
    ban("identity client02\naddress 192.0.2.2\nclient-id client01");

    assertThat(admission().decide(good())).isInstanceOf(Outcome.Admitted.class);
    assertThat(admission().decide(mqtt(CLIENT))).isInstanceOf(Outcome.AdmittedMqtt.class);
  }

  @Test
  void givenBannedAddress_whenItComesWithoutACertificate_thenBannedAndNothingIsLookedAt() {
    running();
    ban("address 192.0.2.1");

    assertThat(refusal(admission().decide(mqtt(NOBODY)))).isEqualTo(HandshakeRefusal.BANNED);
    assertThat(refusal(admission().decide(presenting(NOBODY)))).isEqualTo(HandshakeRefusal.BANNED);
  }

  @Test
  void givenBannedAddress_whenItAsksForAPage_thenServed() {
    ban("address 192.0.2.1");

    assertThat(admission().decide(handshake("/metrics"))).isInstanceOf(Outcome.Page.class);
  }

  @Test
  void givenDeniedPeer_whenItIsNotBanned_thenDenied() {
    running();
    ban("identity client02");

    assertThat(refusal(admission().decide(handshake("/pcp2/controller"))))
        .isEqualTo(HandshakeRefusal.DENIED);
  }
}
