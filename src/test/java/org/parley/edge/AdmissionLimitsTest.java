package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.parley.edge.Admission.Outcome;
import org.parley.identity.RevocationCheck.Answer;
import org.parley.limit.Excess;
import org.parley.limit.Rate;

/** The checks on how many connect, and how often. */
class AdmissionLimitsTest extends AdmissionFixture {
  @Test
  void givenFullBroker_whenANewUriConnects_then503() {
    running();
    maxConnections = 1;
    connect("client02");

    assertThat(refusal(admission().decide(good()))).isEqualTo(HandshakeRefusal.CONNECTION_LIMIT);
    assertThat(HandshakeRefusal.CONNECTION_LIMIT.status()).isEqualTo(503);
    assertThat(admission().full()).isTrue();
  }

  @Test
  @Tag("2.12-08")
  void givenFullBroker_whenAConnectedUriComesAgain_thenAdmitted() {
    running();
    maxConnections = 1;
    connect("client01");

    assertThat(admission().decide(good())).isInstanceOf(Outcome.Admitted.class);
  }

  @Test
  void givenRoomForOneMore_whenANewUriConnects_thenAdmitted() {
    running();
    maxConnections = 2;
    connect("client02");

    assertThat(admission().decide(good())).isInstanceOf(Outcome.Admitted.class);
    assertThat(admission().full()).isFalse();
    assertThat(admission().maxConnections()).isEqualTo(2);
  }

  @Test
  void givenIdentityThatConnectsTooOften_whenItConnects_then429WithTheTimeToWait() {
    running();
    identityRate = new Rate(1, Duration.ofSeconds(7), 1);
    var admission = admission();
    assertThat(admission.decide(good())).isInstanceOf(Outcome.Admitted.class);

    var outcome = (Outcome.Refused) admission.decide(good());

    assertThat(outcome.refusal()).isEqualTo(HandshakeRefusal.IDENTITY_RATE);
    assertThat(outcome.refusal().status()).isEqualTo(429);
    assertThat(outcome.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(outcome.peer()).isEqualTo("client01");
  }

  @Test
  void givenHandshakesRefusedForAnotherReason_whenAGoodOneComes_thenTheyDidNotCount() {
    running();
    identityRate = new Rate(1, Duration.ofSeconds(7), 1);
    var admission = admission();
    revocation = Answer.REVOKED;
    admission.decide(good());
    admission.decide(handshake("/pcp2/server"));
    revocation = Answer.GOOD;

    assertThat(admission.decide(good())).isInstanceOf(Outcome.Admitted.class);
  }

  @Test
  void givenUriTakenOverTooOften_whenItIsTakenAgain_then429() {
    running();
    duelRate = new Rate(1, Duration.ofSeconds(10), 1);
    var admission = admission();
    connect("client01");
    assertThat(admission.decide(good())).isInstanceOf(Outcome.Admitted.class);

    assertThat(refusal(admission.decide(good()))).isEqualTo(HandshakeRefusal.DUEL);
    assertThat(HandshakeRefusal.DUEL.status()).isEqualTo(429);
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECTIONS, 503, connection-limit",
    "IDENTITY_CONNECTIONS, 503, identity-limit",
    "ADDRESS_CONNECTIONS, 503, address-limit",
    "RATE, 429, connection-rate",
    "IDENTITY_RATE, 429, identity-rate",
    "ADDRESS_RATE, 429, address-rate",
    "DUEL, 429, duel"
  })
  void givenLimit_whenRefusedForIt_thenWithItsStatusAndName(
      Excess.Limit limit, int status, String label) {
    assertThat(HandshakeRefusal.of(limit).status()).isEqualTo(status);
    assertThat(HandshakeRefusal.of(limit).label()).isEqualTo(label);
  }

  @Test
  void givenNoLimit_whenManyAreConnected_thenAdmitted() {
    running();
    for (int i = 0; i < 100; i++) {
      connect("other" + i);
    }

    assertThat(admission().decide(good())).isInstanceOf(Outcome.Admitted.class);
  }

  @Test
  @Tag("D26")
  void givenMemoryThatIsNearlyFull_whenAHandshakeComes_then503AndLater() {
    running();
    memory = 0.96;
    shedding.look();

    var refused = (Outcome.Refused) admission().decide(good());

    assertThat(refused.refusal()).isEqualTo(HandshakeRefusal.MEMORY);
    assertThat(refused.refusal().status()).isEqualTo(503);
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void givenUriThatComesAndGoes_whenItConnects_then429UntilTheBanIsOver() {
    running();
    flapping = new Rate(1, Duration.ofHours(1), 1);
    var admission = admission();
    assertThat(admission.decide(good())).isInstanceOf(Outcome.Admitted.class);

    var refused = (Outcome.Refused) admission.decide(good());

    assertThat(refused.refusal()).isEqualTo(HandshakeRefusal.FLAPPING);
    assertThat(refused.refusal().status()).isEqualTo(429);
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(90));
  }
}
