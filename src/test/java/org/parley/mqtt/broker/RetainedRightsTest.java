package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.policy.file.Policies.policyOf;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.log.Store.StoreException;
import org.parley.log.rocksdb.RocksStore;
import org.parley.mqtt.broker.MqttCounters.Drop;
import org.parley.policy.Policy;
import org.parley.policy.file.Policies;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.TestBroker;
import org.parley.testing.mqtt.TestOptions;

/** Retained messages are heard for as long as their publishers may publish them. */
@Tag("CVE-2018-12546")
@Tag("edge-114")
class RetainedRightsTest {
  private static final String CONNECT = Policies.allow("all-connect", "action: connect");
  private static final String SUBSCRIBE = Policies.allow("all-subscribe", "action: subscribe");

  @TempDir Path folder;
  private final ReplacedPolicy policy = new ReplacedPolicy(publishers("ada", "bob"));
  private final Set<String> users = ConcurrentHashMap.newKeySet();

  /** Everybody may connect and hear; these may publish. */
  private static Policy publishers(String... names) {
    return policyOf(
        CONNECT,
        SUBSCRIBE,
        Policies.allow(
            "publishers", "action: publish\nwho: {user_name: [" + String.join(", ", names) + "]}"));
  }

  private Authentication access() {
    users.addAll(List.of("ada", "bob", "reader"));
    return AccessByPolicy.of(policy, (_, _) -> true, users::contains);
  }

  private TestBroker start() {
    return start(_ -> {});
  }

  private TestBroker start(Consumer<TestOptions> change) {
    return TestBroker.start(
        options -> {
          options.authentication = _ -> access();
          change.accept(options);
        });
  }

  private static ConnectBytes connect(String clientId, String userName) {
    return ConnectBytes.v5(clientId).userName(userName).password("any");
  }

  private static Peer peer(TestBroker broker, String userName) {
    return Peer.connected(broker, connect(userName, userName));
  }

  /** Lets these and no others publish from now on. */
  private void allow(TestBroker broker, String... names) {
    policy.replace(publishers(names));
    broker.rightsChanged();
  }

  private static void expectNothing(TestBroker broker, String filter, int qos) {
    try (var reader = peer(broker, "reader")) {
      reader.subscribe(filter, qos);
      reader.expectNothing();
    }
  }

