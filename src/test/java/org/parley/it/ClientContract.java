package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every client that people use gets from the broker: each QoS, retained messages, wills, and
 * its session when it comes back. A class for each client says how that one is driven, and in a
 * static method {@code ways()} which versions and transports it speaks.
 */
abstract class ClientContract extends ServerUnderTest {
  private final String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  private final String topic = "clients/" + id;

  /** Connects and subscribes with QoS 2; returns when SUBACK is there. */
  abstract Subscriber subscribe(Way way, Subscription subscription) throws Exception;

  /** Connects, publishes one message, waits until it is acknowledged, and says DISCONNECT. */
  abstract void publish(Way way, ClientMessage message) throws Exception;

  /** Whether this client's DISCONNECT has reason 0x04, by which its will is published anyway. */
  boolean disconnectsWithWill(Way way) {
    return false;
  }

  private Subscription subscription() {
    return Subscription.of("s" + id, topic);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void givenSubscription_whenPublishedWithEachQos_thenArrivesWithIt(Way way) throws Exception {
    try (var subscriber = subscribe(way, subscription())) {
      for (int qos = 0; qos <= 2; qos++) {
        var message = ClientMessage.of(topic, "with-" + qos, qos);
        publish(way, message);
        assertThat(subscriber.next()).isEqualTo(message);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void givenRetainedMessage_whenSubscribedLater_thenArrivesUntilItIsCleared(Way way)
      throws Exception {
    var message = ClientMessage.of(topic, "retained", 1).retained();
    publish(way, message);
    try (var subscriber = subscribe(way, subscription())) {
      assertThat(subscriber.next()).isEqualTo(message);
    }
    publish(way, ClientMessage.of(topic, "", 1).retained());
    try (var subscriber = subscribe(way, subscription())) {
      var live = ClientMessage.of(topic, "live", 1);
      publish(way, live);
      assertThat(subscriber.next()).isEqualTo(live);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void givenWill_whenConnectionIsCut_thenPublished(Way way) throws Exception {
    var will = ClientMessage.of(topic, "gone", 1);
    try (var subscriber = subscribe(way, subscription());
        var mortal = subscribe(way, Subscription.of("w" + id, topic).withWill(will))) {
      mortal.cut();
      assertThat(subscriber.next()).isEqualTo(will);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void givenWill_whenDisconnected_thenPublishedOnlyIfItsReasonSaysSo(Way way) throws Exception {
    var will = ClientMessage.of(topic, "gone", 1);
    try (var subscriber = subscribe(way, subscription());
        var mortal = subscribe(way, Subscription.of("w" + id, topic).withWill(will))) {
      mortal.disconnect();
      var after = ClientMessage.of(topic, "after", 1);
      publish(way, after);
      assertThat(subscriber.next()).isEqualTo(disconnectsWithWill(way) ? will : after);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void givenKeptSession_whenBack_thenGetsWhatWasPublishedMeanwhile(Way way) throws Exception {
    try (var subscriber = subscribe(way, subscription().keep())) {
      subscriber.disconnect();
    }
    var first = ClientMessage.of(topic, "first", 1);
    var second = ClientMessage.of(topic, "second", 2);
    publish(way, first);
    publish(way, second);
    try (var subscriber = subscribe(way, subscription().keep())) {
      assertThat(subscriber.next()).isEqualTo(first);
      assertThat(subscriber.next()).isEqualTo(second);
    }
    subscribe(way, subscription()).close(); // begins anew: the broker keeps nothing of it
  }
}
