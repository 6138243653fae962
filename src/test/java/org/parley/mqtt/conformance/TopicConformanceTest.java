package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.packet.ReasonCode.GRANTED_QOS_1;
import static org.parley.mqtt.packet.ReasonCode.MALFORMED_PACKET;
import static org.parley.mqtt.packet.ReasonCode.PROTOCOL_ERROR;
import static org.parley.mqtt.packet.ReasonCode.SUCCESS;
import static org.parley.mqtt.packet.ReasonCode.TOPIC_FILTER_INVALID;
import static org.parley.mqtt.packet.ReasonCode.TOPIC_NAME_INVALID;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;

/** Topic Names and Topic Filters: section 4.7. */
class TopicConformanceTest extends BrokerUnderTest {
  /** The longest name in UTF-8, bytes. */
  private static final int LONGEST = 65_535;

  private static final Bytes RESPONSE_TOPIC = Bytes.empty().u8(0x08);

  @ParameterizedTest
  @Tag("MQTT-4.7.0-1")
  @ValueSource(strings = {"+", "#", "a/+", "a/#", "a+b", "#/a"})
  void givenWildcard_whenPublishingToIt_thenTopicNameInvalid(String name) {
    var subscriber = peer("s");
    subscriber.subscribe("#", 0);

    peer("c").publish(name, "x").expectDisconnect(TOPIC_NAME_INVALID);

    subscriber.expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-4.7.0-1")
  @ValueSource(strings = {"+", "a/#", "a+b"})
  void givenWildcard_whenItIsTheTopicOfAWill_thenConnectIsRefused(String name) {
    open().send(ConnectBytes.v5("c").will(name, "x", 0, false)).expectRefusal(TOPIC_NAME_INVALID);
  }

  @ParameterizedTest
  @Tag("MQTT-4.7.0-1")
  @Tag("edge-147")
  @ValueSource(strings = {"+", "a/#", "a+b", ""})
  void givenWildcardOrNothing_whenItIsAResponseTopic_thenProtocolError(String name) {
    var properties = Bytes.empty().raw(RESPONSE_TOPIC.toByteArray()).string(name);

    peer("c")
        .send(PublishBytes.of("a", "x").properties(properties).qos(1, 1))
        .expectDisconnect(PROTOCOL_ERROR);
  }

  @ParameterizedTest
  @Tag("MQTT-4.7.1-1")
  @Tag("edge-131")
  @ValueSource(strings = {"a#", "a/#/b", "#/a", "a/b#", "##", "#/", "sport/tennis#", "abc/#/def"})
  void givenMultiLevelWildcardInAWrongPlace_whenSubscribing_thenRefused(String filter) {
    assertThat(peer("c").subscribe(filter, 0).reasons()).containsExactly(TOPIC_FILTER_INVALID);
  }

  @ParameterizedTest
  @Tag("MQTT-4.7.1-2")
  @Tag("edge-131")
  @ValueSource(strings = {"a+", "a/+b", "+a/b", "abc+", "++", "a/b+/c", "+#"})
  void givenSingleLevelWildcardInALevel_whenSubscribing_thenRefused(String filter) {
    assertThat(peer("c").subscribe(filter, 0).reasons()).containsExactly(TOPIC_FILTER_INVALID);
  }

  @ParameterizedTest
  @Tag("MQTT-4.7.1-1")
  @Tag("MQTT-4.7.1-2")
  @ValueSource(strings = {"#", "a/#", "+", "+/+", "a/+/#", "/", "//", "/+", "+/", "a b/ /#", "/#"})
  void givenFilterThatKeepsTheRules_whenSubscribing_thenGranted(String filter) {
    assertThat(peer("c").subscribe(filter, 0).reasons()).containsExactly(SUCCESS);
  }

  @ParameterizedTest
  @MethodSource("matches")
  @Tag("MQTT-4.7.1-1")
  @Tag("MQTT-4.7.1-2")
  @Tag("MQTT-4.7.3-4")
  void givenFilter_whenPublishedAndRetained_thenExactlyWhatMatchesComes(
      String filter, List<String> matching, List<String> others) {
    var publisher = peer("p");
    var live = peer("live");
    live.subscribe(filter, 0);

    others.forEach(topic -> publisher.publish(PublishBytes.of(topic, topic).retain(), 1));
    matching.forEach(topic -> publisher.publish(PublishBytes.of(topic, topic).retain(), 1));

    for (var topic : matching) {
      assertThat(live.nextText()).isEqualTo(topic);
    }
    live.expectNothing();
    var late = peer("late");
    late.subscribe(filter, 0);
    assertThat(Stream.generate(late::nextText).limit(matching.size()))
        .containsExactlyInAnyOrderElementsOf(matching);
    late.expectNothing();
  }

  static Stream<Arguments> matches() {
    return Stream.of(
        row("#", "a /  a/b /a A", ""),
        row("+/#", "a a/b /a / a/b/c", ""),
        row("a/#", "a a/ a/b/c a//", "ab /a A/b b"),
        row("a/+", "a/b a/ a/$x", "a a/b/c a// A/b"),
        row("+/b", "a/b /b", "b b/b/b a/B"),
        row("+/+", "a/b / /b", "a a/b/c"),
        row("+", "a A", "/a a/ /"),
        row("/+", "/a /", "a //"),
        row("a/b", "a/b", "a//b a/b/ /a/b A/b a/B"),
        row("a//b", "a//b", "a/b a///b"),
        row("a/+/b", "a/x/b a//b", "a/b a/x/y/b"),
        row("\u00e9", "\u00e9", "e e\u0301"));
  }

  private static Arguments row(String filter, String matching, String others) {
    return Arguments.of(filter, words(matching), words(others));
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" +"));
  }

  @ParameterizedTest
  @CsvSource({
    "#,false",
    "+,false",
    "+/#,false",
    "+/x,false",
    "$share/g/#,false",
    "$share/g/+/x,false",
    "$SYS/#,true",
    "$SYS/+,true",
    "$share/g/$SYS/#,true"
  })
  @Tag("MQTT-4.7.2-1")
  @Tag("edge-148")
  void givenNameWithDollar_whenAFilterBeginsWithAWildcard_thenItDoesNotMatch(
      String filter, boolean matches) {
    broker().publish("$SYS/x", "kept", true);
    var client = peer("c");

    client.subscribe(filter, 0);
    if (matches && !filter.startsWith("$share")) {
      assertThat(client.nextText()).isEqualTo("kept");
    }
    client.expectNothing();

    broker().publish("$SYS/x", "live", false);
    if (matches) {
      assertThat(client.nextText()).isEqualTo("live");
    }
    client.expectNothing();
  }

  @Test
  @Tag("edge-149")
  void givenBothFilters_whenTheServerPublishesToSys_thenTheSecondDeliversIt() {
    var client = peer("c");
    client.subscribe("#", 0, 1);
    client.subscribe("$SYS/#", 0, 2);

    broker().publish("$SYS/x", "live", false);

    assertThat(client.nextPublish().subscriptionIds()).containsExactly(2);
    client.expectNothing();
  }

  @ParameterizedTest
  @Tag("edge-150")
  @ValueSource(strings = {"$SYS/x", "$foo/x", "$", "$x", "$/", "$share", "$share/g", "$share/g/a"})
  @Tag("CVE-2018-12543")
  void givenNameWithDollar_whenAClientPublishesToIt_thenItIsRefused(String name) {
    var subscriber = peer("s");
    subscriber.subscribe("$SYS/#", 0);
    subscriber.subscribe("a", 0);
    var client = peer("c");

    assertThat(client.send(PublishBytes.of(name, "1").qos(1, 1)).next(Puback.class).reason())
        .isEqualTo(TOPIC_NAME_INVALID);
    assertThat(client.send(PublishBytes.of(name, "2").qos(2, 2)).next(Pubrec.class).reason())
        .isEqualTo(TOPIC_NAME_INVALID);
    client.publish(name, "0").expectNothing();
    subscriber.expectNothing();
  }

  @Test
  @Tag("MQTT-4.7.3-1")
  void givenNoCharacter_whenSubscribingToIt_thenRefused() {
    var client = peer("c");

    assertThat(client.subscribe("", 0).reasons()).containsExactly(TOPIC_FILTER_INVALID);
    assertThat(client.unsubscribe("").reasons()).containsExactly(TOPIC_FILTER_INVALID);
  }

  @ParameterizedTest
  @Tag("MQTT-4.7.3-1")
  @Tag("edge-146")
  @CsvSource({"V5,0", "V5,1", "V5,2", "V3_1_1,0", "V3_1_1,1", "V3_1_1,2", "V3_1,0", "V3_1,1"})
  @Tag("CVE-2021-34432")
  void givenNoCharacter_whenPublishingToIt_thenProtocolError(ProtocolVersion version, int qos) {
    peer(ConnectBytes.of(version, "c"))
        .send(PublishBytes.of("", "x").qos(qos, 1))
        .expectDisconnect(PROTOCOL_ERROR);
  }

  @ParameterizedTest
  @Tag("MQTT-4.7.3-2")
  @EnumSource(ProtocolVersion.class)
  void givenNullCharacter_whenPublishingToIt_thenMalformed(ProtocolVersion version) {
    peer(ConnectBytes.of(version, "c")).publish("a\0b", "x").expectDisconnect(MALFORMED_PACKET);
  }

  @Test
  @Tag("MQTT-4.7.3-2")
  @Tag("edge-143")
  void givenNullCharacter_whenItIsInTheTopicOfAWill_thenConnectIsRefused() {
    open().send(ConnectBytes.v5("c").will("a\0b", "x", 0, false)).expectRefusal(MALFORMED_PACKET);
  }

  @ParameterizedTest
  @Tag("MQTT-4.7.3-2")
  @EnumSource(ProtocolVersion.class)
  void givenNullCharacter_whenSubscribingToIt_thenMalformed(ProtocolVersion version) {
    var client = peer(ConnectBytes.of(version, "c"));

    client.send(client.subscription(1, "a\0b", 0)).expectDisconnect(MALFORMED_PACKET);
  }

  @ParameterizedTest
  @Tag("MQTT-4.7.3-3")
  @ValueSource(strings = {"#", "/#", "exact"})
  @Tag("CVE-2019-11779")
  void givenLongestName_whenPublishing_thenItArrives(String filter) {
    for (var name : List.of("/" + "x".repeat(LONGEST - 1), "/".repeat(LONGEST))) {
      start(_ -> {});
      var client = peer("c");
      assertThat(client.subscribe(filter.equals("exact") ? name : filter, 1).reasons())
          .containsExactly(GRANTED_QOS_1);

      peer("p").publish(PublishBytes.of(name, "x").retain(), 1);

      var topic = client.nextPublish().topic().text();
      assertThat(topic.equals(name)).as("the same %d characters", topic.length()).isTrue();
      client.expectNothing();
    }
  }

  @Test
  @Tag("MQTT-4.7.3-3")
  @Tag("CVE-2019-11779")
  void givenFilterOfWildcardsOnly_whenItHas32ThousandLevels_thenItMatchesSuchNames() {
    int levels = (LONGEST + 1) / 2;
    var filter = "+/".repeat(levels - 1) + "+";
    var name = "a/".repeat(levels - 1) + "b";
    var client = peer("c");
    client.subscribe(filter, 1);

    peer("p").publish(PublishBytes.of(name, "x").retain(), 1);

    assertThat(client.nextPublish().topic().text().equals(name)).isTrue();
    var late = peer("late");
    late.subscribe(filter, 1);
    assertThat(late.nextPublish().retain()).isTrue();
  }

  @ParameterizedTest
  @Tag("edge-144")
  @ValueSource(strings = {"FF", "61 C0 80", "ED A0 80", "F0 9F 98"})
  void givenTopicThatIsNotUtf8_whenPublishingItRetained_thenNobodyEverSeesIt(String hex) {
    var body = Bytes.empty().binary(Bytes.hex(hex)).varInt(0).u8('x');

    peer("c").send(Bytes.packet(0x31, body)).expectDisconnect(MALFORMED_PACKET);

    var late = peer("late");
    late.subscribe("#", 0);
    late.expectNothing();
    assertThat(broker().state().retainedCount()).isZero();
  }

  @ParameterizedTest
  @Tag("edge-145")
  @ValueSource(ints = {0x01, 0x1F, 0x7F, 0x9F, 0xFDD0, 0xFFFF})
  void givenControlCharacterOrNonCharacter_whenPublishingToIt_thenTheSwitchDecides(int character) {
    var name = "a" + Character.toString(character);
    peer("c").publish(name, "x").expectDisconnect(MALFORMED_PACKET);

    start(options -> options.rejectDisallowedCodePoints = false);
    var client = peer("c");
    client.subscribe(name, 0);
    client.publish(name, "x");
    assertThat(client.nextPublish().topic().text()).isEqualTo(name);
  }

  @ParameterizedTest
  @Tag("edge-151")
  @EnumSource(ProtocolVersion.class)
  void givenAnyBytes_whenTheyAreAPayload_thenTheyArriveAsTheyAre(ProtocolVersion version) {
    var every = new byte[512];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) (i - 100);
    }
    var client = peer(ConnectBytes.of(version, "c"));
    client.subscribe("a", 0);

    client.send(PublishBytes.of("a", every));

    assertThat(client.nextPublish().payload().toByteArray()).isEqualTo(every);
    client.send(PublishBytes.of("a", every).retain()).nextPublish();
    client.subscribe("a", 0);
    assertThat(client.nextPublish().payload().toByteArray()).isEqualTo(every);
  }
}
