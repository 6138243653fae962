package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.TestBroker;

/** Somebody sets the wall clock of the machine while the broker runs. */
@Tag("X05")
class ClockStepTest {

  @ParameterizedTest
  @ValueSource(longs = {3600, -3600})
  void givenOfflineSession_whenTheClockIsSet_thenItAndItsMessagesEndAsTheyWould(long seconds) {
    try (var broker = TestBroker.start();
        var publisher = Peer.connected(broker, "p")) {
      try (var away = Peer.connected(broker, ConnectBytes.v5("s").resume(600))) {
        away.subscribe("t", 1);
        away.disconnect();
      }
      broker.awaitConnections(1);
      publisher.publish(PublishBytes.of("t", "short").expiry(300), 1);
      publisher.publish(PublishBytes.of("r", "kept").retain().expiry(300), 1);

      broker.clock().correct(Duration.ofSeconds(seconds));
      broker.advance(Duration.ofSeconds(200));

      try (var back = Peer.open(broker)) {
        assertThat(back.connect(ConnectBytes.v5("s").resume(600)).sessionPresent()).isTrue();
        // A hundredth of the time that has passed is all that a clock is followed by.
        assertThat(back.receive().properties().messageExpiry().orElseThrow()).isBetween(97L, 103L);
        back.subscribe("r", 1);
        assertThat(back.receive().properties().messageExpiry().orElseThrow()).isBetween(97L, 103L);
        back.disconnect();
      }
      broker.awaitConnections(1);

      broker.advance(Duration.ofSeconds(590));
      assertThat(broker.state().session("s")).isNotNull();
      broker.advance(Duration.ofSeconds(20));
      assertThat(broker.state().session("s")).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3600, -3600})
  void givenDelayedWill_whenTheClockIsSet_thenItComesAfterItsDelay(long seconds) {
    try (var broker = TestBroker.start();
        var subscriber = Peer.connected(broker, "s")) {
      subscriber.subscribe("w", 1);
      Peer.connected(
              broker, ConnectBytes.v5("c").resume(600).will("w", "gone", 1, false).willDelay(100))
          .reset();
      broker.awaitConnections(1);

      broker.clock().correct(Duration.ofSeconds(seconds));
      broker.advance(Duration.ofSeconds(90));
      subscriber.expectNothing();
      broker.advance(Duration.ofSeconds(20));

      assertThat(Peer.text(subscriber.receive())).isEqualTo("gone");
    }
  }
}
