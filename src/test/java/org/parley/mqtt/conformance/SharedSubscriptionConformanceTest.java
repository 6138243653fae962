package org.parley.mqtt.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.packet.ReasonCode.GRANTED_QOS_1;
import static org.parley.mqtt.packet.ReasonCode.SUCCESS;
import static org.parley.mqtt.packet.ReasonCode.TOPIC_FILTER_INVALID;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** Shared Subscriptions: section 4.8. */
class SharedSubscriptionConformanceTest extends BrokerUnderTest {
  private static final ConnectBytes KEPT = ConnectBytes.v5("kept").resume(60);

  private Peer member(String clientId, String filter, int qos) {
    var member = peer(ConnectBytes.v5(clientId).resume(60));
    assertThat(member.subscribe(filter, qos).reasons().getFirst().isFailure()).isFalse();
    return member;
  }

  /** Returns the payloads of all messages that the peer has been sent; acknowledges nothing. */
  private static List<String> heard(Peer peer) {
    var texts = new ArrayList<String>();
    peer.sendHex("C0 00");
    for (var packet = peer.next(); !(packet instanceof Pingresp); packet = peer.next()) {
      texts.add(new String(((Publish) packet).payload().toByteArray(), US_ASCII));
    }
    return texts;
  }

  @ParameterizedTest
  @Tag("MQTT-4.8.2-1")
  @Tag("edge-120")
  @Tag("edge-123")
  @ValueSource(strings = {"$share//a", "$share//#", "$share", "$share/", "$share//"})
  void givenEmptyShareName_whenSubscribing_thenRefusedAndTheConnectionStays(String filter) {
    var client = peer("c");

    assertThat(client.subscribe(filter, 0).reasons()).containsExactly(TOPIC_FILTER_INVALID);

    assertThat(client.subscribe("a", 0).reasons()).containsExactly(SUCCESS);
  }

  @ParameterizedTest
  @Tag("MQTT-4.8.2-2")
  @Tag("edge-121")
  @Tag("edge-123")
  @ValueSource(
      strings = {"$share/g", "$share/g/", "$share/g+/a", "$share/#/a", "$share/+/a", "$share/g#/a"})
  void givenShareNameOrFilterThatIsNone_whenSubscribing_thenRefused(String filter) {
    var client = peer("c");

    assertThat(client.subscribe(filter, 0).reasons()).containsExactly(TOPIC_FILTER_INVALID);
    assertThat(client.unsubscribe(filter).reasons()).containsExactly(TOPIC_FILTER_INVALID);
  }

  @ParameterizedTest
  @Tag("MQTT-4.8.2-2")
  @Tag("edge-122")
  @CsvSource({
    "$share/1/a/#,a/b",
    "$share/g//a,/a",
    "$share/g/+,a",
    "$share/g/#,a/b/c",
    "$share/ü x/a,a"
  })
  void givenAnyFilterBehindTheShareName_whenPublished_thenItMatches(String filter, String topic) {
    var client = peer("c");
    assertThat(client.subscribe(filter, 1).reasons()).containsExactly(GRANTED_QOS_1);

    peer("p").publish(topic, "x", 1);

    assertThat(heard(client)).containsExactly("x");
    assertThat(client.unsubscribe(filter).reasons()).containsExactly(SUCCESS);
  }

  @Test
  @Tag("edge-124")
  void givenShareInAShare_whenSubscribing_thenRefused() {
    assertThat(peer("c").subscribe("$share/g/$share/h/a", 0).reasons())
        .containsExactly(TOPIC_FILTER_INVALID);
  }

  @ParameterizedTest
  @Tag("MQTT-4.8.2-3")
  @ValueSource(ints = {0, 1, 2})
  void givenMembersWithTheirOwnQos_whenPublished_thenEachGetsItsOwn(int published) {
    var members = List.of(member("0", "$share/g/a", 0), member("2", "$share/g/a", 2));
    var publisher = peer("p");
    for (int i = 0; i < 10; i++) {
      publisher.publish("a", "x", published);
    }
    publisher.expectNothing();

    int heard = 0;
    for (int granted : new int[] {0, 2}) {
      var member = members.get(granted / 2).sendHex("C0 00");
      for (var next = member.next(); next instanceof Publish publish; next = member.next()) {
        assertThat(publish.qos().value()).isEqualTo(Math.min(granted, published));
        heard++;
      }
    }
    assertThat(heard).isEqualTo(10);
  }

