package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.TestBroker;

/** The broker as a whole, in the way it is meant to be used. */
class MqttBrokerTest {

  @ParameterizedTest
  @CsvSource({"V5,0", "V5,1", "V5,2", "V3_1_1,0", "V3_1_1,1", "V3_1_1,2", "V3_1,1"})
  void givenSubscriber_whenAnotherPublishes_thenTheMessageArrives(
      ProtocolVersion version, int qos) {
    try (var broker = TestBroker.start();
        var subscriber = Peer.connected(broker, ConnectBytes.of(version, "s"));
        var publisher = Peer.connected(broker, ConnectBytes.of(version, "p"))) {
      subscriber.subscribe("a/#", 2);

      publisher.publish("a/b", "hello", qos);

      var publish = subscriber.nextPublish();
      assertThat(publish.topic().text()).isEqualTo("a/b");
      assertThat(publish.qos().value()).isEqualTo(qos);
      assertThat(publish.dup()).isFalse();
      assertThat(new String(publish.payload().toByteArray(), StandardCharsets.UTF_8))
          .isEqualTo("hello");
    }
  }

  @Test
  void givenSessionThatIsKept_whenItsClientIsAway_thenMessagesWait() {
    try (var broker = TestBroker.start();
        var publisher = Peer.connected(broker, "p")) {
      try (var subscriber = Peer.connected(broker, ConnectBytes.v5("s").resume(60))) {
        subscriber.subscribe("t", 2);
        subscriber.disconnect();
      }
      publisher.publish("t", "1", 1).publish("t", "2", 2).publish("t", "gone", 0);

      try (var back = Peer.open(broker)) {
        assertThat(back.connect(ConnectBytes.v5("s").resume(60)).sessionPresent()).isTrue();
        assertThat(back.nextPublish().payload().length()).isEqualTo(1);
        assertThat(back.nextPublish().packetId()).isEqualTo(2);
        back.expectNothing();
      }
    }
  }
}
