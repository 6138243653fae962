package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.parley.core.ByteWire;
import org.parley.limit.OpenConnections;
import org.parley.limit.Rate;
import org.parley.mqtt.broker.Authentication.Verdict;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.TestPki;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.TestAccess;

/** How often, and how many: said in CONNACK, whatever the version. */
class LimitedAuthenticationTest extends LimitedBroker {

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void givenConnectsOverTheRate_whenOneMoreComes_thenTold(ProtocolVersion version) {
    rate = ONE_A_SECOND;
    try (var broker = start()) {
      for (int i = 0; i < 3; i++) {
        assertThat(connect(broker, ConnectBytes.of(version, "c"))).isEqualTo(ReasonCode.SUCCESS);
      }

      try (var peer = Peer.open(broker)) {
        peer.send(ConnectBytes.of(version, "c"));
        peer.expectRefusal(
            version == ProtocolVersion.V5
                ? ReasonCode.CONNECTION_RATE_EXCEEDED
                : ReasonCode.SERVER_UNAVAILABLE);
      }
      clock.advance(Duration.ofSeconds(1));
      assertThat(connect(broker, ConnectBytes.of(version, "c"))).isEqualTo(ReasonCode.SUCCESS);
      assertThat(broker.counters().of(MqttCounters.Count.AUTHENTICATION_FAILURES)).isZero();
    }
  }

  @Test
  void givenIdentityOverItsRate_whenItConnects_thenToldAndOthersConnect() {
    identityRate = ONE_A_SECOND;
    try (var broker = start()) {
      for (int i = 0; i < 3; i++) {
        assertThat(login(broker, "ada", "x")).isEqualTo(ReasonCode.SUCCESS);
      }

      assertThat(login(broker, "ada", "x")).isEqualTo(ReasonCode.CONNECTION_RATE_EXCEEDED);
      assertThat(login(broker, "eve", "x")).isEqualTo(ReasonCode.SUCCESS);
    }
  }

  @Test
  void givenLoginsThatFail_whenThereWereTooMany_thenTheRightPasswordIsNotLookedAtEither() {
    failures = ONE_A_SECOND;
    try (var broker = start()) {
      broker.access().passwords.put("ada", "secret");
      broker.access().whenConnecting = asked::incrementAndGet;
      for (int i = 0; i < 3; i++) {
        assertThat(login(broker, "ada", "guess" + i))
            .isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
      }

      assertThat(login(broker, "ada", "secret")).isEqualTo(ReasonCode.CONNECTION_RATE_EXCEEDED);

      assertThat(asked).hasValue(3);
      clock.advance(Duration.ofSeconds(1));
      assertThat(login(broker, "ada", "secret")).isEqualTo(ReasonCode.SUCCESS);
    }
  }

  @Test
  void givenAuthenticationMethodThatFails_whenItDidSoOften_thenItIsNotBegunAnyMore() {
    failures = ONE_A_SECOND;
    try (var broker = start()) {
      for (int i = 0; i < 3; i++) {
        assertThat(connect(broker, ConnectBytes.v5("c").authentication("X-NONE", "")))
            .isEqualTo(ReasonCode.BAD_AUTHENTICATION_METHOD);
      }

      assertThat(connect(broker, ConnectBytes.v5("c").authentication(TestAccess.METHOD, "")))
          .isEqualTo(ReasonCode.CONNECTION_RATE_EXCEEDED);
    }
  }

