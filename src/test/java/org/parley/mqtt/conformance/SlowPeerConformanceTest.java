package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.broker.MqttCounters.Drop;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** A peer that does not read: what it costs is bounded, and it costs nobody else anything. */
class SlowPeerConformanceTest extends BrokerUnderTest {
  private static final int LARGE = 16 * 1024;
  private static final int QOS_0_BYTES = 256 * 1024;

  /** More than the system keeps between two sockets. */
  private static final int ENOUGH = 64 * 1024 * 1024 / LARGE;

  private void startSmall() {
    start(options -> options.qos0Bytes = QOS_0_BYTES);
  }

  private Peer slow(ConnectBytes connect) {
    var slow = Peer.slow(broker(), connect);
    slow.subscribe("flood", 0);
    return slow;
  }

  /** Publishes with QoS 0 until messages for the slow one are dropped; returns how many. */
  private int flood(Peer publisher) {
    int published = 0;
    while (broker().counters().drops(Drop.SLOW_PEER) < 20) {
      assertThat(published).as("dropped in the end").isLessThan(ENOUGH);
      publisher.send(numbered(published++));
      publisher.expectNothing();
    }
    return published;
  }

  private static PublishBytes numbered(int number) {
    return PublishBytes.of("flood", Bytes.empty().u32(number).raw(new byte[LARGE]).toByteArray());
  }

  private static int number(Publish publish) {
    return publish.payload().asByteBuffer().getInt();
  }

  @Test
  @Tag("edge-183")
  void givenFloodWithQos0_whenOneDoesNotRead_thenItsMessagesAreDroppedAndOthersGetAll() {
    startSmall();
    var slow = slow(ConnectBytes.v5("slow"));
    var fast = peer("fast");
    fast.subscribe("flood", 0);
    var publisher = peer("p");
    int published = 0;
    while (broker().counters().drops(Drop.SLOW_PEER) < 20) {
      assertThat(published).as("dropped in the end").isLessThan(ENOUGH);
      publisher.send(numbered(published));
      assertThat(number(fast.nextPublish())).isEqualTo(published);
      published++;
    }
    publisher.expectNothing();
    fast.expectNothing();
    long dropped = broker().counters().drops(Drop.SLOW_PEER);
    assertThat(broker().counters().of(Count.PUBLISHER_HOLDS)).isPositive();

    var received = new ArrayList<Integer>();
    while (received.size() < published - dropped) {
      received.add(number(slow.nextPublish()));
    }
    slow.expectNothing();
    assertThat(received).isSorted().doesNotHaveDuplicates().startsWith(0, 1, 2);
    publisher.send(numbered(published));
    assertThat(number(slow.nextPublish())).isEqualTo(published);
    assertThat(broker().counters().drops(Drop.SLOW_PEER)).isEqualTo(dropped);
  }

  @Test
  @Tag("edge-184")
  @Tag("MQTT-4.9.0-3")
  void givenPeerThatDoesNotRead_whenItAsks_thenItIsHeardAndAnsweredWhenItReadsAgain() {
    startSmall();
    var other = peer("other");
    other.subscribe("of the slow one", 1);
    var slow = slow(ConnectBytes.v5("slow"));
    int published = flood(peer("p"));

    slow.sendHex("C0 00").send(PublishBytes.of("of the slow one", "x").qos(1, 7));
    slow.send(slow.subscription(8, "more", 1));

    assertThat(Peer.text(other.receive())).isEqualTo("x");
    var packets = readAll(slow, published, 3);
    assertThat(packets.stream().filter(packet -> !(packet instanceof Publish)))
        .containsExactly(
            Pingresp.INSTANCE,
            new Puback(7, ReasonCode.SUCCESS),
            new Suback(8, List.of(ReasonCode.GRANTED_QOS_1), ProblemInformation.NONE));
  }

  /** Reads all that was not dropped, and so many answers between or behind. */
  private List<Packet> readAll(Peer slow, int published, int answers) {
    var packets = new ArrayList<Packet>();
    long left = published - broker().counters().drops(Drop.SLOW_PEER) + answers;
    while (left > 0) {
      var packet = slow.next();
      packets.add(packet);
      left--;
    }
    slow.expectNothing();
    return packets;
  }

  @Test
  @Tag("edge-184")
  void givenPeerThatDoesNotRead_whenItAsksWithoutEnd_thenItIsNotReadUntilItReads() {
    startSmall();
    var slow = slow(ConnectBytes.v5("slow"));
    int published = flood(peer("p"));
    int asked = 50_000;
    var pings = Bytes.empty();
    for (int i = 0; i < asked; i++) {
      pings.raw("C0 00");
    }

    slow.send(pings.toByteArray());
    peer("q").publish("t", "x", 1).expectNothing();

    long answers = 0;
    long messages = published - broker().counters().drops(Drop.SLOW_PEER);
    while (answers < asked || messages > 0) {
      if (slow.next() instanceof Publish) {
        messages--;
      } else {
        answers++;
      }
    }
    assertThat(messages).isZero();
    slow.expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.2-22")
  void givenPeerThatHasVanished_whenMessagesForItPileUp_thenKeepAliveEndsIt() {
    startSmall();
    var watcher = peer("watcher");
    watcher.subscribe("wills", 1);
    var slow = slow(ConnectBytes.v5("slow").keepAlive(10).will("wills", "slow is gone", 1, false));
    flood(peer("p"));
    watcher.expectNothing();

    broker().advance(Duration.ofSeconds(16));

    assertThat(Peer.text(watcher.receive())).isEqualTo("slow is gone");
    assertThat(broker().counters().of(Count.KEEP_ALIVE_TIMEOUTS)).isEqualTo(1);
    slow.close();
  }

  @Test
  void givenSlowPublisher_whenItDoesNotReadItsAnswers_thenTheMessagesAreDeliveredAllTheSame() {
    var subscriber = peer("s");
    subscriber.subscribe("t", 0);
    var publisher = peer("p");
    int count = 20_000;
    int batch = 500;
    for (int from = 0; from < count; from += batch) {
      var bytes = Bytes.empty();
      for (int i = 0; i < batch; i++) {
        bytes.raw(PublishBytes.of("t", "x").qos(1, i + 1).toByteArray(publisher.version()));
      }
      publisher.send(bytes.toByteArray());
      for (int i = 0; i < batch; i++) {
        subscriber.nextPublish();
      }
    }
    for (int i = 0; i < count; i++) {
      assertThat(publisher.next(Puback.class).packetId()).isEqualTo(i % batch + 1);
    }
  }

  @Test
  void givenRetainedMessagesThatWait_whenEvenMoreAreAskedFor_thenTheSubscriptionIsRefused() {
    start(options -> options.replay = 10);
    var publisher = peer("p");
    int topics = 800;
    for (int i = 0; i < topics; i++) {
      publisher.send(PublishBytes.of("t/" + i, new byte[LARGE]).retain());
    }
    publisher.expectNothing();
    var slow = Peer.slow(broker(), ConnectBytes.v5("slow"));

    slow.send(slow.subscription(1, "t/#", 0));
    assertThat(slow.next(Suback.class).reasons()).containsExactly(ReasonCode.SUCCESS);
    slow.send(slow.subscription(2, "t/+", 0));

    int messages = 0;
    var packet = slow.next();
    while (packet instanceof Publish) {
      messages++;
      packet = slow.next();
    }
    assertThat(((Suback) packet).reasons()).containsExactly(ReasonCode.QUOTA_EXCEEDED);
    while (messages < topics) {
      slow.nextPublish();
      messages++;
    }
    slow.expectNothing();
  }
}
