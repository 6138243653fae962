package org.parley.mqtt.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.broker.MqttCounters.Drop;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.TestBroker;

/** Peers that do not read, all together: they cannot fill the heap, and others do not notice. */
class OverloadTest {
  private static final String LARGE = "x".repeat(64 * 1024);
  private static final String KIBIBYTE = "x".repeat(1024);

  private static void fillUp(TestBroker broker, Peer publisher, String topic, Drop reason) {
    for (int i = 0; i < 2_000 && broker.counters().drops(reason) == 0; i++) {
      publisher.publish(topic, LARGE);
      publisher.expectNothing();
    }
    assertThat(broker.counters().drops(reason)).isPositive();
  }

  @Test
  void givenSlowPeers_whenTheBudgetOfAllIsUsedUp_thenOnlyTheyLoseMessages() {
    try (var broker = TestBroker.start(options -> options.waitingBytes = 1 << 20);
        var slow = Peer.connected(broker, "slow");
        var fast = Peer.connected(broker, "fast");
        var publisher = Peer.connected(broker, "p")) {
      slow.subscribe("flood", 0);
      fast.subscribe("calm", 0);

      fillUp(broker, publisher, "flood", Drop.OVERLOADED);

      assertThat(broker.broker().waiting().usedBytes()).isLessThanOrEqualTo(1 << 20);
      assertThat(broker.counters().drops(Drop.SLOW_PEER)).isZero();
      for (int i = 0; i < 100; i++) {
        publisher.publish("calm", Integer.toString(i));
        assertThat(fast.nextPublish().topic().text()).isEqualTo("calm");
      }
    }
  }

  @Test
  void givenSlowPeerThatIsGone_whenItsConnectionHasEnded_thenTheBudgetIsFree() {
    try (var broker = TestBroker.start(options -> options.waitingBytes = 1 << 20);
        var publisher = Peer.connected(broker, "p")) {
      try (var slow = Peer.connected(broker, "slow")) {
        slow.subscribe("flood", 0);
        fillUp(broker, publisher, "flood", Drop.OVERLOADED);
        slow.reset();
      }

      long end = System.nanoTime() + 10_000_000_000L;
      while (broker.broker().connections() > 1 && System.nanoTime() < end) {
        publisher.expectNothing();
      }
      assertThat(broker.broker().waiting().usedBytes()).isZero();
    }
  }

  @Test
  void givenSlowPeer_whenItsOwnLimitIsReached_thenItAloneLosesMessages() {
    try (var broker = TestBroker.start(options -> options.qos0Bytes = 256 << 10);
        var slow = Peer.connected(broker, "slow");
        var publisher = Peer.connected(broker, "p")) {
      slow.subscribe("flood", 0);

      fillUp(broker, publisher, "flood", Drop.SLOW_PEER);

      assertThat(broker.counters().drops(Drop.OVERLOADED)).isZero();
    }
  }

  @Test
  void givenBudgetUsedUp_whenAPeerSubscribes_thenQuotaExceeded() {
    try (var broker = TestBroker.start(options -> options.waitingBytes = 256 << 10);
        var slow = Peer.connected(broker, "slow");
        var other = Peer.connected(broker, "other");
        var publisher = Peer.connected(broker, "p")) {
      slow.subscribe("flood", 0);
      fillUp(broker, publisher, "flood", Drop.OVERLOADED);
      if (broker.broker().waiting().usedBytes() < 256 << 10) {
        broker.broker().waiting().acquire(256 << 10);
      }

      assertThat(other.subscribe("a", 0).reasons()).containsExactly(ReasonCode.QUOTA_EXCEEDED);
    }
  }

  @Test
  void
      givenManyPeersThatDoNotRead_whenMessagesComeForThem_thenTheirWiresHoldLittleAndNothingIsLost() {
    try (var broker =
            TestBroker.start(
                options -> {
                  options.waitingBytes = 1 << 20;
                  options.receiveMaximum = 65_535;
                });
        var publisher = Peer.connected(broker, "p")) {
      var peers = IntStream.range(0, 8).mapToObj(i -> Peer.connected(broker, "s" + i)).toList();
      peers.forEach(peer -> peer.subscribe("t", 1));
      var payload = "x".repeat(4096);

      for (int i = 0; i < 3_000; i++) {
        publisher.publish("t", i + payload, 1);
      }

      assertThat(broker.broker().waiting().usedBytes())
          .as("half of the budget, and a little for each")
          .isBetween(512L << 10, (512L << 10) + 8 * (32 << 10));
      for (int i = 0; i < 3_000; i++) {
        broker.advance(Duration.ofMillis(1));
        var text = new String(peers.getFirst().nextPublish().payload().toByteArray(), US_ASCII);
        assertThat(text).isEqualTo(i + payload);
      }
      peers.forEach(Peer::close);
    }
  }