  @Test
  void givenThreeMembers_whenPublished_thenEachMessageToOneAndAllHaveTheirTurn() {
    var members =
        List.of(
            member("1", "$share/g/a", 1),
            member("2", "$share/g/a", 1),
            member("3", "$share/g/a", 1));
    var otherGroup = member("4", "$share/h/a", 1);
    var publisher = peer("p");
    var sent = new ArrayList<String>();
    for (int i = 0; i < 30; i++) {
      publisher.publish("a", "" + i, 1);
      sent.add("" + i);
    }

    var together = new ArrayList<String>();
    for (var member : members) {
      var heard = heard(member);
      assertThat(heard).hasSize(10);
      together.addAll(heard);
    }
    assertThat(together).containsExactlyInAnyOrderElementsOf(sent);
    assertThat(heard(otherGroup)).isEqualTo(sent);
  }

  @Test
  @Tag("MQTT-4.8.2-4")
  void givenPublishWithQos2WasSent_whenTheMemberIsCut_thenItIsFinishedWithThatMember() {
    var member = member("kept", "$share/g/a", 2);
    peer("p").publish("a", "x", 2);
    int packetId = member.nextPublish().packetId();
    var other = member("other", "$share/g/a", 2);

    member.reset();
    broker().awaitConnections(2);
    other.expectNothing();

    var back = peer(KEPT);
    var again = back.nextPublish();
    assertThat(again.dup()).isTrue();
    assertThat(again.packetId()).isEqualTo(packetId);
    assertThat(back.pubrec(packetId).next(Pubrel.class).packetId()).isEqualTo(packetId);
    back.pubcomp(packetId).expectNothing();
    other.expectNothing();
  }

