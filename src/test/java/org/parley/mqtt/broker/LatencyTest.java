package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.state.Message;
import org.parley.testing.mqtt.MovedClock;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.TestBroker;

class LatencyTest {
  private final MovedClock clock = new MovedClock();
  private final Latency latency = new Latency(clock);

  private static Message message() {
    return Message.received(
        "p",
        TopicName.of("t"),
        QoS.AT_MOST_ONCE,
        false,
        MessageProperties.NONE,
        BinaryData.EMPTY,
        0);
  }

  private static long samples(Latency latency) {
    return IntStream.rangeClosed(0, Latency.bounds()).mapToLong(latency::count).sum();
  }

  private Message arrived() {
    var message = message();
    latency.arrived(message, clock.nanos());
    return message;
  }

  @Test
  void givenTwoSubscribers_whenWritten_thenTheTimeUntilTheLast() {
    var message = arrived();
    latency.onItsWay(message);
    latency.onItsWay(message);
    latency.published(message);
    latency.done(message);
    assertThat(samples(latency)).isZero();

    clock.advance(Duration.ofMillis(2));
    latency.done(message);

    assertThat(samples(latency)).isOne();
    assertThat(latency.sumNanos()).isEqualTo(2_000_000);
    int bucket =
        IntStream.range(0, Latency.bounds())
            .filter(i -> latency.count(i) == 1)
            .findFirst()
            .orElseThrow();
    assertThat(Latency.boundNanos(bucket)).isEqualTo(2_500_000);
  }

  @Test
  void givenWriteBeforeAllAreKnown_whenMoreFollow_thenOneSample() {
    var message = arrived();
    latency.onItsWay(message);
    latency.done(message);
    latency.onItsWay(message);
    latency.published(message);
    latency.done(message);

    assertThat(samples(latency)).isOne();
  }

  @Test
  void givenNobodyWhoHears_whenPublished_thenNoSample() {
    latency.published(arrived());

    assertThat(samples(latency)).isZero();
  }

  @Test
  void givenEqualMessage_whenItIsWritten_thenItIsNotTheSample() {
    var sample = arrived();
    latency.onItsWay(sample);
    latency.published(sample);

    latency.done(message());

    assertThat(samples(latency)).isZero();
  }

  @Test
  void givenManyMessages_whenTheyArriveAtOnce_thenOneInTenMilliseconds() {
    for (int i = 0; i < 1_000; i++) {
      var message = arrived();
      latency.onItsWay(message);
      latency.published(message);
      latency.done(message);
      clock.advance(Duration.ofMillis(1));
    }

    assertThat(samples(latency)).isEqualTo(100);
  }

  @Test
  void
      givenPeersThatNeverTakeIt_whenTenSecondsHavePassed_thenItCountsAsLongerAndOthersHaveTheirTurn() {
    for (int i = 0; i < 10; i++) {
      clock.advance(Duration.ofMillis(10));
      var message = arrived();
      latency.onItsWay(message);
      latency.published(message);
    }
    clock.advance(Duration.ofMillis(10_001));
    latency.tick();

    assertThat(latency.count(Latency.bounds())).isEqualTo(4);
    var next = arrived();
    latency.onItsWay(next);
    latency.published(next);
    latency.done(next);
    assertThat(samples(latency)).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void givenBroker_whenAMessageIsDelivered_thenOneSample(int qos) {
    try (var broker = TestBroker.start();
        var publisher = Peer.connected(broker, "p");
        var subscriber = Peer.connected(broker, "s")) {
      subscriber.subscribe("t", 2);
      broker.advance(Duration.ofSeconds(1));

      publisher.publish("t", "x", qos);
      subscriber.nextPublish();
      publisher.expectNothing();

      assertThat(samples(broker.broker().latency())).isOne();
    }
  }
}
