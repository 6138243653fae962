package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.PacketType;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.SubscribeBytes;
import org.parley.testing.mqtt.TestOptions;

/** One client that does over and over what brokers were brought down by: nothing of it is left. */
class HostileClientTest {
  private static final int VERY_OFTEN = 100_000;
  private static final byte[] PINGREQ = Bytes.hex("C0 00");

  private final TestOptions options = new TestOptions();

  private static void say(MemoryWire wire, byte[] packet) {
    wire.send(packet, packet.length);
    act(wire);
  }

  /** The broker reads what there is and does what it has to; only this wire's owner works. */
  private static void act(MemoryWire wire) {
    wire.arrive();
    while (wire.runTask()) {
      wire.arrive();
    }
  }

  /** A wire that the broker's own list does not keep. */
  private static MemoryWire open(BrokerByHand broker) {
    return new MemoryWire(broker.broker(), new WireObserver(broker.options(), broker.clock()));
  }

  private static MemoryWire connected(BrokerByHand broker, ConnectBytes connect) {
    var wire = open(broker);
    say(wire, connect.toByteArray());
    assertThat(wire.observer().isAccepted()).isTrue();
    return wire;
  }

  private static List<String> heard(MemoryWire wire, String filter) {
    var heard = new ArrayList<String>();
    wire.observer().watch(message -> heard.add(Peer.text(message)));
    say(wire, SubscribeBytes.of(filter, 0).toByteArray(1, ProtocolVersion.V5));
    return heard;
  }

  private static byte[] publish(PublishBytes publish) {
    return publish.toByteArray(ProtocolVersion.V5);
  }

  private static void requireEnded(MemoryWire wire, ReasonCode reason) {
    assertThat(wire.isOpen()).isFalse();
    assertThat(wire.observer().last().map(last -> ((Disconnect) last).reason())).contains(reason);
  }

  private static void requireNothingLeft(BrokerByHand broker) {
    assertThat(broker.broker().connections()).as("connections").isZero();
    assertThat(broker.state().sessionCount()).as("sessions").isZero();
    assertThat(broker.state().subscriptionCount()).as("subscriptions").isZero();
    assertThat(broker.state().queuedBytes()).as("bytes of messages").isZero();
    assertThat(broker.state().retainedCount()).as("retained messages").isZero();
    assertThat(broker.broker().waiting().usedBytes()).as("bytes that wait").isZero();
    assertThat(broker.broker().unfinished().usedBytes()).as("bytes of half packets").isZero();
    assertThat(broker.counters().of(Count.INTERNAL_ERRORS)).as("errors of ours").isZero();
  }

  @ParameterizedTest
  @CsvSource({"01 02, PROTOCOL_ERROR", "7F 00, MALFORMED_PACKET", "18 00 00, MALFORMED_PACKET"})
  @Tag("CVE-2023-3592")
  void givenWillWithAnInvalidProperty_whenConnectingVeryOften_thenNothingIsLeft(
      String property, ReasonCode reason) {
    var broker = new BrokerByHand(options);
    var will = Bytes.empty().u8(0x03).string("x".repeat(100)).raw(property);
    var connect =
        ConnectBytes.v5("c")
            .resume(3600)
            .will("w", "x".repeat(100), 1, true)
            .willProperties(will)
            .toByteArray();

    for (int i = 0; i < VERY_OFTEN / 3; i++) {
      var wire = open(broker);
      say(wire, connect);
      assertThat(((Connack) wire.observer().last().orElseThrow()).reason()).isEqualTo(reason);
      assertThat(wire.isOpen()).isFalse();
    }

    assertThat(broker.counters().of(Count.CONNECTIONS_CLOSED)).isEqualTo(VERY_OFTEN / 3);
    requireNothingLeft(broker);
  }

  @Test
  @Tag("CVE-2023-28366")
  void givenExchangeThatIsNeverFinished_whenItsPublishIsRepeatedVeryOften_thenOneMessageIsKept() {
    var broker = new BrokerByHand(options);
    var subscriber = connected(broker, ConnectBytes.v5("s").resume(60));
    say(subscriber, SubscribeBytes.of("t", 2).toByteArray(1, ProtocolVersion.V5));
    subscriber.hangUp();
    var publisher = connected(broker, ConnectBytes.v5("p"));
    var packet = publish(PublishBytes.of("t", "x".repeat(100)).qos(2, 7).dup());

    for (int i = 0; i < VERY_OFTEN; i++) {
      say(publisher, packet);
    }

    assertThat(publisher.observer().last()).contains(new Pubrec(7, ReasonCode.SUCCESS));
    assertThat(broker.state().queuedCount()).isOne();
    assertThat(broker.state().queuedBytes()).isLessThan(1_000);
  }

