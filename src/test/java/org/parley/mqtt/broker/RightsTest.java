package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.broker.MqttCounters.Drop;
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