  @Test
  void givenAsManyConnectionsAsAnIdentityMayHave_whenOneMoreComes_thenQuotaUntilOneGoes() {
    open = new OpenConnections(2, 0);
    try (var broker = start();
        var first = Peer.connected(broker, ConnectBytes.v5("1").userName("ada").password("x"));
        var _ = Peer.connected(broker, ConnectBytes.v5("2").userName("ada").password("x"))) {
      assertThat(connect(broker, ConnectBytes.v5("3").userName("ada").password("x")))
          .isEqualTo(ReasonCode.QUOTA_EXCEEDED);
      try (var _ = Peer.connected(broker, ConnectBytes.v5("taken").userName("ada").password("x"))) {
        first.reset();
      }

      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  connect(broker, ConnectBytes.v5("3").userName("ada").password("x"))
                      == ReasonCode.SUCCESS);
    }
  }

  /** Whatever way a connection ends: after CONNACK, before it, or while it is judged. */
  @Test
  void givenConnectionsThatEndInEveryWay_whenAllAreGone_thenNothingIsCounted() {
    open = new OpenConnections(1_000, 1_000);
    try (var broker = start()) {
      broker.access().passwords.put("ada", "secret");
      broker.access().denied.add("will");
      for (int i = 0; i < 50; i++) {
        try (var polite =
            Peer.connected(broker, ConnectBytes.v5("a").userName("eve").password("x"))) {
          polite.disconnect();
        }
        try (var cut = Peer.connected(broker, ConnectBytes.v5("b").userName("eve").password("x"))) {
          cut.reset();
        }
        try (var refused = Peer.open(broker)) {
          refused.send(ConnectBytes.v5("c").userName("ada").password("guess"));
          refused.expectRefusal(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        }
        try (var late = Peer.open(broker)) {
          late.send(ConnectBytes.v5("w").userName("eve").will("will", "x", 0, false));
          late.expectRefusal(ReasonCode.NOT_AUTHORIZED);
        }
        try (var early = Peer.open(broker)) {
          early.send(ConnectBytes.v5("d").userName("eve").password("x"));
          early.reset();
        }
        try (var _ = Peer.connected(broker, ConnectBytes.v5("e").userName("eve").password("x"));
            var _ = Peer.connected(broker, ConnectBytes.v5("e").userName("eve").password("x"))) {}
      }

      await().atMost(Duration.ofSeconds(10)).until(() -> broker.broker().connections() == 0);
      assertThat(open.size()).isZero();
    }
  }

  /** Nothing is lost, and nothing is refused: TCP holds the publisher. */
  @Test
  void givenPublisherOverItsRate_whenItPublishesOn_thenHeldUntilItsMessagesAreDue() {
    messageRate = new Rate(1_000, Duration.ofSeconds(1), 10);
    try (var broker = start();
        var subscriber = Peer.connected(broker, "s");
        var publisher = Peer.connected(broker, "p")) {
      subscriber.subscribe("t", 0);
      for (int i = 0; i < 30; i++) {
        publisher.publish("t", Integer.toString(i));
      }
      for (int i = 0; i < 30; i++) {
        assertThat(subscriber.nextText()).isEqualTo(Integer.toString(i));
      }

      assertThat(broker.counters().of(MqttCounters.Count.PUBLISHER_HOLDS)).isPositive();
    }
  }

  @Test
  void givenPeersThatProveNothing_whenTheyConnectWithoutEnd_thenOthersStillDo() {
    totalRate = ONE_A_SECOND;
    try (var broker = start()) {
      broker.access().passwords.put("ada", "secret");
      for (int i = 0; i < 10; i++) {
        assertThat(login(broker, "ada", "guess")).isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
      }

      assertThat(login(broker, "ada", "secret")).isEqualTo(ReasonCode.SUCCESS);
    }
  }

  @Test
  void givenPeerThatThePolicyDenies_whenItComesAgainAndAgain_thenThatIsNoGuessing() {
    failures = ONE_A_SECOND;
    try (var broker = start()) {
      broker.access().banned.add("c");
      for (int i = 0; i < 10; i++) {
        assertThat(login(broker, "eve", "x")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      }
    }
  }

  private static Connect connect(Optional<String> userName, Optional<BinaryData> password) {
    return new Connect(
        ProtocolVersion.V5,
        true,
        60,
        Connect.Properties.NONE,
        "c",
        Optional.empty(),
        userName,
        password);
  }

  private static Verdict begin(Authentication authentication, ByteWire.Peer peer, Connect connect) {
    var verdicts = new ArrayList<Verdict>();
    authentication.begin(peer, connect).step(Optional.empty(), verdicts::add);
    assertThat(verdicts).hasSize(1);
    return verdicts.getFirst();
  }

  /** Returns the reason; the operator is told more. */
  private static ReasonCode refusal(Verdict verdict) {
    var refused = (Verdict.Refused) verdict;
    assertThat(refused.detail()).isNotEmpty();
    return refused.reason();
  }

  @Test
  void givenAddressOfGuessers_whenSomebodyComesWithACertificateAlone_thenHeardAllTheSame() {
    failures = ONE_A_SECOND;
    var access = new TestAccess();
    access.passwords.put("ada", "secret");
    var authentication = limited(access);
    var guesser = new ByteWire.Peer("tls", "192.0.2.1", 4711, List.of());
    var guess = connect(Optional.of("ada"), Optional.of(BinaryData.of((byte) 'x')));
    for (int i = 0; i < 5; i++) {
      var _ = begin(authentication, guesser, guess);
    }
    assertThat(refusal(begin(authentication, guesser, guess)))
        .isEqualTo(ReasonCode.CONNECTION_RATE_EXCEEDED);

    var client = TestPki.shared().client("client01");
    var known = new ByteWire.Peer("tls", "192.0.2.1", 4712, List.of(client.leaf()));

    assertThat(begin(authentication, known, connect(Optional.empty(), Optional.empty())))
        .isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void givenUserByWebSocket_whenItConnectsTooOften_thenItsRateHoldsThereToo() {
    identityRate = ONE_A_SECOND;
    var authentication = limited(new TestAccess());
    var peer = new ByteWire.Peer("wss", "192.0.2.1", 4711, List.of());
    var login = connect(Optional.of("ada"), Optional.of(BinaryData.of((byte) 'x')));
    for (int i = 0; i < 3; i++) {
      assertThat(begin(authentication, peer, login)).isInstanceOf(Verdict.Admitted.class);
    }

    assertThat(refusal(begin(authentication, peer, login)))
        .isEqualTo(ReasonCode.CONNECTION_RATE_EXCEEDED);
  }

  /** To authenticate again is no way to a new burst, and somebody else's guesses do not matter. */
  @Test
  void givenPacedPeer_whenItAuthenticatesAgain_thenItsPaceIsTheOldOne() {
    messageRate = new Rate(1, Duration.ofHours(1), 3);
    failures = ONE_A_SECOND;
    var authentication = limited(new TestAccess());
    var peer = new ByteWire.Peer("tls", "192.0.2.1", 4711, List.of());
    var connect = connect(Optional.of("ada"), Optional.of(BinaryData.of((byte) 'x')));
    var access = new Access((Verdict.Admitted) begin(authentication, peer, connect));
    for (int i = 0; i < 3; i++) {
      assertThat(access.pace()).isZero();
    }

    var verdicts = new ArrayList<Verdict>();
    authentication.again(peer, connect).step(Optional.empty(), verdicts::add);
    access.renew((Verdict.Admitted) verdicts.getFirst());

    assertThat(access.pace()).isPositive();
  }

  @Test
  void givenWebSocket_whenItConnects_thenItWasCountedWhenItWasOpened() {
    rate = new Rate(1, Duration.ofHours(1), 1);
    var authentication = limited(new TestAccess());
    var peer = new ByteWire.Peer("wss", "192.0.2.1", 4711, List.of());
    for (int i = 0; i < 3; i++) {
      assertThat(begin(authentication, peer, connect(Optional.empty(), Optional.empty())))
          .isInstanceOf(Verdict.Admitted.class);
    }
  }

  /** Limits do not come between a retained message and what its publisher may do. */
  @Test
  void givenLimits_whenAPublisherLosesTheRight_thenItsRetainedMessageIsNotHeard() {
    messageRate = new Rate(1_000, Duration.ofSeconds(1), 10);
    try (var broker = start();
        var publisher = Peer.connected(broker, "p");
        var reader = Peer.connected(broker, "r")) {
      publisher.publish(PublishBytes.of("t", "kept").retain(), 1);
      reader.subscribe("t", 1);
      assertThat(Peer.text(reader.receive())).isEqualTo("kept");

      broker.access().silenced.add("p");
      broker.rightsChanged();

      assertThat(broker.access().told).hasValue(1);
      reader.subscribe("t", 1);
      reader.expectNothing();
    }
  }
}
