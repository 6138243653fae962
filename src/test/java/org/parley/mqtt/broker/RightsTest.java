package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.broker.MqttCounters.Drop;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.TestBroker;

/** Rights that are taken away while something is on its way. */
class RightsTest {
  private static final String LARGE = "x".repeat(64 * 1024);

  private static int subscriptions(TestBroker broker, String clientId) {
    var session = broker.state().session(clientId);
    return session == null ? -1 : session.subscriptions();
  }

  @Test
  void givenSubscribe_whenTheRightGoesAfterItWasJudged_thenTheSubscriptionGoesToo() {
    try (var broker = TestBroker.start();
        var peer = Peer.connected(broker, "c");
        var publisher = Peer.connected(broker, "p")) {
      var first = new AtomicBoolean(true);
      broker.access().whenSubscribing =
          () -> {
            if (first.compareAndSet(true, false)) {
              broker.access().denied.add("secret");
              broker.rightsChanged();
            }
          };

      assertThat(peer.subscribe("secret", 0).reasons()).hasSize(1);
      peer.expectNothing();

      assertThat(subscriptions(broker, "c")).isZero();
      publisher.publish("secret", "x", 1);
      peer.expectNothing();
    }
  }

  /** As a certificate ends. */
  @Test
  void givenProofThatEnds_whenItsTimeHasCome_thenTheConnectionEndsWithIt() {
    try (var broker = TestBroker.start()) {
      var end = broker.clock().instant().plusSeconds(60);
      broker.access().validUntil.put("c", end.toEpochMilli());
      try (var peer = Peer.connected(broker, "c");
          var other = Peer.connected(broker, "other")) {
        broker.access().banned.add("c"); // nobody says so
        broker.advance(Duration.ofSeconds(59));
        peer.expectNothing();

        broker.advance(Duration.ofSeconds(1));

        peer.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
        other.expectNothing();
      }
    }
  }

  @Test
  void givenClient_whenAnOperatorBansIt_thenAdministrativeActionAndNobodyElse() {
    try (var broker = TestBroker.start();
        var peer = Peer.connected(broker, "c");
        var other = Peer.connected(broker, "other")) {
      broker.access().banned.add("c");
      broker.access().bannedByOperator.add("c");

      broker.rightsChanged();

      peer.expectDisconnect(ReasonCode.ADMINISTRATIVE_ACTION);
      other.expectNothing();
    }
  }

  @Test
  void givenMessagesWithQos0ThatWait_whenTheRightIsTakenAway_thenTheyAreDropped() {
    try (var broker = TestBroker.start(options -> options.qos0Bytes = 256 << 10);
        var slow = Peer.connected(broker, "slow");
        var publisher = Peer.connected(broker, "p")) {
      slow.subscribe("flood", 0);
      for (int i = 0; i < 2_000 && broker.counters().drops(Drop.SLOW_PEER) == 0; i++) {
        publisher.publish("flood", LARGE).expectNothing();
      }
      assertThat(broker.counters().drops(Drop.SLOW_PEER)).as("some wait").isPositive();

      broker.access().denied.add("flood");
      broker.rightsChanged();

      while (broker.counters().drops(Drop.NOT_ALLOWED) == 0) {
        assertThat(slow.nextPublish().topic().text()).isEqualTo("flood");
      }
      assertThat(subscriptions(broker, "slow")).isZero();
    }
  }

