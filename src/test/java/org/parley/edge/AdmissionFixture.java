package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.parley.core.Lifecycle;
import org.parley.core.Lifecycle.State;
import org.parley.core.RecordingConnection;
import org.parley.edge.Admission.Handshake;
import org.parley.edge.Admission.Outcome;
import org.parley.identity.IdentityRule;
import org.parley.identity.RevocationCheck.Answer;
import org.parley.limit.ConnectionLimits;
import org.parley.limit.ConnectionRates;
import org.parley.limit.Duels;
import org.parley.limit.Flapping;
import org.parley.limit.Rate;
import org.parley.limit.Shedding;
import org.parley.pcp.broker.ControllerAvailability;
import org.parley.policy.BanningPolicy;
import org.parley.policy.Bans;
import org.parley.policy.BuiltInPolicy;
import org.parley.session.ClientUri;
import org.parley.session.ConcurrentSessionRegistry;
import org.parley.session.SessionLimits;
import org.parley.session.TestSessions;
import org.parley.testing.TestPki;

/** An admission whose every part can be set. */
abstract class AdmissionFixture {
  static final List<X509Certificate> CLIENT = TestPki.shared().client("client01").chain();
  static final String OWN = "https://broker.test:9443";
  static final String PARTNER = "https://partner.test";

  final Lifecycle lifecycle = new Lifecycle();
  final ConcurrentSessionRegistry registry = new ConcurrentSessionRegistry(10);
  Answer revocation = Answer.GOOD;
  ControllerAvailability controllers = new ControllerAvailability(0, Duration.ZERO, () -> 0);
  int maxConnections;
  Rate identityRate = Rate.UNLIMITED;
  Rate duelRate = Rate.UNLIMITED;
  Rate flapping = Rate.UNLIMITED;
  MqttAdmission.Rules mqttRules = new MqttAdmission.Rules(false, false);
  boolean mqttFull;
  double memory;
  final Shedding shedding = new Shedding(95, () -> memory);
  final Bans bans = new Bans(clock());

  Admission admission() {
    return new Admission(
        lifecycle,
        new IdentityRule(),
        _ -> revocation,
        new BanningPolicy(new BuiltInPolicy(List.of("boss")), bans),
        bans,
        limits(),
        controllers,
        List.of(PARTNER),
        clock(),
        mqtt());
  }

  MqttAdmission mqtt() {
    return new MqttAdmission(
        mqttRules,
        lifecycle,
        new IdentityRule(),
        _ -> revocation,
        bans,
        limits(),
        () -> mqttFull,
        clock());
  }

  static InstantSource clock() {
    return () -> CLIENT.getFirst().getNotBefore().toInstant().plusSeconds(1);
  }

  ConnectionLimits limits() {
    var rates = new ConnectionRates.Rates(Rate.UNLIMITED, identityRate, Rate.UNLIMITED, 10);
    return new ConnectionLimits(
        registry,
        new SessionLimits(maxConnections, 0, 0),
        new ConnectionRates(rates, () -> 0),
        new Duels(duelRate, Duration.ofSeconds(2), 10, () -> 0),
        new Flapping(new Flapping.Options(flapping, Duration.ofSeconds(90), 10), () -> 0),
        shedding);
  }

  static Handshake good() {
    return handshake("/pcp2/agent");
  }

  static Handshake handshake(String path) {
    return new Handshake(
        "GET", path, true, true, Optional.empty(), OWN, CLIENT, "192.0.2.1", List.of());
  }

  static Handshake withOrigin(String origin) {
    return new Handshake(
        "GET", "/pcp2/agent", true, true, Optional.of(origin), OWN, CLIENT, "192.0.2.1", List.of());
  }

  static Handshake presenting(List<X509Certificate> chain) {
    return new Handshake(
        "GET", "/pcp2/agent", true, true, Optional.empty(), OWN, chain, "192.0.2.1", List.of());
  }

  static HandshakeRefusal refusal(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused) outcome).refusal();
  }

  void running() {
    lifecycle.advanceTo(State.RUNNING);
  }

  void connect(String commonName) {
    registry.associate(
        TestSessions.session(new ClientUri(commonName, "agent"), new RecordingConnection()));
  }
}
