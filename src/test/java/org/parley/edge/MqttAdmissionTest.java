package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.Lifecycle.State;
import org.parley.edge.Admission.Handshake;
import org.parley.edge.Admission.Outcome;
import org.parley.identity.RevocationCheck.Answer;
import org.parley.limit.Excess;
import org.parley.limit.Rate;
import org.parley.testing.TestPki;

/** Who may open a WebSocket for MQTT. */
class MqttAdmissionTest extends AdmissionFixture {
  private static final List<X509Certificate> NOBODY = List.of();

  private static Handshake mqtt(
      boolean secure, String address, List<X509Certificate> chain, String... subprotocols) {
    return new Handshake(
        "GET", "/mqtt", true, secure, Optional.empty(), OWN, chain, address, List.of(subprotocols));
  }

  private static Handshake wss(List<X509Certificate> chain) {
    return mqtt(true, "192.0.2.1", chain, "mqtt");
  }

  @Test
  void givenCertificate_whenDecided_thenAdmittedWithItsChain() {
    running();

    var outcome = admission().decide(wss(CLIENT));

    assertThat(outcome).isInstanceOf(Outcome.AdmittedMqtt.class);
    var peer = ((Outcome.AdmittedMqtt) outcome).peer().from(4711).peer();
    assertThat(peer.transport()).isEqualTo("wss");
    assertThat(peer.remoteAddress()).isEqualTo("192.0.2.1");
    assertThat(peer.remotePort()).isEqualTo(4711);
    assertThat(peer.chain()).isEqualTo(CLIENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "0:0:0:0:0:0:0:1"})
  void givenPlainFromThisMachine_whenDecided_thenAdmittedWithoutCertificate(String address) {
    running();

    var outcome = admission().decide(mqtt(false, address, NOBODY, "mqtt"));

    assertThat(outcome).isInstanceOf(Outcome.AdmittedMqtt.class);
    assertThat(((Outcome.AdmittedMqtt) outcome).peer().peer().transport()).isEqualTo("ws");
    assertThat(((Outcome.AdmittedMqtt) outcome).peer().getName()).isEqualTo("ws " + address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "10.0.0.1"})
  void givenPlainFromAnotherMachine_whenDecided_then403(String address) {
    running();

    assertThat(refusal(admission().decide(mqtt(false, address, NOBODY, "mqtt"))))
        .isEqualTo(HandshakeRefusal.PLAINTEXT);
  }

  @Test
  void givenW01NoSubprotocol_whenDecided_then400() {
    running();

    assertThat(refusal(admission().decide(mqtt(true, "192.0.2.1", CLIENT))))
        .isEqualTo(HandshakeRefusal.SUBPROTOCOL);
    assertThat(HandshakeRefusal.SUBPROTOCOL.status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "MQTT", "mqtt5", "", "mqttv3.1"})
  void givenW02W03OtherSubprotocol_whenDecided_then400(String subprotocol) {
    running();

    assertThat(refusal(admission().decide(mqtt(true, "192.0.2.1", CLIENT, subprotocol))))
        .isEqualTo(HandshakeRefusal.SUBPROTOCOL);
  }

  @Test
  void givenSeveralSubprotocols_whenMqttIsAmongThem_thenAdmitted() {
    running();

    for (boolean legacy : new boolean[] {false, true}) {
      mqttRules = new MqttAdmission.Rules(false, legacy);
      var outcome = admission().decide(mqtt(true, "192.0.2.1", CLIENT, "mqttv3.1", "mqtt"));

      assertThat(outcome).isInstanceOf(Outcome.AdmittedMqtt.class);
      assertThat(((Outcome.AdmittedMqtt) outcome).peer().subprotocol()).isEqualTo("mqtt");
    }
  }

  @Test
  @Tag("edge-170")
  void givenW03Legacy_whenAllowed_thenAdmitted() {
    running();
    mqttRules = new MqttAdmission.Rules(false, true);

    var outcome = admission().decide(mqtt(true, "192.0.2.1", CLIENT, "mqttv3.1"));

    assertThat(outcome).isInstanceOf(Outcome.AdmittedMqtt.class);
    assertThat(((Outcome.AdmittedMqtt) outcome).peer().subprotocol()).isEqualTo("mqttv3.1");
  }

  @Test
  void givenNoCertificateOverTls_whenNobodyCanLogIn_then401() {
    running();

    assertThat(refusal(admission().decide(wss(NOBODY)))).isEqualTo(HandshakeRefusal.NO_IDENTITY);
  }