  @Test
  void givenRetainedMessagesThatWait_whenTheRightToOneIsTakenAway_thenThatOneIsDropped() {
    int count = 200;
    try (var broker = TestBroker.start();
        var slow = Peer.connected(broker, "slow");
        var publisher = Peer.connected(broker, "p")) {
      for (int i = 0; i < count; i++) {
        publisher.send(PublishBytes.of("r/" + (1000 + i), LARGE).retain()).expectNothing();
      }
      slow.subscribe("r/+", 0);

      broker.access().denied.add("r/" + (1000 + count - 1));
      broker.rightsChanged();

      for (int i = 0; i < count - 1; i++) {
        assertThat(slow.nextPublish().topic().text()).isEqualTo("r/" + (1000 + i));
      }
      slow.expectNothing();
      assertThat(broker.counters().drops(Drop.NOT_ALLOWED)).isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  @Tag("CVE-2021-34434")
  void givenSubscriber_whenTheRightIsTakenAway_thenItHearsNothingMore(int qos) {
    try (var broker = TestBroker.start();
        var peer = Peer.connected(broker, "c");
        var publisher = Peer.connected(broker, "p")) {
      peer.subscribe("secret", qos);
      publisher.publish("secret", "before", qos);
      assertThat(Peer.text(peer.receive())).isEqualTo("before");

      broker.access().denied.add("secret");
      broker.rightsChanged();
      peer.expectNothing();
      broker.access().denied.clear(); // who publishes has the right
      publisher.publish("secret", "after", qos);

      peer.expectNothing();
      assertThat(subscriptions(broker, "c")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "#"})
  @Tag("CVE-2021-34434")
  void givenSessionOffline_whenTheRightIsTakenAway_thenItsQueuedMessagesAreNotSent(String filter) {
    var connect = ConnectBytes.v5("c").resume(600);
    try (var broker = TestBroker.start();
        var publisher = Peer.connected(broker, "p")) {
      try (var peer = Peer.connected(broker, connect)) {
        peer.subscribe(filter, 1);
        peer.disconnect();
      }
      publisher.publish("secret", "queued", 1);
      assertThat(broker.state().queuedCount()).isOne();
      broker.access().denied.addAll(List.of("secret", "#"));
      broker.rightsChanged();

      try (var back = Peer.resumed(broker, connect)) {
        back.expectNothing();
        assertThat(subscriptions(broker, "c")).isZero();
        assertThat(broker.state().queuedCount()).isZero();
        assertThat(broker.counters().drops(Drop.NOT_ALLOWED)).isOne();
      }
    }
  }

  /** It needs two rights: of who has published it, and of who reads it. See RetainedRightsTest. */
  @Test
  @Tag("CVE-2018-12546")
  void givenRetainedMessage_whenItsPublisherLosesTheRight_thenItWaitsUntilWhoMayRemovesIt() {
    try (var broker = TestBroker.start();
        var publisher = Peer.connected(broker, "p");
        var other = Peer.connected(broker, "other");
        var reader = Peer.connected(broker, "r")) {
      publisher.publish(PublishBytes.of("t", "kept").retain(), 1);
      broker.access().silenced.add("p");
      broker.rightsChanged();
      assertThat(broker.access().told).hasValue(1);

      var refused = PublishBytes.of("t", "").retain().qos(1, 9);
      assertThat(publisher.send(refused).next(Puback.class).reason())
          .isEqualTo(ReasonCode.NOT_AUTHORIZED);
      reader.subscribe("t", 1);
      reader.expectNothing();
      broker.access().silenced.clear();
      broker.access().denied.add("t");
      broker.rightsChanged();
      assertThat(reader.subscribe("t", 1).reasons()).containsExactly(ReasonCode.NOT_AUTHORIZED);
      assertThat(broker.state().retainedCount()).isOne();

      broker.access().denied.clear();
      broker.rightsChanged();
      other.publish(PublishBytes.of("t", "").retain(), 1);
      assertThat(broker.state().retainedCount()).isZero();
    }
  }

  @Test
  void givenPublisherThatCannotBeJudged_whenSubscribed_thenItsMessageAloneIsLeftOut() {
    try (var broker = TestBroker.start();
        var publisher = Peer.connected(broker, "p");
        var reader = Peer.connected(broker, "r")) {
      publisher.publish(PublishBytes.of("r/1", "one").retain(), 1);
      publisher.publish(PublishBytes.of("r/2", "two").retain(), 1);
      broker.access().failing.add("r/1");

      reader.subscribe("r/+", 1);

      assertThat(Peer.text(reader.receive())).isEqualTo("two");
      reader.expectNothing();
      assertThat(broker.counters().of(Count.INTERNAL_ERRORS)).isOne();
    }
  }

  @Test
  void givenWrongPassword_whenConnecting_thenCountedAsThatAndAServerThatIsBusyIsNot() {
    try (var broker = TestBroker.start()) {
      for (var reason : List.of(ReasonCode.SERVER_BUSY, ReasonCode.BAD_USER_NAME_OR_PASSWORD)) {
        broker.access().refusals.put("c", reason);
        try (var peer = Peer.open(broker)) {
          peer.send(ConnectBytes.v5("c")).expectRefusal(reason);
        }
      }

      assertThat(broker.counters().of(Count.AUTHENTICATION_FAILURES)).isOne();
      assertThat(broker.counters().refusals(ReasonCode.SERVER_BUSY)).isOne();
    }
  }
}
