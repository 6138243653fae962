package org.parley.mqtt.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.SubscribeBytes;

/** What subscriptions do: sections 3.8.3.1, 3.8.4 and 3.3.4. */
class SubscriptionConformanceTest extends BrokerUnderTest {
  private static final int NO_LOCAL = 0b100;
  private static final int DO_NOT_SEND_RETAINED = 0x20;

  @ParameterizedTest
  @Tag("MQTT-3.8.3-3")
  @ValueSource(ints = {0, 1, 2})
  void givenNoLocal_whenPublishing_thenOnlyOthersMessagesCome(int qos) {
    var client = peer("c");
    var other = peer("C");
    client.subscribe("a", qos | NO_LOCAL);

    client.publish("a", "own", qos).expectNothing();
    other.publish("a", "other's", qos);

    assertThat(client.nextText()).isEqualTo("other's");
  }

  @Test
  @Tag("MQTT-3.8.3-3")
  void givenNoLocalOnOneOfTwo_whenPublishing_thenTheOtherDelivers() {
    var client = peer("c");
    client.subscribe("a/#", 2 | NO_LOCAL, 11);
    client.subscribe("a/+", 1, 12);

    client.send(PublishBytes.of("a/b", "own").qos(2, 1)).next(Pubrec.class);

    var publish = client.nextPublish();
    assertThat(publish.qos().value()).isOne();
    assertThat(publish.subscriptionIds()).containsExactly(12);
    client.expectNothing();
  }

  @Test
  @Tag("MQTT-3.8.3-3")
  void givenNoLocalAndAWill_whenTheSameClientIsBack_thenItsOwnWillDoesNotCome() {
    var connect = ConnectBytes.v5("c").resume(600).will("a", "gone", 1, false);
    var client = peer(connect);
    client.subscribe("a", 1 | NO_LOCAL);
    client.sendHex("E0 01 04").expectClosed();

    var back = open();
    assertThat(back.connect(ConnectBytes.v5("c").resume(600)).sessionPresent()).isTrue();
    back.expectNothing();
  }

  @Test
  @Tag("MQTT-3.8.4-3")
  void givenSubscription_whenSubscribingAgain_thenItIsReplaced() {
    var client = peer("c");
    client.subscribe("a", 0, 1);

    client.subscribe("a", 1, 2);

    var publisher = peer("p").publish("a", "x", 1);
    var publish = client.nextPublish();
    assertThat(publish.qos().value()).isOne();
    assertThat(publish.subscriptionIds()).containsExactly(2);
    client.expectNothing();
    client.subscribe("a", 1);
    publisher.publish("a", "y", 1);
    assertThat(client.nextPublish().subscriptionIds()).isEmpty();
  }

  @ParameterizedTest
  @Tag("MQTT-3.8.4-4")
  @CsvSource({"0x00,1,1", "0x10,1,0", "0x20,0,0"})
  void givenRetainHandling_whenSubscribingTwice_thenRetainedMessagesComeAsItSays(
      String handling, int first, int again) {
    int options = Integer.decode(handling) | 1;
    var client = peer("c");
    client.publish(PublishBytes.of("a", "kept").retain(), 1);

    client.subscribe("a", options);
    expectRetained(client, first);
    client.subscribe("a", options);
    expectRetained(client, again);
  }

  private static void expectRetained(Peer client, int copies) {
    for (int i = 0; i < copies; i++) {
      var publish = client.nextPublish();
      assertThat(publish.retain()).isTrue();
      client.puback(publish.packetId());
    }
    client.expectNothing();
  }

  @Test
  @Tag("MQTT-3.8.4-4")
  void givenAStreamOfMessages_whenSubscribingAgainAndAgain_thenNoneIsLost() {
    int messages = 1000;
    var publisher = peer("p");
    var client = peer("c");
    client.subscribe("a", 1 | DO_NOT_SEND_RETAINED);

    var stream =
        CompletableFuture.runAsync(
            () -> IntStream.range(0, messages).forEach(i -> publisher.publish("a", "" + i, 1)));
    var heard = new ArrayList<Integer>();
    while (heard.size() < messages) {
      switch (client.next()) {
        case Publish publish -> {
          heard.add(number(publish));
          client.puback(publish.packetId());
          if (heard.size() % 20 == 0) {
            client.send(client.subscription(1, "a", 1 | DO_NOT_SEND_RETAINED));
          }
        }
        case Suback suback ->
            assertThat(suback.reasons()).containsExactly(ReasonCode.GRANTED_QOS_1);
        case Packet other -> throw new AssertionError("not expected: " + other);
      }
    }

    stream.join();
    assertThat(heard).isEqualTo(IntStream.range(0, messages).boxed().toList());
  }

  private static int number(Publish publish) {
    return Integer.parseInt(new String(publish.payload().toByteArray(), US_ASCII));
  }

