package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.SubscribeBytes;
import org.parley.testing.mqtt.TestOptions;

/**
 * Many connections of one Client Identifier at once. Bytes arrive and owners have their turns in an
 * order by chance, which a seed repeats.
 */
class TakeoverStormTest {
  private static final int CLIENTS = 50;
  private static final int STEPS = 4_000;
  private static final int KEPT = 60;
  private static final byte[] PINGREQ = Bytes.hex("C0 00");
  private static final byte[] DISCONNECT = Bytes.hex("E0 00");

  private BrokerByHand broker = new BrokerByHand(new TestOptions());

  private static void say(MemoryWire wire, byte[] packet) {
    wire.send(packet, packet.length);
  }

  private static byte[] subscribe(int packetId, String filter, int qos) {
    return SubscribeBytes.of(filter, qos).toByteArray(packetId, ProtocolVersion.V5);
  }

  private static byte[] unsubscribe(int packetId, String filter) {
    return Bytes.packet(0xA2, Bytes.empty().u16(packetId).varInt(0).string(filter));
  }

  private static byte[] publish(PublishBytes publish) {
    return publish.toByteArray(ProtocolVersion.V5);
  }

  /** Returns a wire on which a client of this name has been accepted. */
  private MemoryWire connected(ConnectBytes connect) {
    var wire = broker.open();
    say(wire, connect.toByteArray());
    broker.work();
    assertThat(wire.observer().isAccepted()).isTrue();
    return wire;
  }

  // -- fifty clients, one identifier

  private static byte[] anything(Random random) {
    int packetId = 1 + random.nextInt(20);
    var filter = List.of("storm/a", "storm/+", "$share/g/storm/#").get(random.nextInt(3));
    return switch (random.nextInt(8)) {
      case 0, 1 -> subscribe(packetId, filter, random.nextInt(3));
      case 2, 3 -> unsubscribe(packetId, filter);
      case 4 -> publish(PublishBytes.of("storm/a", "0"));
      case 5 -> publish(PublishBytes.of("storm/a", "1").qos(1, packetId));
      case 6 -> publish(PublishBytes.of("storm/b", "2").qos(2, packetId));
      default -> Bytes.packet(0x62, Bytes.empty().u16(packetId));
    };
  }