  @Test
  void givenNoCertificateOverTls_whenItMayLogIn_thenAdmitted() {
    running();
    mqttRules = new MqttAdmission.Rules(true, false);

    assertThat(admission().decide(wss(NOBODY))).isInstanceOf(Outcome.AdmittedMqtt.class);
  }

  @Test
  void givenCertificateWithoutUsableName_whenItCouldLogIn_thenStill401() {
    running();
    mqttRules = new MqttAdmission.Rules(true, false);
    var two = TestPki.shared().hostile().twoCommonNames("client01", "client02").chain();

    assertThat(refusal(admission().decide(wss(two)))).isEqualTo(HandshakeRefusal.NO_IDENTITY);
  }

  @ParameterizedTest
  @CsvSource({"REVOKED, REVOKED, 401", "UNDECIDABLE, REVOCATION_UNKNOWN, 503"})
  void givenRevocationAnswer_whenDecided_thenRefused(
      Answer answer, HandshakeRefusal expected, int status) {
    running();
    revocation = answer;

    assertThat(refusal(admission().decide(wss(CLIENT)))).isEqualTo(expected);
    assertThat(expected.status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"https://evil.test, FOREIGN_ORIGIN", "null, FOREIGN_ORIGIN"})
  void givenW17ForeignOrigin_whenDecided_then403(String origin, HandshakeRefusal expected) {
    running();
    var handshake =
        new Handshake(
            "GET",
            "/mqtt",
            true,
            false,
            Optional.of(origin),
            "http://localhost:9080",
            NOBODY,
            "127.0.0.1",
            List.of("mqtt"));

    assertThat(refusal(admission().decide(handshake))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"/mqtt/, UNKNOWN_PATH", "/mqtt/x, UNKNOWN_PATH", "/MQTT, UNKNOWN_PATH"})
  void givenOtherPath_whenDecided_then404(String path, HandshakeRefusal expected) {
    running();

    assertThat(refusal(admission().decide(handshake(path)))).isEqualTo(expected);
  }

  @Test
  void givenNoUpgrade_whenDecided_then426() {
    running();
    var request =
        new Handshake(
            "GET", "/mqtt", false, true, Optional.empty(), OWN, CLIENT, "192.0.2.1", List.of());

    assertThat(refusal(admission().decide(request))).isEqualTo(HandshakeRefusal.UPGRADE_REQUIRED);
  }

  @Test
  void givenBrokerThatStops_whenDecided_then503AndLater() {
    lifecycle.advanceTo(State.DRAINING);

    var outcome = (Outcome.Refused) admission().decide(wss(CLIENT));

    assertThat(outcome.refusal()).isEqualTo(HandshakeRefusal.NOT_RUNNING);
    assertThat(outcome.retryAfter()).isPositive();
    assertThat(outcome.peer()).isEqualTo("client01");
  }

  @Test
  @Tag("edge-173")
  void givenAsManyWebSocketsAsMayBe_whenDecided_then503() {
    running();
    mqttFull = true;

    assertThat(refusal(admission().decide(wss(CLIENT))))
        .isEqualTo(HandshakeRefusal.CONNECTION_LIMIT);
  }

  @Test
  void givenFullBroker_whenDecided_then503() {
    running();
    maxConnections = 1;
    connect("client02");

    assertThat(refusal(admission().decide(wss(CLIENT))))
        .isEqualTo(HandshakeRefusal.CONNECTION_LIMIT);
  }

  @Test
  void givenRateOfIdentity_whenOver_then429ForItAndNotForThoseWithoutOne() {
    running();
    identityRate = new Rate(1, java.time.Duration.ofMinutes(1), 1);
    var admission = admission();

    assertThat(admission.decide(wss(CLIENT))).isInstanceOf(Outcome.AdmittedMqtt.class);
    assertThat(refusal(admission.decide(wss(CLIENT))))
        .isEqualTo(HandshakeRefusal.of(Excess.Limit.IDENTITY_RATE));
    var plain = mqtt(false, "127.0.0.1", NOBODY, "mqtt");
    assertThat(admission.decide(plain)).isInstanceOf(Outcome.AdmittedMqtt.class);
    assertThat(admission.decide(plain)).isInstanceOf(Outcome.AdmittedMqtt.class);
  }
}