  /** Nearly all identifiers there are; one that is open already takes no place of the maximum. */
  @Test
  @Tag("CVE-2023-28366")
  void givenIdentifiersThatAreNeverReleased_whenOneMoreThanTheMaximum_thenEndedEachTime() {
    options.receiveMaximum = 1_000;
    var broker = new BrokerByHand(options);
    int packetId = 1;
    while (packetId + options.receiveMaximum <= 0xFFFF) {
      var publisher = connected(broker, ConnectBytes.v5("p").resume(60));
      for (int i = 0; i < options.receiveMaximum; i++) {
        say(publisher, publish(PublishBytes.of("t", "x").qos(2, packetId++)));
      }
      assertThat(publisher.isOpen()).isTrue();

      say(publisher, publish(PublishBytes.of("t", "x").qos(2, packetId++)));

      requireEnded(publisher, ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
    }

    var again = connected(broker, ConnectBytes.v5("p"));
    again.hangUp();
    act(again);
    requireNothingLeft(broker);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "30 FF FF FF FF 7F",
        "32 80 80 80 80 01",
        "C0 FF FF FF FF 7F",
        "82 FF FF FF FF 00",
        "30 FF FF FF FF FF 7F",
        "E0 80 80 80 80 00"
      })
  @Tag("CVE-2025-66168")
  @Tag("CVE-2026-40046")
  void givenRemainingLengthOfFiveBytes_whenAPublishIsHiddenBehindIt_thenItIsNeverRun(String hex) {
    var hidden = publish(PublishBytes.of("t", "hidden").retain());
    for (int piece : new int[] {1, 2, 3, 5, 6, 7, 100}) {
      var broker = new BrokerByHand(options);
      var watcher = connected(broker, ConnectBytes.v5("watcher"));
      var heard = heard(watcher, "#");
      var client = connected(broker, ConnectBytes.v5("c"));

      client.send(Bytes.empty().raw(hex).raw(hidden).raw(hidden).toByteArray(), piece);
      act(client);
      act(watcher);

      assertThat(heard).isEmpty();
      assertThat(broker.state().retainedCount()).isZero();
      requireEnded(client, ReasonCode.MALFORMED_PACKET);
    }
  }

  @Test
  @Tag("netty-16776")
  void givenSmallPacketsInOneRead_whenTogetherTheyAreFarOverTheLimit_thenAllAreTaken() {
    options.maximumPacketSize = 100;
    var broker = new BrokerByHand(options);
    var watcher = connected(broker, ConnectBytes.v5("watcher"));
    var heard = heard(watcher, "t");
    var client = connected(broker, ConnectBytes.v5("c"));
    var bytes = Bytes.empty();
    int count = 0;
    for (int size = 0; size < 64 * 1024; count++) {
      var packet = publish(PublishBytes.of("t", Integer.toString(count)));
      bytes.raw(packet);
      size += packet.length;
    }

    say(client, bytes.raw(PINGREQ).toByteArray());
    act(watcher);

    assertThat(client.observer().last()).contains(Pingresp.INSTANCE);
    assertThat(heard).hasSize(count).endsWith(Integer.toString(count - 1));
  }

  /** Said of a PUBLISH whose three bytes are all of a WebSocket message, and of any others. */
  @Test
  @Tag("CVE-2026-25627")
  void givenPublishOfWhichThreeBytesCame_whenNothingFollows_thenNothingIsReadBehindThem() {
    var broker = new BrokerByHand(options);
    var watcher = connected(broker, ConnectBytes.v5("watcher"));
    var heard = heard(watcher, "#");
    var client = broker.open();
    say(client, ConnectBytes.v5("c").keepAlive(10).toByteArray());

    say(client, Bytes.hex("30 80 20 00 01 74"));
    act(watcher);
    assertThat(heard).isEmpty();
    assertThat(client.isOpen()).isTrue();

    broker.advance(Duration.ofSeconds(15));
    act(client);
    act(watcher);
    requireEnded(client, ReasonCode.KEEP_ALIVE_TIMEOUT);
    assertThat(heard).isEmpty();
  }

  @Test
  @Tag("CVE-2017-7651")
  @Tag("CVE-2021-33175")
  void givenAThousandHalfConnects_whenTheirTimeIsOver_thenLittleWasKeptAndNothingIsLeft() {
    int count = 1_000;
    var broker = new BrokerByHand(options);
    var half = Bytes.hex("10 F0 FF 03 00 04 4D 51 54 54 05 C2 00 3C"); // of 65,520 bytes
    var wires = new ArrayList<MemoryWire>();
    for (int i = 0; i < count; i++) {
      var wire = open(broker);
      say(wire, half);
      say(wire, new byte[1_000]);
      wires.add(wire);
    }
    assertThat(broker.broker().connections()).isEqualTo(count);
    assertThat(broker.broker().unfinished().usedBytes()).isLessThanOrEqualTo(count * 16L * 1024);
    assertThat(connected(broker, ConnectBytes.v5("good")).isOpen()).isTrue();

    broker.advance(options.connectTimeout);
    wires.forEach(HostileClientTest::act);

    assertThat(wires).noneMatch(MemoryWire::isOpen);
    assertThat(broker.broker().connections()).isOne();
    assertThat(broker.broker().unfinished().usedBytes()).isZero();
    assertThat(broker.broker().counters().of(Count.CONNECT_TIMEOUTS)).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
  @Tag("CVE-2023-0809")
  void givenLargestPacketThatIsNotConnect_whenItComesFirst_thenEndedAtItsFirstByte(int type) {
    var broker = new BrokerByHand(options);
    var wire = open(broker);

    wire.send(Bytes.empty().u8(type << 4).raw("FF FF FF 7F").toByteArray(), 1);
    act(wire);

    assertThat(wire.isOpen()).isFalse();
    assertThat(wire.written()).isZero();
    requireNothingLeft(broker);
  }

  @ParameterizedTest
  @ValueSource(strings = {"20 02 00 00", "20 03 00 00 00", "20 00", "90 03 00 01 00", "D0 00"})
  @Tag("CVE-2021-28166")
  void givenPacketOfAServer_whenAClientSendsIt_thenProtocolError(String hex) {
    for (var version : ProtocolVersion.values()) {
      var broker = new BrokerByHand(options);
      var client = connected(broker, ConnectBytes.of(version, "c"));

      say(client, Bytes.hex(hex));

      assertThat(client.isOpen()).isFalse();
      assertThat(client.observer().last().orElseThrow().type())
          .isEqualTo(version == ProtocolVersion.V5 ? PacketType.DISCONNECT : PacketType.CONNACK);
      assertThat(broker.counters().of(Count.INTERNAL_ERRORS)).isZero();
    }
  }
}
