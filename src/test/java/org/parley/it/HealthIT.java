package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;

/** What the health endpoints tell, and to whom (A09). */
@Tag("A09")
class HealthIT extends ServerUnderTest {
  @Test
  void givenRunningBroker_whenAskedWhetherItStarted_thenUp() throws Exception {
    var health = Health.of("/health/started");

    assertThat(health.status()).isEqualTo(200);
    assertThat(health.up("parley-started")).isTrue();
    assertThat(health.data("parley-started").getString("state")).isEqualTo("RUNNING");
  }

  @Test
  void givenRunningBroker_whenAskedWhetherItLives_thenUp() throws Exception {
    var health = Health.of("/health/live");

    assertThat(health.status()).isEqualTo(200);
    assertThat(health.up("parley-live")).isTrue();
    assertThat(health.data("parley-live").getInt("lastSweepMillisAgo")).isBetween(0, 60_000);
  }

  @Test
  void givenRunningBroker_whenAskedWhetherItIsReady_thenUpWithItsNumbers() throws Exception {
    var health = Health.ready();

    assertThat(health.status()).isEqualTo(200);
    assertThat(health.up("parley-connections")).isTrue();
    assertThat(health.data("parley-connections").getString("state")).isEqualTo("RUNNING");
    assertThat(new HashSet<>(health.data("parley-connections").keySet()))
        .contains(
            "connectionsOpen",
            "connectionsLimit",
            "sessions-pcp-v1",
            "sessions-pcp-v2",
            "sessions-mqtt-v3.1",
            "sessions-mqtt-v3.1.1",
            "sessions-mqtt-v5",
            "mqttSessionsOffline",
            "mqttMessagesQueued",
            "mqttDroppedSinceStart",
            "associatedSinceStart",
            "supersededSinceStart",
            "refusedSinceStart",
            "longestSilenceSeconds",
            "queuesOverHalfFull",
            "messagesHeldSinceStart",
            "readersHeld",
            "inventorySubscriptions");
    assertThat(health.up("parley-certificates")).isTrue();
    assertThat(health.up("parley-policy")).isTrue();
    assertThat(health.data("parley-certificates").getString("revocation")).isEqualTo("ok");
    assertThat(health.data("parley-certificates").getInt("brokerCertificateDaysLeft")).isPositive();
  }

  @Test
  void givenAllChecks_whenAskedAtOnce_thenAllOfThem() throws Exception {
    var health = Health.of("/health");

    assertThat(health.status()).isEqualTo(200);
    assertThat(health.up("parley-started")).isTrue();
    assertThat(health.up("parley-live")).isTrue();
    assertThat(health.up("parley-connections")).isTrue();
    assertThat(health.up("parley-certificates")).isTrue();
    assertThat(health.up("parley-policy")).isTrue();
  }

  @Test
  void givenSessions_whenAsked_thenTheyAreCountedByVersionWithinASweep() throws Exception {
    await().atMost(SOON).until(() -> Health.ready().count("sessions-pcp-v2"), n -> n == 0);
    int associatedBefore = Health.ready().count("associatedSinceStart");
    try (var one = connect("health-one", "/pcp2/agent");
        var two = connect("health-two", "/pcp2/agent")) {
      await().atMost(SOON).until(() -> Health.ready().count("sessions-pcp-v2"), n -> n == 2);
      var during = Health.ready();
      assertThat(during.count("connectionsOpen")).isEqualTo(2);
      assertThat(during.count("associatedSinceStart")).isEqualTo(associatedBefore + 2);
      assertThat(one.closeInOrder(SOON).code()).isEqualTo(1000);
      assertThat(two.closeInOrder(SOON).code()).isEqualTo(1000);
    }
    await().atMost(SOON).until(() -> Health.ready().count("connectionsOpen"), n -> n == 0);
  }

  @Test
  void givenRefusedHandshakes_whenAsked_thenTheyAreCountedByReason() throws Exception {
    var before = Health.ready();

    handshake(PKI.hostile().named("*"), "/pcp2/agent").close();
    handshake(PKI.client("health-peer"), "/pcp2/server").close();

    var after = Health.ready();
    assertThat(after.count("refusedSinceStart")).isEqualTo(before.count("refusedSinceStart") + 2);
    assertThat(after.count("refused-no-identity"))
        .isEqualTo(before.count("refused-no-identity") + 1);
    assertThat(after.count("refused-denied")).isEqualTo(before.count("refused-denied") + 1);
  }

  @Test
  void givenSupersededSession_whenAsked_thenItIsCounted() throws Exception {
    int before = Health.ready().count("supersededSinceStart");
    try (var old = connect("health-twice", "/pcp2/agent")) {
      Echo.check(old, "health-twice");
      try (var _ = connect("health-twice", "/pcp2/agent")) {
        assertThat(old.awaitClose(SOON).code()).isEqualTo(4000);
        assertThat(Health.ready().count("supersededSinceStart")).isEqualTo(before + 1);
      }
    }
  }

  @Test
  void givenSessions_whenAsked_thenNobodyIsNamedAndNoSecretTold() throws Exception {
    try (var nobody = connect("health-nobody", "/pcp2/agent")) {
      Echo.check(nobody, "health-nobody");
      assertThat(get("/health").body())
          .doesNotContain("health-nobody", "pcp://", "changeit", ".p12", ".pem", "127.0.0.1", "/");
    }
  }

  @Test
  @Tag("A12")
  void givenHealth_whenAsked_thenTheHeadersTellNothingAboutTheServer() throws Exception {
    var headers = get("/health/ready").headers().map();

    assertThat(headers.keySet())
        .noneMatch(name -> name.equalsIgnoreCase("Server"))
        .noneMatch(name -> name.equalsIgnoreCase("X-Powered-By"))
        .noneMatch(name -> name.equalsIgnoreCase("Set-Cookie"));
  }

  @ParameterizedTest(name = "404 for {0}")
  @ValueSource(
      strings = {"/", "/metrics/", "/openapi", "/admin/", "/api/v1/", "/error", "/ibm/api/"})
  void givenPageThatIsNotThere_whenAskedFor_then404(String path) throws Exception {
    var page = OpeningHandshake.of(path).without("Upgrade").without("Connection");
    try (var plain = RawWebSocket.open(Wire.plain(HTTP_PORT), page);
        var tls = handshake(PKI.client("health-peer"), page)) {
      PlainAnswer.check(plain.answer(), 404);
      PlainAnswer.check(tls.answer(), 404);
    }
  }
}
