package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.session.LiveSession;
import org.parley.session.Protocol;
import org.parley.session.SessionDirectory;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.TestBroker;

class MqttSessionsTest {

  private static MqttSessions sessions(TestBroker broker) {
    return new MqttSessions(broker.broker(), broker.clock());
  }

  @Test
  void givenPeersOfThreeVersions_whenListed_thenEachWithWhatIsKnownOfIt() {
    try (var broker = TestBroker.start();
        var old = Peer.connected(broker, ConnectBytes.of(ProtocolVersion.V3_1, "old"));
        var usual = Peer.connected(broker, ConnectBytes.of(ProtocolVersion.V3_1_1, "usual"))) {
      broker.advance(Duration.ofSeconds(5));
      try (var _ = Peer.connected(broker, "new");
          var _ = Peer.open(broker)) {
        old.expectNothing();
        broker.clock().advance(Duration.ofSeconds(3));

        var live = new SessionDirectory(List.of(sessions(broker))).live().toList();

        assertThat(live)
            .extracting(LiveSession::name)
            .containsExactlyInAnyOrder("old", "usual", "new");
        assertThat(live)
            .filteredOn(session -> session.name().equals("usual"))
            .singleElement()
            .satisfies(
                session -> {
                  assertThat(session.protocol()).isEqualTo(Protocol.MQTT_V3_1_1);
                  assertThat(session.transport()).isEqualTo("tcp");
                  assertThat(session.remoteAddress()).isEqualTo("127.0.0.1");
                  assertThat(session.identity()).isEmpty();
                  assertThat(session.silence()).isEqualTo(Duration.ofSeconds(8));
                  assertThat(session.connectedSince())
                      .isEqualTo(broker.clock().instant().minusSeconds(8));
                });
        assertThat(sessions(broker).summary().connections())
            .isEqualTo(
                Map.of(
                    ProtocolVersion.V3_1, Map.of("tcp", 1),
                    ProtocolVersion.V3_1_1, Map.of("tcp", 1),
                    ProtocolVersion.V5, Map.of("tcp", 1)));
      }
      usual.expectNothing();
    }
  }

  @Test
  void givenMessagesWithoutAnswer_whenSummedUp_thenQueuedAndInFlight() {
    try (var broker = TestBroker.start();
        var slow = Peer.connected(broker, ConnectBytes.v5("slow").receiveMaximum(2));
        var publisher = Peer.connected(broker, "p")) {
      slow.subscribe("t", 1);
      for (int i = 0; i < 5; i++) {
        publisher.publish("t", "x", 1);
      }
      int first = slow.nextPublish().packetId();
      slow.nextPublish();
      slow.expectNothing();

      var summary = sessions(broker).summary();
      assertThat(summary.inFlight()).isEqualTo(2);
      assertThat(summary.largestQueue()).isEqualTo(5);
      assertThat(summary.largestQueueBytes()).isPositive();
      assertThat(broker.state().queuedCount()).isEqualTo(5);

      slow.puback(first).nextPublish();
      slow.expectNothing();
      assertThat(sessions(broker).live().filter(one -> one.name().equals("slow")))
          .singleElement()
          .satisfies(
              session -> {
                assertThat(session.queueDepth()).isEqualTo(4);
                assertThat(session.inFlight()).isEqualTo(2);
              });
    }
  }

  @Test
  void givenSummary_whenAskedAgainAtOnce_thenTheSameUntilASecondHasPassed() {
    try (var broker = TestBroker.start();
        var _ = Peer.connected(broker, "a")) {
      var sessions = sessions(broker);
      assertThat(sessions.summary().connections(ProtocolVersion.V5)).isOne();

      try (var _ = Peer.connected(broker, "b")) {
        assertThat(sessions.summary().connections(ProtocolVersion.V5)).isOne();
        broker.advance(Duration.ofMillis(1001));
        assertThat(sessions.summary().connections(ProtocolVersion.V5)).isEqualTo(2);
      }
    }
  }
}
