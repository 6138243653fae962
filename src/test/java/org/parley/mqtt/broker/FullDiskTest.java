package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.log.CommitLog;
import org.parley.mqtt.broker.MqttCounters.Drop;
import org.parley.mqtt.packet.Acknowledgement;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Command;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.TestBroker;

/** The disk is nearly full: nothing is acknowledged that is not kept. */
class FullDiskTest {
  private final AtomicBoolean full = new AtomicBoolean(true);

  /** A log whose disk is full while the test says so. */
  private record FullLog(CommitLog log, AtomicBoolean disk) implements CommitLog {
    @Override
    public void submit(Command command) {
      log.submit(command);
    }

    @Override
    public boolean full() {
      return disk.get();
    }

    @Override
    public void close() {
      log.close();
    }
  }

  private TestBroker broker() {
    return TestBroker.start(options -> options.log = log -> new FullLog(log, full));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void givenFullDisk_whenPublishedWith5_thenSaidSoAndTheConnectionStays(int qos) {
    try (var broker = broker();
        var publisher = Peer.connected(broker, "p")) {
      var answer =
          publisher.send(PublishBytes.of("t", "x").qos(qos, 1)).next(Acknowledgement.class);

      assertThat(answer.reason()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
      assertThat(broker.counters().drops(Drop.DISK_FULL)).isEqualTo(1);
      publisher.expectNothing();
    }
  }

  /** Before 5.0 an answer is an acknowledgement [MQTT-3.3.5-2]: there is none. */
  @ParameterizedTest
  @EnumSource(
      value = ProtocolVersion.class,
      names = {"V3_1", "V3_1_1"})
  void givenFullDisk_whenPublishedBefore5_thenNoAcknowledgementAndTheEnd(ProtocolVersion version) {
    try (var broker = broker()) {
      for (int qos = 1; qos <= 2; qos++) {
        try (var publisher = Peer.connected(broker, ConnectBytes.of(version, "p"))) {
          publisher.send(PublishBytes.of("t", "x").qos(qos, 1)).expectClosed();
        }
      }
      assertThat(broker.counters().drops(Drop.DISK_FULL)).isEqualTo(2);
    }
  }

  @Test
  void givenPublisherBefore5_whenTheDiskHasRoomAgain_thenWhatItSendsAgainIsDelivered() {
    try (var broker = broker();
        var subscriber = Peer.connected(broker, "s")) {
      subscriber.subscribe("t", 1);
      try (var publisher = Peer.connected(broker, ConnectBytes.v311("p").resume(60))) {
        publisher.send(PublishBytes.of("t", "x").qos(1, 1)).expectClosed();
      }

      full.set(false);

      try (var publisher = Peer.resumed(broker, ConnectBytes.v311("p").resume(60))) {
        publisher.publish(PublishBytes.of("t", "x").dup(), 1);
        assertThat(subscriber.nextText()).isEqualTo("x");
      }
    }
  }

  @Test
  void givenFullDisk_whenPublishedWithQos0_thenDelivered() {
    try (var broker = broker();
        var subscriber = Peer.connected(broker, "s");
        var publisher = Peer.connected(broker, ConnectBytes.v311("p"))) {
      subscriber.subscribe("t", 0);

      publisher.publish("t", "x");

      assertThat(subscriber.nextText()).isEqualTo("x");
    }
  }
}
