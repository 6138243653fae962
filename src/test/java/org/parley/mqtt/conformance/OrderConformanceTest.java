package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.Suback;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** The order of messages and of what answers them, MQTT 5.0 section 4.6. */
class OrderConformanceTest extends BrokerUnderTest {
  private static final int MESSAGES = 10_000;
  private static final int BATCH = 500;

  @ParameterizedTest
  @CsvSource({"V5,0", "V5,1", "V5,2", "V3_1_1,0", "V3_1_1,1", "V3_1_1,2"})
  @Tag("MQTT-4.6.0-5")
  @Tag("MQTT-4.6.0-6")
  void givenOneTopicAndQos_whenManyArePublished_thenTheyArriveInOrder(
      ProtocolVersion version, int qos) {
    var subscriber = peer(ConnectBytes.of(version, "s"));
    subscriber.subscribe("#", 2);
    var publisher = peer(ConnectBytes.of(version, "p"));

    for (int from = 0; from < MESSAGES; from += BATCH) {
      publisher.send(numbered(version, qos, from));
      for (int i = from; i < from + BATCH; i++) {
        assertThat(Peer.text(subscriber.receive())).isEqualTo("" + i);
      }
      finish(publisher, qos);
    }
    subscriber.expectNothing();
  }

  private static byte[] numbered(ProtocolVersion version, int qos, int from) {
    var bytes = Bytes.empty();
    for (int i = from; i < from + BATCH; i++) {
      bytes.raw(PublishBytes.of("t", "" + i).qos(qos, i - from + 1).toByteArray(version));
    }
    return bytes.toByteArray();
  }