  private static ReasonCode publish(Peer publisher, String topic) {
    int packetId = publisher.nextPacketId();
    publisher.send(PublishBytes.of(topic, KIBIBYTE).qos(1, packetId));
    return publisher.next(Puback.class).reason();
  }

  private static void subscribeAndLeave(TestBroker broker, String clientId) {
    try (var peer = Peer.connected(broker, ConnectBytes.v5(clientId).resume(600))) {
      assertThat(peer.subscribe("t", 1)).isInstanceOf(Suback.class);
      peer.disconnect();
    }
  }

  /** Publishes until the server owns no more, and returns how many it owns. */
  private static int accepted(Peer publisher) {
    int accepted = 0;
    while (publish(publisher, "t") == ReasonCode.SUCCESS) {
      accepted++;
      assertThat(accepted).isLessThan(1_000);
    }
    return accepted;
  }

  @Test
  void givenQueuesOfAllSessionsFull_whenAClientPublishes_thenQuotaExceededBeforeOwnership() {
    try (var broker = TestBroker.start(options -> options.allQueuedBytes = 20_000);
        var publisher = Peer.connected(broker, "p")) {
      subscribeAndLeave(broker, "s");

      int accepted = accepted(publisher);

      assertThat(accepted).isBetween(10, 19);
      assertThat(publish(publisher, "t")).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
      assertThat(broker.counters().of(Count.PUBLISHES_OVER_LIMIT)).isPositive();
      assertThat(publish(publisher, "nobody")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
      try (var back = Peer.connected(broker, ConnectBytes.v5("s").resume(600))) {
        for (int i = 0; i < accepted; i++) {
          back.puback(back.nextPublish().packetId());
        }
        back.expectNothing();
        assertThat(publish(publisher, "t")).isEqualTo(ReasonCode.SUCCESS);
      }
      assertThat(broker.state().queuedCount()).isPositive();
    }
  }

  /** The beginning of a packet of 200,000 bytes: its first byte, and half of it. */
  private static byte[] half(int firstByte) {
    var bytes = new byte[100_000];
    bytes[0] = (byte) firstByte;
    bytes[1] = (byte) 0xC0; // 200,000 as a Variable Byte Integer
    bytes[2] = (byte) 0x9A;
    bytes[3] = 0x0C;
    return bytes;
  }

  private static void awaitUnfinished(TestBroker broker, long least, long most) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(
            () -> assertThat(broker.broker().unfinished().usedBytes()).isBetween(least, most));
  }

  @Test
  void givenHalfPacketsOfManyPeers_whenTheirBudgetIsUsedUp_thenWhoSendsMoreOfThemIsSentAway() {
    try (var broker =
            TestBroker.start(
                options -> {
                  options.maximumConnectSize = 256 << 10;
                  options.unfinishedBytes = 300_000;
                });
        var known = Peer.connected(broker, "known");
        var first = Peer.open(broker).send(half(0x10))) {
      awaitUnfinished(broker, 100_000, 200_000);
      broker.broker().unfinished().acquire(150_000);

      try (var second = Peer.open(broker).send(half(0x10))) {
        second.expectClosed();
      }
      known.publish("small", "x", 1);
      known.send(half(0x32)).expectDisconnect(ReasonCode.QUOTA_EXCEEDED);

      first.reset();
      awaitUnfinished(broker, 150_000, 150_000);
    }
  }

  @Test
  void givenMessageForManySessions_whenQueued_thenItCountsOnce() {
    try (var broker = TestBroker.start(options -> options.allQueuedBytes = 20_000);
        var publisher = Peer.connected(broker, "p")) {
      IntStream.range(0, 5).forEach(i -> subscribeAndLeave(broker, "s" + i));

      int accepted = accepted(publisher);

      assertThat(accepted).isBetween(10, 19);
      assertThat(broker.state().queuedCount()).isEqualTo(5L * accepted);
      for (int i = 0; i < 5; i++) {
        broker.broker().endSession("s" + i);
      }
      assertThat(broker.state().queuedCount()).isZero();
      assertThat(broker.state().queuedBytes()).isZero();
    }
  }
}
