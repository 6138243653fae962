package org.parley.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.parley.core.RecordingConnection;
import org.parley.limit.Excess.Limit;
import org.parley.session.ClientUri;
import org.parley.session.ConcurrentSessionRegistry;
import org.parley.session.SessionLimits;
import org.parley.session.TestSessions;

class ConnectionLimitsTest {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final String HERE = "192.0.2.1";

  private long now;
  private double memory;
  private final Shedding shedding = new Shedding(90, () -> memory);
  private Rate flapping = Rate.UNLIMITED;
  private final ConcurrentSessionRegistry registry = new ConcurrentSessionRegistry(10);

  private ConnectionLimits limits(SessionLimits sessions, Rate perIdentity, Rate duels) {
    var rates = new ConnectionRates.Rates(Rate.UNLIMITED, perIdentity, Rate.UNLIMITED, 10);
    return limits(sessions, rates, duels);
  }

  private ConnectionLimits limits(SessionLimits sessions, ConnectionRates.Rates rates, Rate duels) {
    return new ConnectionLimits(
        registry,
        sessions,
        new ConnectionRates(rates, () -> now),
        new Duels(duels, Duration.ofSeconds(2), 10, () -> now),
        new Flapping(new Flapping.Options(flapping, TEN_SECONDS, 10), () -> now),
        shedding);
  }

  private ConnectionLimits limits(int total, int perIdentity, int perAddress) {
    return limits(
        new SessionLimits(total, perIdentity, perAddress), Rate.UNLIMITED, Rate.UNLIMITED);
  }

  private static ClientUri uri(String commonName, String clientType) {
    return new ClientUri(commonName, clientType);
  }

  private void connect(String commonName, String clientType, String address) {
    registry.associate(
        TestSessions.session(uri(commonName, clientType), new RecordingConnection(address)));
  }

  private static Optional<Limit> over(ConnectionLimits limits, ClientUri uri, String address) {
    return limits.check(uri, address).map(Excess::limit);
  }

  @Test
  void givenFullBroker_whenANewUriConnects_thenRefusedForTheTotal() {
    var limits = limits(1, 0, 0);
    assertThat(limits.full()).isFalse();
    connect("a", "agent", HERE);

    var excess = limits.check(uri("b", "agent"), HERE).orElseThrow();

    assertThat(limits.full()).isTrue();
    assertThat(excess)
        .isEqualTo(
            new Excess(Limit.CONNECTIONS, Duration.ofSeconds(5), "pcp://b/agent: limit of 1"));
  }

  @Test
  void givenIdentityAtItsLimit_whenAnotherTypeOfItConnects_thenRefusedButOthersAreNot() {
    var limits = limits(0, 2, 0);
    connect("a", "one", HERE);
    assertThat(over(limits, uri("a", "two"), HERE)).isEmpty();
    connect("a", "two", HERE);

    assertThat(over(limits, uri("a", "three"), "198.51.100.1"))
        .contains(Limit.IDENTITY_CONNECTIONS);
    assertThat(over(limits, uri("b", "three"), HERE)).isEmpty();
    assertThat(limits.full()).isFalse();
  }

  @Test
  void givenAddressAtItsLimit_whenAnyIdentityConnectsFromIt_thenRefusedButElsewhereNot() {
    var limits = limits(0, 0, 1);
    connect("a", "agent", HERE);

    assertThat(over(limits, uri("b", "agent"), HERE)).contains(Limit.ADDRESS_CONNECTIONS);
    assertThat(over(limits, uri("b", "agent"), "192.0.2.2")).isEmpty();
  }

  @Test
  void givenEveryLimitReached_whenAConnectedUriComesAgain_thenItMayFromAnywhere() {
    var limits = limits(1, 1, 1);
    connect("a", "agent", HERE);

    assertThat(over(limits, uri("a", "agent"), HERE)).isEmpty();
    assertThat(over(limits, uri("a", "agent"), "192.0.2.2")).isEmpty();
  }

  @Test
  void givenSessionThatEnds_whenTheNextConnects_thenItsPlaceIsFree() {
    var limits = limits(1, 1, 1);
    connect("a", "agent", HERE);
    assertThat(over(limits, uri("a", "other"), HERE)).isPresent();

    registry.sessions().forEach(registry::disassociate);

    assertThat(over(limits, uri("a", "other"), HERE)).isEmpty();
  }

  @Test
  void givenHandshakeRefusedForACount_whenThereIsRoom_thenItHasNotUsedItsRate() {
    var limits = limits(new SessionLimits(1, 0, 0), new Rate(1, TEN_SECONDS, 1), Rate.UNLIMITED);
    connect("a", "agent", HERE);
    assertThat(over(limits, uri("b", "agent"), HERE)).contains(Limit.CONNECTIONS);
    registry.sessions().forEach(registry::disassociate);

    assertThat(over(limits, uri("b", "agent"), HERE)).isEmpty();
    assertThat(over(limits, uri("b", "agent"), HERE)).contains(Limit.IDENTITY_RATE);
  }

