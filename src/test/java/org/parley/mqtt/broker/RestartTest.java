package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.log.Store.StoreException;
import org.parley.log.rocksdb.RocksStore;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.MovedClock;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.TestBroker;
import org.parley.testing.mqtt.TestOptions;

/** What outlives a restart of the broker, on a real disk. */
class RestartTest {
  @TempDir Path folder;
  private final MovedClock clock = new MovedClock();

  private TestBroker start() {
    return TestBroker.start(stored(options -> {}));
  }

  private Consumer<TestOptions> stored(Consumer<TestOptions> change) {
    return options -> {
      try {
        options.store = RocksStore.open(folder.resolve("data"));
      } catch (StoreException e) {
        throw new IllegalStateException(e);
      }
      options.clock = clock;
      change.accept(options);
    };
  }

  private static ConnectBytes durable(String clientId) {
    return ConnectBytes.v5(clientId).resume(600);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Tag("edge-92")
  void givenMessagesSentAndWaiting_whenRestarted_thenAllInOrderAndTheFirstAgain(int qos) {
    try (var broker = start();
        var subscriber = Peer.connected(broker, durable("s").receiveMaximum(3));
        var publisher = Peer.connected(broker, "p")) {
      subscriber.subscribe("t", 2);
      for (int i = 0; i < 10; i++) {
        publisher.publish("t", "m" + i, qos);
      }
      for (int i = 0; i < 3; i++) {
        assertThat(subscriber.nextText()).isEqualTo("m" + i); // and answers nothing
      }
    }

    try (var broker = start();
        var publisher = Peer.connected(broker, "p");
        var back = Peer.resumed(broker, durable("s").receiveMaximum(3))) {
      publisher.publish("t", "m10", qos);
      for (int i = 0; i < 11; i++) {
        var publish = back.receive();
        assertThat(Peer.text(publish)).isEqualTo("m" + i);
        assertThat(publish.packetId()).isEqualTo(i + 1);
        assertThat(publish.qos().value()).isEqualTo(qos);
        assertThat(publish.dup()).as("m%d was sent", i).isEqualTo(i < 3);
      }
      back.expectNothing();
    }
  }

  @Test
  void givenSessionThatWasOffline_whenRestarted_thenDupOnWhatWasSentAlone() {
    try (var broker = start();
        var publisher = Peer.connected(broker, "p")) {
      try (var subscriber = Peer.connected(broker, durable("s").receiveMaximum(2))) {
        subscriber.subscribe("t", 1);
        for (int i = 0; i < 4; i++) {
          publisher.publish("t", "m" + i, 1);
        }
        subscriber.nextText();
        subscriber.nextText();
        subscriber.disconnect();
      }
    }

    try (var broker = start();
        var back = Peer.resumed(broker, durable("s"))) {
      for (int i = 0; i < 4; i++) {
        assertThat(back.receive().dup()).isEqualTo(i < 2);
      }
    }
  }

  @Test
  @Tag("edge-33")
  void givenOfflineSession_whenRestarted_thenItEndsAtItsTimeAllTheSame() {
    try (var broker = start()) {
      try (var early = Peer.connected(broker, ConnectBytes.v5("early").resume(100));
          var late = Peer.connected(broker, ConnectBytes.v5("late").resume(200))) {
        early.subscribe("t", 1);
        early.disconnect();
        late.subscribe("t", 1);
        late.disconnect();
      }
      broker.awaitConnections(0);
    }
    clock.advance(Duration.ofSeconds(60));

    try (var broker = start()) {
      assertThat(broker.state().sessionCount()).isEqualTo(2);
      broker.advance(Duration.ofSeconds(39));
      assertThat(broker.state().sessionCount()).isEqualTo(2);
      broker.advance(Duration.ofSeconds(1));
      assertThat(broker.state().session("early")).isNull();
      assertThat(broker.state().session("late")).isNotNull();
    }
    clock.advance(Duration.ofSeconds(100));

    try (var broker = start();
        var back = Peer.open(broker)) {
      assertThat(back.connect(ConnectBytes.v5("late").resume(200)).sessionPresent()).isFalse();
    }
  }

  @Test
  @Tag("X05")
  void givenClockSetBackMeanwhile_whenRestarted_thenMessagesLastAsLongAsTheyShould() {
    try (var broker = start()) {
      try (var subscriber = Peer.connected(broker, ConnectBytes.v5("s").resume(7200))) {
        subscriber.subscribe("t", 1);
        subscriber.disconnect();
      }
      broker.awaitConnections(0);
    }
    clock.correct(Duration.ofHours(-1));

    try (var broker = start()) {
      try (var publisher = Peer.connected(broker, "p")) {
        publisher.publish(PublishBytes.of("t", "short").expiry(300), 1);
        publisher.disconnect();
      }
      broker.advance(Duration.ofSeconds(100));
      try (var back = Peer.resumed(broker, ConnectBytes.v5("s").resume(7200))) {
        assertThat(back.receive().properties().messageExpiry().orElseThrow()).isBetween(199L, 201L);
      }
    }
  }

  @Test
  @Tag("edge-101")
  void givenRetainedMessages_whenRestarted_thenThereUntilTheyExpire() {
    try (var broker = start();
        var publisher = Peer.connected(broker, "p")) {
      publisher.publish(PublishBytes.of("r/kept", "kept").retain(), 1);
      publisher.publish(PublishBytes.of("r/short", "short").retain().expiry(100), 1);
      publisher.publish(PublishBytes.of("r/gone", "gone").retain(), 1);
      publisher.publish(PublishBytes.of("r/gone", "").retain(), 1);
    }
    clock.advance(Duration.ofSeconds(40));

    try (var broker = start();
        var subscriber = Peer.connected(broker, "s")) {
      subscriber.subscribe("r/short", 1);
      var publish = subscriber.receive();
      assertThat(Peer.text(publish)).isEqualTo("short");
      assertThat(publish.retain()).isTrue();
      assertThat(publish.properties().messageExpiry()).hasValue(60);
      broker.advance(Duration.ofSeconds(60));
      subscriber.subscribe("r/#", 1);
      assertThat(Peer.text(subscriber.receive())).isEqualTo("kept");
      subscriber.expectNothing();
    }
  }

  @Test
  @Tag("edge-185")
  @Tag("mosquitto-3702")
  void givenMessageOfSeveralSessions_whenOneAfterTheOtherHasIt_thenTheLastHasItStill() {
    var large = "x".repeat(4_000);
    try (var broker = start();
        var publisher = Peer.connected(broker, "p")) {
      for (var name : new String[] {"a", "b", "c"}) {
        try (var subscriber = Peer.connected(broker, durable(name))) {
          subscriber.subscribe("t", 1);
          subscriber.disconnect();
        }
      }
      publisher.publish("t", large, 1);
    }

    for (var name : new String[] {"a", "b", "c"}) {
      try (var broker = start();
          var back = Peer.resumed(broker, durable(name))) {
        assertThat(Peer.text(back.receive())).isEqualTo(large);
        back.expectNothing();
      }
    }
  }

  @Test
  @Tag("mosquitto-3702")
  void givenOpenExchangeOfAPublisher_whenRestarted_thenTheMessageIsDeliveredOnce() {
    try (var broker = start();
        var publisher = Peer.connected(broker, durable("p"))) {
      try (var subscriber = Peer.connected(broker, durable("s"))) {
        subscriber.subscribe("t", 2);
        subscriber.disconnect();
      }
      publisher.send(PublishBytes.of("t", "once").qos(2, 7));
      assertThat(publisher.next(Pubrec.class).reason()).isEqualTo(ReasonCode.SUCCESS);
    }

    try (var broker = start();
        var publisher = Peer.resumed(broker, durable("p"));
        var subscriber = Peer.resumed(broker, durable("s"))) {
      assertThat(Peer.text(subscriber.receive())).isEqualTo("once");
      publisher.send(PublishBytes.of("t", "once").qos(2, 7).dup());
      assertThat(publisher.next(Pubrec.class).packetId()).isEqualTo(7);
      publisher.pubrel(7);
      assertThat(publisher.next(Pubcomp.class).reason()).isEqualTo(ReasonCode.SUCCESS);
      subscriber.expectNothing();
    }
  }

  @Test
  void givenWill_whenTheBrokerHasStopped_thenPublishedAfterItsDelay() {
    try (var broker = start();
        var watcher = Peer.connected(broker, durable("watcher"));
        var client = Peer.open(broker)) {
      watcher.subscribe("w", 1);
      client.connect(durable("c").will("w", "gone", 1, false).willDelay(30));
    }

    try (var broker = start();
        var watcher = Peer.resumed(broker, durable("watcher"))) {
      watcher.expectNothing();
      broker.advance(Duration.ofSeconds(30));
      assertThat(Peer.text(watcher.receive())).isEqualTo("gone");
    }
  }

  @Test
  void givenSessionThatEndsWithItsConnection_whenRestarted_thenNothingIsLeft() {
    try (var broker = start();
        var subscriber = Peer.connected(broker, ConnectBytes.v5("s").resume(600))) {
      subscriber.subscribe("t", 1);
      subscriber.disconnect();
      try (var again = Peer.open(broker)) {
        assertThat(again.connect(ConnectBytes.v5("s").resume(0)).sessionPresent()).isTrue();
      }
      broker.awaitConnections(0);
    }

    try (var broker = start()) {
      assertThat(broker.state().sessionCount()).isZero();
      assertThat(broker.state().subscriptionCount()).isZero();
    }
  }
}
