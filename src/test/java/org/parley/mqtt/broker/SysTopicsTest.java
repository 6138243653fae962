package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.TestBroker;

class SysTopicsTest {
  private final AtomicLong heap = new AtomicLong(1000);

  private SysTopics topics(TestBroker broker) {
    return new SysTopics(
        broker.broker(),
        broker.counters(),
        new MqttSessions(broker.broker(), broker.clock()),
        "parley version 1",
        heap::get,
        broker.clock());
  }

  private static String text(Publish publish) {
    return new String(publish.payload().toByteArray(), StandardCharsets.UTF_8);
  }

  /** Returns all retained values, as a new subscriber sees them. */
  private static Map<String, String> values(TestBroker broker) {
    try (var reader = Peer.connected(broker, "reader")) {
      reader.send(reader.subscription(1, "$SYS/#", 0));
      reader.next();
      var values = new TreeMap<String, String>();
      for (int i = broker.state().retainedCount(); i > 0; i--) {
        var publish = reader.nextPublish();
        assertThat(publish.retain()).isTrue();
        assertThat(publish.qos()).isEqualTo(QoS.AT_MOST_ONCE);
        values.put(publish.topic().text(), text(publish));
      }
      reader.expectNothing();
      return values;
    }
  }

  @Test
  void givenBroker_whenItTellsOfItself_thenTheNamesAndValuesOfMosquitto() {
    try (var broker = TestBroker.start();
        var peer = Peer.connected(broker, ConnectBytes.v5("peer").resume(600))) {
      var topics = topics(broker);
      peer.subscribe("a", 1);
      try (var away = Peer.connected(broker, ConnectBytes.v5("away").resume(600))) {
        away.subscribe("t", 1);
        away.disconnect();
      }
      peer.publish("t", "four", 1);
      broker.advance(Duration.ofSeconds(10));
      topics.publish();

      var values = values(broker);
      assertThat(values)
          .containsEntry("$SYS/broker/version", "parley version 1")
          .containsEntry("$SYS/broker/uptime", "10 seconds")
          .containsEntry("$SYS/broker/clients/total", "2")
          .containsEntry("$SYS/broker/clients/connected", "1")
          .containsEntry("$SYS/broker/clients/active", "1")
          .containsEntry("$SYS/broker/clients/disconnected", "1")
          .containsEntry("$SYS/broker/clients/inactive", "1")
          .containsEntry("$SYS/broker/clients/maximum", "1")
          .containsEntry("$SYS/broker/subscriptions/count", "2")
          .containsEntry("$SYS/broker/publish/messages/received", "1")
          .containsEntry("$SYS/broker/publish/messages/sent", "0")
          .containsEntry("$SYS/broker/publish/messages/dropped", "0")
          .containsEntry("$SYS/broker/publish/bytes/received", "12")
          .containsEntry("$SYS/broker/messages/received", "6")
          .containsEntry("$SYS/broker/messages/sent", "5")
          .containsEntry("$SYS/broker/heap/current", "1000");
      assertThat(values)
          .containsKeys(
              "$SYS/broker/bytes/received",
              "$SYS/broker/bytes/sent",
              "$SYS/broker/messages/stored",
              "$SYS/broker/messages/inflight",
              "$SYS/broker/store/messages/count",
              "$SYS/broker/store/messages/bytes",
              "$SYS/broker/retained messages/count",
              "$SYS/broker/heap/maximum",
              "$SYS/broker/load/messages/received/1min",
              "$SYS/broker/load/messages/sent/5min",
              "$SYS/broker/load/publish/received/15min",
              "$SYS/broker/load/publish/sent/1min",
              "$SYS/broker/load/publish/dropped/1min",
              "$SYS/broker/load/bytes/received/1min",
              "$SYS/broker/load/bytes/sent/1min",
              "$SYS/broker/load/sockets/1min",
              "$SYS/broker/load/connections/1min");
    }
  }

  @Test
  void givenSteadyLoad_whenMinutesPass_thenTheAveragesApproachTheRateOfAMinute() {
    try (var broker = TestBroker.start();
        var peer = Peer.connected(broker, "peer")) {
      var topics = topics(broker);
      for (int i = 0; i < 60; i++) {
        peer.publish("t", "x", 1);
        broker.advance(Duration.ofSeconds(10));
        topics.publish();
      }

      var values = values(broker);
      assertThat(Double.parseDouble(values.get("$SYS/broker/load/publish/received/1min")))
          .isBetween(5.99, 6.0);
      assertThat(Double.parseDouble(values.get("$SYS/broker/load/publish/received/15min")))
          .isBetween(2.5, 3.5);
    }
  }

  @Test
  void givenSubscriber_whenNothingHasChanged_thenOnlyWhatHasIsPublishedAgain() {
    try (var broker = TestBroker.start();
        var subscriber = Peer.connected(broker, "s")) {
      var topics = topics(broker);
      topics.publish();
      subscriber.subscribe("$SYS/broker/clients/+", 0);
      for (int i = 0; i < 6; i++) {
        assertThat(subscriber.nextPublish().retain()).isTrue();
      }

      topics.publish();
      subscriber.expectNothing();

      try (var _ = Peer.connected(broker, "another")) {
        topics.publish();
        for (int i = 0; i < 4; i++) {
          var publish = subscriber.nextPublish();
          assertThat(publish.retain()).isFalse();
          assertThat(text(publish)).isEqualTo("2");
        }
        subscriber.expectNothing();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"#", "+/broker/uptime", "+/#"})
  void givenFilterThatBeginsWithAWildcard_whenTheBrokerTellsOfItself_thenNotHeard(String filter) {
    try (var broker = TestBroker.start();
        var subscriber = Peer.connected(broker, "s")) {
      subscriber.subscribe(filter, 0);

      topics(broker).publish();

      subscriber.expectNothing();
    }
  }
}