  private void step(Random random, List<MemoryWire> clients) {
    int which = random.nextInt(clients.size());
    var wire = clients.get(which);
    switch (random.nextInt(16)) {
      case 0 -> {
        if (random.nextBoolean()) {
          wire.hangUp();
        }
        var next = broker.open();
        boolean keeps = random.nextBoolean();
        var connect = ConnectBytes.v5("one").cleanStart(!keeps).expiry(keeps ? KEPT : 0);
        say(next, connect.will("storm/will", "gone", 1, false).toByteArray());
        clients.set(which, next);
      }
      case 1 -> say(wire, wire.observer().exchanges().acknowledgements());
      case 2 -> say(wire, random.nextInt(4) == 0 ? DISCONNECT : PINGREQ);
      case 3, 4, 5 -> {
        if (wire.observer().connect().isPresent()) {
          say(wire, anything(random));
        }
      }
      case 6, 7, 8 -> wire.arrive();
      default -> {
        var _ = wire.runTask();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  @Tag("CVE-2025-59946")
  @Tag("CVE-2026-22040")
  void givenFiftyClientsOfOneIdentifier_whenTheyAllDoEverything_thenOneIsLeftAndThenNothing(
      long seed) {
    var random = new Random(seed);
    var clients = new ArrayList<MemoryWire>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(broker.open());
    }

    for (int i = 0; i < STEPS; i++) {
      step(random, clients);
    }
    broker.comeToRest();

    assertThat(broker.counters().of(Count.INTERNAL_ERRORS)).as("errors of ours").isZero();
    assertThat(broker.counters().of(Count.TAKEOVERS)).isGreaterThan(50);
    broker.wires().forEach(MemoryWire::requireOrder);
    assertThat(broker.state().sessionCount()).isLessThanOrEqualTo(1);
    assertThat(broker.state().onlineCount()).isLessThanOrEqualTo(1);
    var last = connected(ConnectBytes.v5("one").resume(KEPT));
    requireOne(last);

    say(last, DISCONNECT);
    broker.wires().forEach(MemoryWire::hangUp);
    broker.comeToRest();
    broker.advance(Duration.ofSeconds(KEPT));
    broker.comeToRest();
    requireNobodyHears("storm/a");
    requireNothing();
  }

  /** One connection has the session; the index has its subscriptions, and it works. */
  private void requireOne(MemoryWire last) {
    assertThat(broker.state().onlineCount()).isOne();
    assertThat(broker.state().sessionCount()).isOne();
    var session = Objects.requireNonNull(broker.state().session("one"));
    assertThat(session.subscriptions()).isEqualTo(broker.state().subscriptionCount());
    assertThat(
            broker.wires().stream().filter(wire -> wire.observer().isAccepted() && wire.isOpen()))
        .containsExactly(last);

    var heard = new ArrayList<String>();
    last.observer().watch(message -> heard.add(Peer.text(message)));
    for (int i = 0; i < 20; i++) {
      say(last, last.observer().exchanges().acknowledgements());
      broker.work();
    }
    say(last, subscribe(77, "alive", 0));
    say(last, publish(PublishBytes.of("alive", "still here")));
    broker.work();
    assertThat(heard).endsWith("still here");
  }

  private void requireNobodyHears(String topic) {
    var probe = connected(ConnectBytes.v5("probe"));
    say(probe, publish(PublishBytes.of(topic, "?").qos(1, 1)));
    broker.work();
    assertThat(probe.observer().last()).contains(new Puback(1, ReasonCode.NO_MATCHING_SUBSCRIBERS));
    probe.hangUp();
    broker.comeToRest();
  }

  private void requireNothing() {
    assertThat(broker.broker().connections()).as("connections").isZero();
    assertThat(broker.state().sessionCount()).as("sessions").isZero();
    assertThat(broker.state().subscriptionCount()).as("subscriptions").isZero();
    assertThat(broker.state().queuedCount()).as("messages").isZero();
    assertThat(broker.state().queuedBytes()).as("bytes").isZero();
    assertThat(broker.broker().waiting().usedBytes()).isZero();
    assertThat(broker.broker().unfinished().usedBytes()).isZero();
  }

  // -- QoS 2 and two connections

  private static byte[] message(boolean dup) {
    var publish = PublishBytes.of("t", "once").qos(2, 7);
    return publish(dup ? publish.dup() : publish);
  }

  private static byte[] pubrel() {
    return Bytes.packet(0x62, Bytes.empty().u16(7));
  }

  /** What two connections have sent arrives, and their owners work, in an order by chance. */
  private void interleave(Random random, MemoryWire first, MemoryWire second) {
    for (int i = 0; i < 60; i++) {
      var wire = random.nextBoolean() ? first : second;
      if (random.nextBoolean()) {
        wire.arrive();
      } else {
        var _ = wire.runTask();
      }
    }
    broker.comeToRest();
  }

  private void requireDeliveredOnce(List<String> heard, MemoryWire second) {
    assertThat(heard).containsExactly("once");
    assertThat(second.isOpen()).isTrue();
    assertThat(second.observer().last().orElseThrow()).isInstanceOf(Pubcomp.class);
    assertThat(broker.counters().of(Count.INTERNAL_ERRORS)).isZero();
    broker.wires().forEach(MemoryWire::requireOrder);
  }

  /** The client has seen no PUBREC: it repeats the PUBLISH on both connections. */
  @Test
  @Tag("CVE-2026-8741")
  void givenPublishWithQos2Repeated_whenItsSessionIsTakenOverInBetween_thenDeliveredOnce() {
    for (int seed = 0; seed < 500; seed++) {
      broker = new BrokerByHand(new TestOptions());
      var heard = new ArrayList<String>();
      var watcher = connected(ConnectBytes.v5("watcher"));
      watcher.observer().watch(message -> heard.add(Peer.text(message)));
      say(watcher, subscribe(1, "t", 0));
      broker.work();
      var first = connected(ConnectBytes.v5("c").resume(KEPT));
      var second = broker.open();
      List.of(message(false), message(true), message(true)).forEach(packet -> say(first, packet));
      say(second, ConnectBytes.v5("c").resume(KEPT).toByteArray());
      List.of(message(true), message(true), pubrel()).forEach(packet -> say(second, packet));

      interleave(new Random(seed), first, second);

      requireDeliveredOnce(heard, second);
    }
  }

  /** The client has seen PUBREC: it repeats the PUBREL on both connections. */
  @Test
  @Tag("CVE-2026-8741")
  void givenPubrelRepeated_whenItsSessionIsTakenOverInBetween_thenDeliveredOnceAndTheIdIsFree() {
    for (int seed = 0; seed < 500; seed++) {
      broker = new BrokerByHand(new TestOptions());
      var heard = new ArrayList<String>();
      var watcher = connected(ConnectBytes.v5("watcher"));
      watcher.observer().watch(message -> heard.add(Peer.text(message)));
      say(watcher, subscribe(1, "t", 0));
      var first = connected(ConnectBytes.v5("c").resume(KEPT));
      say(first, message(false));
      broker.work();
      var second = broker.open();
      List.of(pubrel(), pubrel()).forEach(packet -> say(first, packet));
      say(second, ConnectBytes.v5("c").resume(KEPT).toByteArray());
      List.of(pubrel(), pubrel()).forEach(packet -> say(second, packet));

      interleave(new Random(seed), first, second);

      requireDeliveredOnce(heard, second);
      say(second, message(false)); // which is another message
      broker.work();
      assertThat(heard).hasSize(2);
    }
  }
}