  private static void expect(TestBroker broker, String filter, int qos, String... payloads) {
    try (var reader = peer(broker, "reader")) {
      reader.subscribe(filter, qos);
      for (var payload : payloads) {
        assertThat(Peer.text(reader.receive())).isEqualTo(payload);
      }
      reader.expectNothing();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void givenRetainedMessage_whenItsPublisherLosesTheRight_thenNotHeardUntilItHasItAgain(int qos) {
    try (var broker = start();
        var ada = peer(broker, "ada")) {
      ada.publish(PublishBytes.of("t/1", "kept").retain(), qos);
      expect(broker, "t/#", qos, "kept");

      allow(broker, "bob");

      expectNothing(broker, "t/#", qos);
      assertThat(broker.counters().drops(Drop.NOT_ALLOWED)).isOne();
      assertThat(broker.state().retainedCount()).isOne();
      assertThat(broker.state().queuedCount()).isZero();
      allow(broker, "ada");
      expect(broker, "t/#", qos, "kept");
    }
  }

  @Test
  void givenMessagesOfTwo_whenOneLosesTheRight_thenThoseOfTheOtherAreHeard() {
    try (var broker = start();
        var ada = peer(broker, "ada");
        var bob = peer(broker, "bob")) {
      ada.publish(PublishBytes.of("t/1", "of ada").retain(), 1);
      bob.publish(PublishBytes.of("t/2", "of bob").retain(), 1);
      ada.publish(PublishBytes.of("t/3", "of ada").retain(), 1);

      allow(broker, "bob");

      expect(broker, "t/+", 1, "of bob");
      bob.publish(PublishBytes.of("t/1", "of bob now").retain(), 1);
      expect(broker, "t/1", 1, "of bob now");
    }
  }

  /** What the server says itself is nobody's right. */
  @Test
  void givenMessageOfTheServer_whenNobodyMayPublish_thenHeard() {
    try (var broker = start()) {
      broker.publish("$SYS/broker/version", "1", true);

      allow(broker, "nobody");

      expect(broker, "$SYS/#", 0, "1");
    }
  }

  @Test
  void givenRetainedWill_whenItsClientLosesTheRight_thenNotHeardUntilItHasItAgain() {
    try (var broker = start()) {
      try (var ada = Peer.open(broker)) {
        ada.connect(connect("ada", "ada").will("t/will", "gone", 1, true));
        ada.reset();
      }
      broker.awaitConnections(0);
      expect(broker, "t/#", 1, "gone");

      allow(broker, "bob");

      expectNothing(broker, "t/#", 1);
      allow(broker, "ada");
      expect(broker, "t/#", 1, "gone");
    }
  }

  @Test
  void givenRetainedMessage_whenThereIsNoSuchUserAnyMore_thenNotHeard() {
    try (var broker = start();
        var ada = peer(broker, "ada")) {
      ada.publish(PublishBytes.of("t/1", "kept").retain(), 1);
      expect(broker, "t/#", 1, "kept");

      users.remove("ada");
      broker.rightsChanged();

      expectNothing(broker, "t/#", 1);
    }
  }

  /** One who waits for it since before: the queue of an offline session holds retained ones. */
  @Test
  void givenRetainedMessageInAQueue_whenItsPublisherLosesTheRight_thenItIsNotSent() {
    var reader = connect("reader", "reader").resume(600).receiveMaximum(1);
    try (var broker = start();
        var ada = peer(broker, "ada");
        var bob = peer(broker, "bob")) {
      ada.publish(PublishBytes.of("t/1", "first").retain(), 1);
      ada.publish(PublishBytes.of("t/2", "second").retain(), 1);
      bob.publish(PublishBytes.of("t/3", "third").retain(), 1);
      try (var first = Peer.connected(broker, reader)) {
        first.subscribe("t/#", 1);
        assertThat(Peer.text(first.receive())).isEqualTo("first");
        assertThat(first.nextText()).isEqualTo("second"); // and is not acknowledged
        first.disconnect();
      }

      allow(broker, "bob");

      try (var back = Peer.resumed(broker, reader)) {
        assertThat(Peer.text(back.receive())).isEqualTo("third");
        back.expectNothing();
        assertThat(broker.state().queuedCount()).isZero();
      }
    }
  }

  /** What was heard live is on its way: who hears it needs the right, not who has published it. */
  @Test
  void givenLiveMessageInAQueue_whenItsPublisherLosesTheRight_thenItIsSent() {
    var reader = connect("reader", "reader").resume(600);
    try (var broker = start();
        var ada = peer(broker, "ada")) {
      try (var first = Peer.connected(broker, reader)) {
        first.subscribe("t/#", 1);
        first.disconnect();
      }
      ada.publish(PublishBytes.of("t/1", "live").retain(), 1);

      allow(broker, "bob");

      try (var back = Peer.resumed(broker, reader)) {
        assertThat(Peer.text(back.receive())).isEqualTo("live");
      }
    }
  }

  /** More than one turn leaves out. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void givenManyMessagesThatMayNotBeHeard_whenSubscribed_thenThoseBehindThemAre(int qos) {
    try (var broker = start();
        var ada = peer(broker, "ada");
        var bob = peer(broker, "bob")) {
      for (int i = 0; i < 600; i++) {
        ada.send(PublishBytes.of("t/" + (1000 + i), "x").retain());
      }
      ada.expectNothing();
      bob.publish(PublishBytes.of("t/2000", "last").retain(), 1);

      allow(broker, "bob");

      expect(broker, "t/#", qos, "last");
      assertThat(broker.counters().drops(Drop.NOT_ALLOWED)).isEqualTo(600);
    }
  }

  @Test
  void givenRetainedMessages_whenRestarted_thenTheirPublishersAreKnown() {
    try (var broker = start(this::stored);
        var ada = peer(broker, "ada");
        var bob = peer(broker, "bob")) {
      ada.publish(PublishBytes.of("t/1", "of ada").retain(), 1);
      bob.publish(PublishBytes.of("t/2", "of bob").retain(), 1);
    }

    try (var broker = start(this::stored)) {
      expect(broker, "t/#", 1, "of ada", "of bob");
      allow(broker, "bob");
      expect(broker, "t/#", 1, "of bob");
      allow(broker, "ada");
      expect(broker, "t/#", 1, "of ada");
    }
  }

  private void stored(TestOptions options) {
    try {
      options.store = RocksStore.open(folder.resolve("data"));
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }
}