  @Test
  void givenDuel_whenTheRivalKnocks_thenItUsesNoneOfTheHoldersRate() {
    var limits =
        limits(SessionLimits.NONE, new Rate(1, TEN_SECONDS, 3), new Rate(1, TEN_SECONDS, 1));
    connect("a", "agent", HERE);
    assertThat(over(limits, uri("a", "agent"), HERE)).isEmpty();
    for (int i = 0; i < 100; i++) {
      assertThat(over(limits, uri("a", "agent"), HERE)).contains(Limit.DUEL);
    }
    registry.sessions().forEach(registry::disassociate);

    assertThat(over(limits, uri("a", "agent"), HERE)).isEmpty();
  }

  @Test
  void givenTakeoverOverItsRate_whenTheRateAllowsIt_thenTheRefusedOneWasNotATakeover() {
    var limits =
        limits(
            SessionLimits.NONE, new Rate(1, Duration.ofSeconds(1), 1), new Rate(1, TEN_SECONDS, 2));
    connect("a", "agent", HERE);
    assertThat(over(limits, uri("a", "agent"), HERE)).isEmpty();
    assertThat(over(limits, uri("a", "agent"), HERE)).contains(Limit.IDENTITY_RATE);

    now += Duration.ofSeconds(1).toNanos();

    assertThat(over(limits, uri("a", "agent"), HERE)).isEmpty();
  }

  @Test
  void givenUriThatComesAndGoes_whenItConnects_thenKeptOutAndOtherTypesOfItAreNot() {
    flapping = new Rate(1, Duration.ofSeconds(1), 2);
    var limits = limits(0, 0, 0);
    assertThat(over(limits, uri("a", "agent"), HERE)).isEmpty();
    assertThat(over(limits, uri("a", "agent"), HERE)).isEmpty();

    assertThat(over(limits, uri("a", "agent"), "198.51.100.1")).contains(Limit.FLAPPING);
    assertThat(over(limits, uri("a", "other"), HERE)).isEmpty();
    assertThat(over(limits, uri("b", "agent"), HERE)).isEmpty();
  }

  /** Else a broker that is full would keep out all who want to come back to it. */
  @Test
  void givenConnectsThatAnotherLimitRefuses_whenThereIsRoom_thenTheyWereNotCounted() {
    flapping = new Rate(1, Duration.ofSeconds(1), 2);
    var limits = limits(1, 0, 0);
    connect("b", "agent", HERE);
    for (int i = 0; i < 10; i++) {
      assertThat(over(limits, uri("a", "agent"), HERE)).contains(Limit.CONNECTIONS);
    }
    registry.disassociate(registry.find(uri("b", "agent")).orElseThrow());

    assertThat(over(limits, uri("a", "agent"), HERE)).isEmpty();
  }

  /** Of MQTT over WebSocket: who has proved nothing uses up nothing that others need. */
  @Test
  void givenStormOfPeersWithoutCertificate_whenOthersConnect_thenTheyMay() {
    var one = new Rate(1, TEN_SECONDS, 1);
    var rates = new ConnectionRates.Rates(one, Rate.UNLIMITED, new Rate(2, TEN_SECONDS, 2), 10);
    var limits = limits(new SessionLimits(1, 0, 0), rates, Rate.UNLIMITED);

    assertThat(limits.check(Optional.empty(), HERE)).isEmpty();
    assertThat(limits.check(Optional.empty(), HERE)).isEmpty();
    assertThat(limits.check(Optional.empty(), HERE).map(Excess::limit))
        .contains(Limit.ADDRESS_RATE);

    assertThat(limits.check(Optional.of("c"), "192.0.2.2")).isEmpty();
    assertThat(limits.check(Optional.of("d"), "192.0.2.3").map(Excess::limit)).contains(Limit.RATE);
  }

  @Test
  void givenMemoryThatIsNearlyFull_whenAnybodyConnects_thenRefusedByBothProtocolsAndNotCounted() {
    flapping = new Rate(1, Duration.ofSeconds(1), 1);
    var limits = limits(0, 0, 0);
    connect("a", "agent", HERE);
    memory = 0.9;
    shedding.look();

    assertThat(over(limits, uri("a", "agent"), HERE)).contains(Limit.MEMORY);
    assertThat(over(limits, uri("b", "agent"), HERE)).contains(Limit.MEMORY);
    assertThat(limits.check(Optional.of("c"), HERE).map(Excess::limit)).contains(Limit.MEMORY);

    memory = 0.5;
    shedding.look();
    assertThat(over(limits, uri("a", "agent"), HERE)).isEmpty();
    assertThat(limits.check(Optional.of("c"), HERE)).isEmpty();
  }
}
