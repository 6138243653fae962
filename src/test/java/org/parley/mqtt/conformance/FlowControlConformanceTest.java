package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** Receive Maximum in both directions, MQTT 5.0 sections 3.3.4 and 4.9. */
class FlowControlConformanceTest extends BrokerUnderTest {

  private Peer subscriber(int receiveMaximum) {
    var subscriber = peer(ConnectBytes.v5("s").receiveMaximum(receiveMaximum));
    subscriber.subscribe("t", 2);
    return subscriber;
  }

  private void publish(int count, int qos) {
    var publisher = peer("p");
    for (int i = 1; i <= count; i++) {
      publisher.publish("t", "" + i, qos);
    }
    publisher.disconnect();
  }

  // -- to the client

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "10,1", "1,2", "2,2", "10,2"})
  @Tag("MQTT-3.3.4-9")
  @Tag("MQTT-4.9.0-1")
  @Tag("MQTT-4.9.0-2")
  void givenReceiveMaximum_whenNothingIsAcknowledged_thenThatManyAreSentAndNoMore(
      int receiveMaximum, int qos) {
    var subscriber = subscriber(receiveMaximum);

    publish(receiveMaximum + 3, qos);

    for (int i = 0; i < receiveMaximum; i++) {
      subscriber.nextPublish();
    }
    subscriber.expectNothing();
  }

  @Test
  @Tag("MQTT-3.3.4-9")
  @Tag("MQTT-4.9.0-2")
  @Tag("edge-85")
  void givenQuota0_whenPubackComes_thenOneMoreIsSent() {
    var subscriber = subscriber(2);
    publish(4, 1);
    int first = subscriber.nextPublish().packetId();
    int second = subscriber.nextPublish().packetId();
    subscriber.expectNothing();

    subscriber.puback(first);
    int third = subscriber.nextPublish().packetId();
    subscriber.expectNothing();
    subscriber.acknowledge(0x40, second, 0x97);
    subscriber.nextPublish();
    subscriber.puback(third).expectNothing();
  }

  @Test
  @Tag("MQTT-3.3.4-9")
  @Tag("MQTT-4.9.0-2")
  @Tag("edge-77")
  void givenQuota0WithQos2_whenTheExchangeEnds_thenOneMoreIsSentAndNotBefore() {
    var subscriber = subscriber(1);
    publish(3, 2);

    subscriber.pubrec(subscriber.nextPublish().packetId()).next(Pubrel.class);
    subscriber.expectNothing();
    subscriber.acknowledge(0x70, 1, 0x92); // PUBCOMP of any code ends it
    int second = subscriber.nextPublish().packetId();
    subscriber.expectNothing();
    subscriber.acknowledge(0x50, second, 0x80);

    assertThat(Peer.text(subscriber.receive())).isEqualTo("3");
    subscriber.expectNothing();
  }

  @Test
  @Tag("MQTT-3.3.4-10")
  @Tag("MQTT-4.9.0-3")
  void givenQuota0_whenOtherPacketsAreDue_thenTheyAreSentAtOnce() {
    var subscriber = subscriber(1);
    publish(2, 2);
    subscriber.nextPublish();
    subscriber.expectNothing(); // PINGRESP

    assertThat(subscriber.subscribe("other", 1).reasons())
        .containsExactly(ReasonCode.GRANTED_QOS_1);
    subscriber.unsubscribe("other");
    subscriber.send(PublishBytes.of("x", "x").qos(1, 5)).next(Puback.class);
    subscriber.send(PublishBytes.of("x", "x").qos(2, 6)).next(Pubrec.class);
    subscriber.pubrel(6).next(Pubcomp.class);
    peer("q").publish("t", "QoS 0 has no quota");
    assertThat(subscriber.nextPublish().qos().value()).isZero();
    subscriber.pubrec(1).next(Pubrel.class);
    subscriber.expectNothing();
  }

  @Test
  @Tag("edge-84")
  @Tag("MQTT-4.9.0-2")
  void givenUnknownAcknowledgements_whenTheyCome_thenTheQuotaDoesNotGrow() {
    var subscriber = subscriber(2);
    for (int i = 100; i < 110; i++) {
      subscriber.puback(i).pubcomp(i);
    }

    publish(5, 1);

    subscriber.nextPublish();
    subscriber.nextPublish();
    subscriber.expectNothing();
  }

  @Test
  @Tag("edge-84")
  @Tag("MQTT-4.9.0-2")
  void givenPubrelOfAFormerConnection_whenPubcompComes_thenTheQuotaDoesNotGrow() {
    try (var first = peer(ConnectBytes.v5("s").resume(60).receiveMaximum(2))) {
      first.subscribe("t", 2);
      publish(2, 2);
      first.pubrec(first.nextPublish().packetId()).pubrec(first.nextPublish().packetId());
      first.next(Pubrel.class);
      first.next(Pubrel.class);
      first.disconnect();
    }
    publish(5, 1);

    var back = Peer.resumed(broker(), ConnectBytes.v5("s").resume(60).receiveMaximum(2));
    back.next(Pubrel.class);
    back.next(Pubrel.class);
    int first = back.nextPublish().packetId();
    int second = back.nextPublish().packetId();
    back.expectNothing(); // the PUBRELs have cost nothing
    back.pubcomp(1).pubcomp(2).expectNothing(); // and give nothing back

    back.puback(first).nextPublish();
    back.puback(second).nextPublish();
    back.expectNothing();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Tag("MQTT-3.3.4-9")
  @Tag("edge-86")
  void givenSmallerMaximumThanIsInFlight_whenResumed_thenItIsSentInSlicesAndBeforeNewOnes(int qos) {
    try (var first = peer(ConnectBytes.v5("s").resume(60).receiveMaximum(5))) {
      first.subscribe("t", 2);
      publish(5, qos);
      for (int i = 0; i < 5; i++) {
        first.nextPublish();
      }
      first.disconnect();
    }
    var publisher = peer("p").publish("t", "6", qos);

    var back = Peer.resumed(broker(), ConnectBytes.v5("s").resume(60).receiveMaximum(2));
    publisher.publish("t", "7", qos);

    for (int i = 1; i <= 7; i++) {
      var publish = back.receive();
      assertThat(Peer.text(publish)).isEqualTo("" + i);
      assertThat(publish.packetId()).isEqualTo(i);
      assertThat(publish.dup()).isEqualTo(i <= 5);
    }
    back.expectNothing();
  }

  @Test
  @Tag("MQTT-3.3.4-9")
  void givenSmallerMaximumThanIsInFlight_whenNothingIsAcknowledged_thenTheSliceIsAllThatIsSent() {
    try (var first = peer(ConnectBytes.v5("s").resume(60).receiveMaximum(5))) {
      first.subscribe("t", 2);
      publish(5, 1);
      first.nextPublish();
      first.reset();
    }

    var back = Peer.resumed(broker(), ConnectBytes.v5("s").resume(60).receiveMaximum(2));

    back.nextPublish();
    back.nextPublish();
    back.expectNothing();
  }

  @Test
  @Tag("edge-82")
  @Tag("MQTT-4.9.0-1")
  void givenNoReceiveMaximum_whenManyAreSent_thenTheServersOwnLimitHolds() {
    start(options -> options.receiveMaximum = 20);
    var subscriber = peer("s");
    subscriber.subscribe("t", 1);

    publish(25, 1);

    for (int i = 1; i <= 20; i++) {
      assertThat(subscriber.nextPublish().packetId()).isEqualTo(i);
    }
    subscriber.expectNothing();
    for (int i = 1; i <= 20; i++) {
      subscriber.puback(i);
    }
    for (int i = 21; i <= 25; i++) {
      assertThat(Peer.text(subscriber.receive())).isEqualTo("" + i);
    }
  }

  // -- from the client

  @Test
  @Tag("MQTT-3.3.4-7")
  @Tag("edge-81")
  void givenServersReceiveMaximum_whenTheClientExceedsIt_thenDisconnect93() {
    start(options -> options.receiveMaximum = 3);
    var publisher = Peer.open(broker());
    var connack = publisher.connect(ConnectBytes.v5("p"));
    assertThat(connack.properties().receiveMaximum()).hasValue(3);
    for (int i = 1; i <= 3; i++) {
      publisher.send(PublishBytes.of("t", "x").qos(2, i)).next(Pubrec.class);
    }

    publisher.send(PublishBytes.of("t", "x").qos(2, 4));

    publisher.expectDisconnect(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
  }

  @Test
  @Tag("MQTT-3.3.4-7")
  @Tag("edge-83")
  @Tag("MQTT-4.9.0-3")
  void givenServersReceiveMaximum1_whenQos2GoesOn_thenPubcompFreesTheSlotAndRepeatsTakeNone() {
    start(options -> options.receiveMaximum = 1);
    var publisher = peer("p");
    for (int i = 1; i <= 5; i++) {
      publisher.send(PublishBytes.of("t", "x").qos(2, i)).next(Pubrec.class);
      publisher.send(PublishBytes.of("t", "x").qos(2, i).dup()).next(Pubrec.class);
      publisher.pubrel(i).next(Pubcomp.class);
    }
    broker().access().denied.add("secret");
    publisher.send(PublishBytes.of("secret", "x").qos(2, 6)).next(Pubrec.class);
    publisher.send(PublishBytes.of("t", "x").qos(2, 7)).next(Pubrec.class);
    publisher.expectNothing();
  }

  @Test
  @Tag("MQTT-3.3.4-7")
  void givenExchangesOfAFormerConnection_whenTheClientIsBack_thenTheyDoNotCount() {
    start(options -> options.receiveMaximum = 2);
    try (var publisher = peer(ConnectBytes.v5("p").resume(60))) {
      publisher.send(PublishBytes.of("t", "x").qos(2, 1)).next(Pubrec.class);
      publisher.send(PublishBytes.of("t", "x").qos(2, 2)).next(Pubrec.class);
      publisher.disconnect();
    }

    var back = Peer.resumed(broker(), ConnectBytes.v5("p").resume(60));
    back.send(PublishBytes.of("t", "x").qos(2, 3)).next(Pubrec.class);
    back.send(PublishBytes.of("t", "x").qos(2, 4)).next(Pubrec.class);

    back.send(PublishBytes.of("t", "x").qos(2, 5));
    back.expectDisconnect(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
  }

  @Test
  @Tag("MQTT-3.3.4-7")
  void givenPublishesUpToTheMaximumInOneWrite_whenAllAreQos1_thenEachIsAcknowledged() {
    start(options -> options.receiveMaximum = 100);
    var publisher = peer("p");

    publisher.send(burst(ProtocolVersion.V5, 1, 100));

    for (int i = 1; i <= 100; i++) {
      assertThat(publisher.next(Puback.class).packetId()).isEqualTo(i);
    }
    publisher.expectNothing();
  }

  /** Before 5.0 nobody has told the client of a limit: it may send what it likes. */
  @ParameterizedTest
  @CsvSource({"V3_1_1,1", "V3_1_1,2", "V3_1,1", "V3_1,2"})
  void givenClientBefore5_whenItSendsMoreThanTheLimitInOneWrite_thenEachIsAcknowledged(
      ProtocolVersion version, int qos) {
    start(options -> options.receiveMaximum = 10);
    var publisher = peer(ConnectBytes.of(version, "p"));

    publisher.send(burst(version, qos, 3000));

    for (int i = 1; i <= 3000; i++) {
      int packetId =
          qos == 1
              ? publisher.next(Puback.class).packetId()
              : publisher.next(Pubrec.class).packetId();
      assertThat(packetId).isEqualTo(i);
    }
    publisher.expectNothing();
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void givenManyRepeatsInOneWrite_whenTheExchangeIsOpen_thenEachGetsItsPubrec(
      ProtocolVersion version) {
    start(options -> options.receiveMaximum = 10);
    var subscriber = peer("s");
    subscriber.subscribe("t", 0);
    var publisher = peer(ConnectBytes.of(version, "p"));
    var bytes = Bytes.empty();
    for (int i = 0; i < 500; i++) {
      bytes.raw(PublishBytes.of("t", "x").qos(2, 5).toByteArray(version));
    }

    publisher.send(bytes.toByteArray());

    for (int i = 0; i < 500; i++) {
      assertThat(publisher.next(Pubrec.class).packetId()).isEqualTo(5);
    }
    publisher.pubrel(5).next(Pubcomp.class);
    assertThat(subscriber.nextText()).isEqualTo("x");
    subscriber.expectNothing();
  }

  private static byte[] burst(ProtocolVersion version, int qos, int count) {
    var bytes = Bytes.empty();
    for (int i = 1; i <= count; i++) {
      bytes.raw(PublishBytes.of("t", "x").qos(qos, i).toByteArray(version));
    }
    return bytes.toByteArray();
  }

  @Test
  @Tag("edge-97")
  @Tag("MQTT-3.3.4-9")
  void givenRetainedMessagesBeyondTheQuota_whenSubscribed_thenAllComeInTheEnd() {
    var publisher = peer("p");
    for (int i = 0; i < 10; i++) {
      publisher.publish(PublishBytes.of("t/" + i, "x").retain(), 2);
    }
    var subscriber = peer(ConnectBytes.v5("s").receiveMaximum(3));

    subscriber.send(subscriber.subscription(1, "t/#", 2)).next(Suback.class);

    for (int i = 0; i < 10; i++) {
      assertThat(subscriber.receive().retain()).isTrue();
    }
    subscriber.expectNothing();
  }
}