  @ParameterizedTest
  @Tag("MQTT-3.8.4-8")
  @CsvSource({"0,0", "0,1", "0,2", "1,0", "1,1", "1,2", "2,0", "2,1", "2,2"})
  void givenGrantedQos_whenPublished_thenTheLowerOfTheTwo(int published, int granted) {
    var publisher = peer("p");
    publisher.publish(PublishBytes.of("retained", "kept").retain(), published).expectNothing();
    var client = peer(ConnectBytes.v5("c").resume(60));

    client.subscribe("retained", granted);
    expect(client, "kept", Math.min(published, granted));
    client.subscribe("live", granted);
    publisher.publish("live", "now", published);
    expect(client, "now", Math.min(published, granted));
    peer(ConnectBytes.v5("w").will("live", "will", published, false))
        .sendHex("E0 01 04")
        .expectClosed();
    expect(client, "will", Math.min(published, granted));
    client.disconnect();
    publisher.publish("live", "queued", published).expectNothing();

    var back = peer(ConnectBytes.v5("c").resume(60));
    if (Math.min(published, granted) > 0) {
      expect(back, "queued", Math.min(published, granted));
    }
    back.expectNothing();
  }

  private static void expect(Peer client, String text, int qos) {
    var publish = client.nextPublish();
    assertThat(new String(publish.payload().toByteArray(), US_ASCII)).isEqualTo(text);
    assertThat(publish.qos().value()).isEqualTo(qos);
    if (qos == 1) {
      client.puback(publish.packetId());
    } else if (qos == 2) {
      client.pubrec(publish.packetId()).next(Pubrel.class);
      client.pubcomp(publish.packetId());
    }
  }

  @ParameterizedTest
  @Tag("MQTT-3.3.4-2")
  @Tag("MQTT-3.3.4-3")
  @Tag("MQTT-3.3.4-4")
  @Tag("MQTT-3.3.4-5")
  @Tag("edge-125")
  @Tag("edge-126")
  @Tag("edge-127")
  @ValueSource(booleans = {false, true})
  void givenOverlap_whenPublished_thenOneCopyWithTheBestQosAndAllIdentifiersOfTheReceiver(
      boolean offline) {
    var client = peer(ConnectBytes.v5("c").resume(60));
    var other = peer("o");
    other.subscribe("a/#", 0, 99);
    client.subscribe("a/+", 0, 1);
    client.subscribe("#", 2, 2);
    client.subscribe("a/b", 1, 268_435_455);
    client.subscribe("+/b", 1);
    if (offline) {
      client.disconnect();
      client = null;
    }
    peer("p").publish("a/b", "x", 2);

    var receiver = client == null ? peer(ConnectBytes.v5("c").resume(60)) : client;
    var publish = receiver.nextPublish();
    assertThat(publish.subscriptionIds()).containsExactlyInAnyOrder(1, 2, 268_435_455);
    assertThat(publish.qos().value()).isEqualTo(2);
    receiver.expectNothing();
    assertThat(other.nextPublish().subscriptionIds()).containsExactly(99);
    other.expectNothing();
  }

  @Test
  void givenSameIdentifierTwice_whenBothMatch_thenItComesForEach() {
    var client = peer("c");
    client.subscribe(SubscribeBytes.of("a/+", 0).and("a/#", 0).id(5));

    client.publish("a/b", "x");

    assertThat(client.nextPublish().subscriptionIds()).containsExactly(5, 5);
    client.expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-3.3.4-6")
  @Tag("edge-128")
  @ValueSource(ints = {0, 1, 2})
  void givenSubscriptionIdentifier_whenAClientPublishesWithIt_thenProtocolError(int qos) {
    var subscriber = peer("s");
    subscriber.subscribe("a", 0);
    var client = peer("c");

    client
        .send(PublishBytes.of("a", "x").properties(Bytes.empty().u8(0x0B).varInt(1)).qos(qos, 1))
        .expectDisconnect(ReasonCode.PROTOCOL_ERROR);

    subscriber.expectNothing();
  }

  @Test
  @Tag("edge-135")
  void givenSuback_whenSomebodyPublishesAtOnce_thenTheMessageCounts() {
    var publisher = peer("p");
    var client = peer("c");
    for (int i = 0; i < 200; i++) {
      assertThat(client.subscribe("a/" + i, 1).reasons()).containsExactly(ReasonCode.GRANTED_QOS_1);
      var puback = publisher.send(PublishBytes.of("a/" + i, "" + i).qos(1, 1)).next(Puback.class);
      assertThat(puback.reason()).isEqualTo(ReasonCode.SUCCESS);
      assertThat(client.nextText()).isEqualTo("" + i);
    }
  }

  @Test
  void givenRetainedAndLiveMessages_whenSubscribing_thenSubackRetainedLiveInThisOrder() {
    var publisher = peer("p");
    publisher.publish(PublishBytes.of("a", "kept").retain(), 1);
    var client = peer("c");

    client.send(
        Bytes.empty()
            .raw(client.subscription(1, "a", 1))
            .raw(PublishBytes.of("a", "live").qos(1, 2).toByteArray(client.version()))
            .toByteArray());

    assertThat(client.next()).isInstanceOf(Suback.class);
    var heard = new ArrayList<String>();
    while (heard.size() < 2) {
      if (client.next() instanceof Publish publish) { // the PUBACK may stand anywhere
        heard.add(new String(publish.payload().toByteArray(), US_ASCII));
      }
    }
    assertThat(heard).containsExactly("kept", "live");
  }
}