  @Test
  @Tag("MQTT-4.8.2-4")
  void givenPubrecWasReceived_whenTheMemberIsCut_thenItIsFinishedWithThatMember() {
    var member = member("kept", "$share/g/a", 2);
    peer("p").publish("a", "x", 2);
    int packetId = member.nextPublish().packetId();
    member.pubrec(packetId).next(Pubrel.class);
    var other = member("other", "$share/g/a", 2);

    member.reset();
    broker().awaitConnections(2);
    other.expectNothing();

    var back = peer(KEPT);
    assertThat(back.next(Pubrel.class).packetId()).isEqualTo(packetId);
    back.pubcomp(packetId).expectNothing();
    other.expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-4.8.2-5")
  @ValueSource(booleans = {false, true})
  void givenQos2WasStarted_whenTheSessionEnds_thenNobodyElseGetsIt(boolean received) {
    var member = member("kept", "$share/g/a", 2);
    peer("p").publish("a", "x", 2);
    int packetId = member.nextPublish().packetId();
    if (received) {
      member.pubrec(packetId).next(Pubrel.class);
    }
    var other = member("other", "$share/g/a", 2);
    member.reset();
    broker().awaitConnections(2);

    broker().advance(Duration.ofSeconds(61));

    other.expectNothing();
    assertThat(open().connect(KEPT).sessionPresent()).isFalse();
  }

  @ParameterizedTest
  @Tag("MQTT-4.8.2-6")
  @CsvSource({"1,0x40,0x80", "1,0x40,0x97", "2,0x50,0x80", "2,0x50,0x83"})
  void givenMemberRefuses_whenItAnswers_thenTheMessageIsGivenToNobodyElse(
      int qos, String answer, String reason) {
    var member = member("kept", "$share/g/a", qos);
    peer("p").publish("a", "x", qos);
    int packetId = member.nextPublish().packetId();
    var other = member("other", "$share/g/a", qos);

    member.acknowledge(Integer.decode(answer), packetId, Integer.decode(reason)).expectNothing();

    other.expectNothing();
    member.disconnect();
    broker().advance(Duration.ofSeconds(61));
    other.expectNothing();
  }

  @Test
  @Tag("edge-136")
  @Tag("edge-137")
  void givenMessagesOfAWildcardGroup_whenTheMembersSessionEnds_thenAnotherMemberGetsThem() {
    var member = peer(ConnectBytes.v5("kept").resume(60).receiveMaximum(1));
    member.subscribe("$share/g/a/+/#", 1);
    peer("p").publish("a/b/c", "1", 1).publish("a/b", "2", 1).publish("a/b/d", "3", 1);
    assertThat(member.nextText()).isEqualTo("1");
    var other = member("other", "$share/g/a/+/#", 1);

    member.reset();
    broker().awaitConnections(2);
    assertThat(heard(other)).as("not sent to the member").containsExactly("2", "3");
    broker().advance(Duration.ofSeconds(61));

    assertThat(heard(other)).as("sent, not acknowledged").containsExactly("1");
  }

  @Test
  @Tag("edge-138")
  void givenMessagesWereSent_whenTheMemberTakesItsSessionOver_thenNobodyElseGetsThem() {
    var member = member("kept", "$share/g/a", 1);
    peer("p").publish("a", "1", 1).publish("a", "2", 1);
    assertThat(heard(member)).hasSize(2);
    var other = member("other", "$share/g/a", 1);

    var taker = peer(KEPT);

    assertThat(heard(taker)).containsExactly("1", "2");
    other.expectNothing();
  }

  @Test
  @Tag("edge-139")
  void givenMemberThatIsOffline_whenOthersAreOnline_thenTheyGetTheMessages() {
    member("kept", "$share/g/a", 1).disconnect();
    var online = member("online", "$share/g/a", 1);
    var publisher = peer("p").publish("a", "1", 1).publish("a", "2", 1);

    assertThat(heard(online)).containsExactly("1", "2");
    online.unsubscribe("$share/g/a");
    publisher.publish("a", "3", 1);
    assertThat(heard(peer(KEPT))).as("nobody is online").containsExactly("3");
  }

  @Test
  @Tag("edge-140")
  void givenSharedAndPlainSubscription_whenPublished_thenEachDeliversItsCopy() {
    var client = peer("c");
    client.subscribe("$share/g/a", 1, 1);
    client.subscribe("a", 0, 2);
    var other = peer("other");
    other.subscribe("a", 1);

    peer("p").publish("a", "x", 1);

    var ids = new ArrayList<Integer>();
    ids.addAll(client.nextPublish().subscriptionIds());
    ids.addAll(client.nextPublish().subscriptionIds());
    assertThat(ids).containsExactlyInAnyOrder(1, 2);
    client.expectNothing();
    assertThat(heard(other)).containsExactly("x");
  }

  @Test
  void givenRetainedMessage_whenSubscribingShared_thenItIsNotSent() {
    var publisher = peer("p").publish(PublishBytes.of("a", "kept").retain(), 1);
    var client = peer("c");
    client.subscribe("$share/g/a", 1 | 0b1000);
    client.expectNothing();

    publisher.publish(PublishBytes.of("a", "live").retain(), 1);

    assertThat(client.nextPublish().retain()).as("Retain As Published").isTrue();
  }

  @Test
  void givenSubscriptionTwice_whenUnsubscribingOnce_thenNoMemberIsLeft() {
    var client = member("c", "$share/g/a", 1);
    client.subscribe("$share/g/a", 2);
    var publisher = peer("p").publish("a", "1", 1);
    assertThat(heard(client)).containsExactly("1");

    client.unsubscribe("$share/g/a");

    var puback = publisher.send(PublishBytes.of("a", "2").qos(1, 9)).next();
    assertThat(puback).extracting("reason").isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
    client.expectNothing();
  }

  @ParameterizedTest
  @EnumSource(
      value = ProtocolVersion.class,
      names = {"V3_1_1", "V3_1"})
  void givenMembersOfSeveralVersions_whenPublished_thenEachGetsWhatItsVersionKnows(
      ProtocolVersion version) {
    var old = peer(ConnectBytes.of(version, "old"));
    old.subscribe("$share/g/a", 1);
    var young = member("young", "$share/g/a", 1);
    var publisher = peer("p");
    for (int i = 0; i < 4; i++) {
      publisher.publish(PublishBytes.of("a", "x").expiry(60), 1);
    }

    assertThat(heard(old)).containsExactly("x", "x");
    assertThat(young.nextPublish().properties().messageExpiry()).hasValue(60);
    assertThat(heard(young)).containsExactly("x");
  }
}