  private static void finish(Peer publisher, int qos) {
    for (int i = 1; i <= BATCH && qos > 0; i++) {
      assertThat(((Acknowledgement) publisher.next()).packetId()).isEqualTo(i);
    }
    for (int i = 1; i <= BATCH && qos == 2; i++) {
      publisher.pubrel(i);
    }
    for (int i = 1; i <= BATCH && qos == 2; i++) {
      assertThat(publisher.next(Pubcomp.class).packetId()).isEqualTo(i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Tag("MQTT-4.6.0-5")
  @Tag("MQTT-4.6.0-1")
  void givenSubscriberThatComesAndGoes_whenManyArePublished_thenOnlyRepeatsAreOutOfOrder(int qos) {
    var connect = ConnectBytes.v5("s").resume(3600).receiveMaximum(7);
    var subscriber = peer(connect);
    subscriber.subscribe("t", 2);
    var publisher = peer("p");
    var first = new ArrayList<Integer>();
    int published = 0;
    while (published < 600) {
      for (int i = 0; i < 20; i++) {
        publisher.publish("t", "" + published++, qos);
      }
      for (int i = 0; i < 15; i++) {
        note(first, subscriber.receive());
      }
      note(first, subscriber.nextPublish()); // and does not acknowledge
      subscriber.reset();
      subscriber = Peer.resumed(broker(), ConnectBytes.v5("s").resume(3600).receiveMaximum(7));
    }
    while (first.size() < published) {
      note(first, subscriber.receive());
    }

    assertThat(first).isEqualTo(IntStream.range(0, published).boxed().toList());
    subscriber.expectNothing();
  }

  private static void note(List<Integer> first, Publish publish) {
    int number = Integer.parseInt(Peer.text(publish));
    if (first.contains(number)) {
      assertThat(publish.dup()).isTrue();
    } else {
      first.add(number);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("MQTT-4.6.0-5")
  @Tag("edge-91")
  void givenQueuedMessages_whenTheClientIsBackAndLiveOnesCome_thenTheQueueGoesFirst(
      ProtocolVersion version) {
    try (var subscriber = peer(ConnectBytes.of(version, "s").resume(60))) {
      subscriber.subscribe("t", 1);
      subscriber.disconnect();
    }
    var publisher = peer("p");
    for (int i = 0; i < 300; i++) {
      publisher.publish("t", "" + i, 1);
    }

    var back = Peer.resumed(broker(), ConnectBytes.of(version, "s").resume(60));
    for (int i = 300; i < 400; i++) {
      publisher.publish("t", "" + i, 1);
    }

    for (int i = 0; i < 400; i++) {
      assertThat(Peer.text(back.receive())).isEqualTo("" + i);
    }
  }

  @Test
  @Tag("MQTT-4.6.0-2")
  @Tag("MQTT-4.6.0-3")
  void givenMixedPublishes_whenAnswered_thenTheAnswersAreInTheirOrder() {
    var publisher = peer("p");
    broker().access().denied.add("secret");
    var bytes = Bytes.empty();
    for (int i = 1; i <= 300; i++) {
      var topic = i % 7 == 0 ? "secret" : "t";
      bytes.raw(PublishBytes.of(topic, "x").qos(1 + i % 2, i).toByteArray(ProtocolVersion.V5));
    }

    publisher.send(bytes.toByteArray());

    for (int i = 1; i <= 300; i++) {
      var answer = (Acknowledgement) publisher.next();
      assertThat(answer.packetId()).isEqualTo(i);
      assertThat(answer instanceof Pubrec).isEqualTo(i % 2 == 1);
    }
  }

  @Test
  @Tag("MQTT-4.6.0-4")
  void givenPubrecsInAnyOrder_whenTheyCome_thenPubrelsFollowThatOrder() {
    var subscriber = peer("s");
    subscriber.subscribe("t", 2);
    var publisher = peer("p");
    for (int i = 0; i < 4; i++) {
      publisher.publish("t", "x", 2);
      subscriber.nextPublish();
    }

    subscriber.pubrec(3).pubrec(1).pubrec(4).pubrec(2);

    for (int id : new int[] {3, 1, 4, 2}) {
      assertThat(subscriber.next(Pubrel.class).packetId()).isEqualTo(id);
    }
  }

  @Test
  @Tag("MQTT-4.6.0-5")
  @Tag("edge-112")
  void givenRetainedValue_whenNewerOnesFollowWhileSubscribing_thenTheOlderNeverComesLast() {
    var publisher = peer("p");
    for (int round = 0; round < 50; round++) {
      publisher.publish(PublishBytes.of("t", "old").retain(), 1);
      var subscriber = peer("s" + round);
      subscriber.send(subscriber.subscription(1, "t", 1));
      publisher.publish(PublishBytes.of("t", "new").retain(), 1);
      subscriber.next(Suback.class);

      var last = Peer.text(subscriber.receive());
      if (last.equals("old")) {
        last = Peer.text(subscriber.receive());
      }
      assertThat(last).isEqualTo("new");
      subscriber.expectNothing().disconnect();
    }
  }

  @Test
  @Tag("edge-112")
  void givenRetainedValueWithQos1_whenANewerOneHasQos0_thenTheOlderComesFirst() {
    peer("p").publish(PublishBytes.of("t", "old").retain(), 1);
    var subscriber = peer("s");
    var newer = PublishBytes.of("t", "new").retain().toByteArray(subscriber.version());

    subscriber.send(Bytes.empty().raw(subscriber.subscription(1, "t", 1)).raw(newer).toByteArray());

    subscriber.next(Suback.class);
    assertThat(Peer.text(subscriber.receive())).isEqualTo("old");
    assertThat(Peer.text(subscriber.receive())).isEqualTo("new");
  }

  @Test
  @Tag("MQTT-4.6.0-5")
  void givenMessagesOfEveryQos_whenPublishedInOneWrite_thenTheyArriveInOrder() {
    var subscriber = peer("s");
    subscriber.subscribe("t", 2);
    var publisher = peer("p");
    var bytes = Bytes.empty();
    for (int i = 1; i <= 300; i++) {
      bytes.raw(PublishBytes.of("t", "" + i).qos(i % 3, i).toByteArray(ProtocolVersion.V5));
    }

    publisher.send(bytes.toByteArray());

    for (int i = 1; i <= 300; i++) {
      assertThat(subscriber.nextText()).isEqualTo("" + i);
    }
  }
}
