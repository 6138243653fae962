package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.policy.file.Policies.allow;
import static org.parley.policy.file.Policies.policyOf;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.policy.Policy;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.TestBroker;

/** A whole broker with a policy as written in a file: a right to a part is a right to no more. */
class SubtreeRightsTest {
  private static final Policy POLICY =
      policyOf(
          allow("all-connect", "action: connect"),
          allow("root", "action: [publish, subscribe]\nwho: {user_name: root}"),
          allow("own", "action: [publish, subscribe]\ntopics: ['own/#']"),
          allow("mine", "action: [publish, subscribe]\ntopics: ['dev/%c/#', 'user/%u/#']"));

  private final TestBroker broker =
      TestBroker.start(options -> options.authentication = _ -> access());
  private final Peer root = peer("root", "root");
  private final Peer ada = peer("ada", "ada");

  private static Authentication access() {
    return AccessByPolicy.of(POLICY, (_, _) -> true, _ -> true);
  }

  private static ConnectBytes connect(String clientId, String userName) {
    return ConnectBytes.v5(clientId).userName(userName).password("any");
  }

  private Peer peer(String clientId, String userName) {
    return Peer.connected(broker, connect(clientId, userName));
  }

  @AfterEach
  void end() {
    root.close();
    ada.close();
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#",
        "+/#",
        "+/+",
        "+",
        "+/x",
        "secret/x",
        "/own/#",
        "$share/g/#",
        "$share/g/+/x",
        "$share/g/secret/x",
        "$share/own/secret/#",
        "$SYS/#",
        "dev/#",
        "dev/+/#",
        "user/+"
      })
  @Tag("CVE-2026-49186")
  @Tag("CVE-2026-32642")
  void givenRightToASubtree_whenAFilterReachesFurther_thenNotAuthorizedAndNothingIsHeard(
      String filter) {
    root.publish(PublishBytes.of("secret/x", "kept").retain(), 1);

    assertThat(ada.subscribe(filter, 0).reasons()).containsExactly(ReasonCode.NOT_AUTHORIZED);

    root.publish("secret/x", "live", 1).publish("dev/other/x", "live", 1);
    ada.expectNothing();
    assertThat(broker.state().subscriptionCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"own/#", "own/+", "own/x", "$share/g/own/#", "$share/secret/own/x"})
  @Tag("CVE-2026-49186")
  void givenRightToASubtree_whenAFilterStaysInIt_thenGrantedAndHeard(String filter) {
    assertThat(ada.subscribe(filter, 0).reasons()).containsExactly(ReasonCode.SUCCESS);

    root.publish("own/x", "live", 1).publish("secret/x", "live", 1);

    assertThat(ada.nextPublish().topic().text()).isEqualTo("own/x");
    ada.expectNothing();
  }

  @Test
  @Tag("CVE-2026-32642")
  void givenRightToASubtree_whenSubscribed_thenItsRetainedMessagesAlone() {
    root.publish(PublishBytes.of("secret/x", "secret").retain(), 1);
    root.publish(PublishBytes.of("own/x", "own").retain(), 1);

    ada.subscribe("own/#", 0);

    assertThat(ada.nextText()).isEqualTo("own");
    ada.expectNothing();
  }

  @ParameterizedTest
  @CsvSource({"false, secret/x", "true, secret/x", "false, dev/other/x", "true, user/ad/x"})
  @Tag("CVE-2026-32642")
  void givenRightToASubtree_whenPublishedElsewhere_thenNotAuthorizedAndNothingComesOfIt(
      boolean retain, String topic) {
    root.subscribe("#", 0);
    var publish = PublishBytes.of(topic, "x");
    if (retain) {
      publish.retain();
    }

    assertThat(ada.send(publish.qos(1, 1)).next(Puback.class).reason())
        .isEqualTo(ReasonCode.NOT_AUTHORIZED);
    assertThat(ada.send(publish.qos(2, 2)).next(Pubrec.class).reason())
        .isEqualTo(ReasonCode.NOT_AUTHORIZED);
    ada.send(publish.qos(0, 0)).expectNothing();

    root.expectNothing();
    assertThat(broker.state().retainedCount()).isZero();
    assertThat(broker.state().sessionCount()).isEqualTo(2);
  }

  /** The Topic Alias of a refused PUBLISH is a name, and no right to it. */
  @Test
  @Tag("CVE-2026-32642")
  void givenAliasOfATopicElsewhere_whenPublishedByIt_thenRefusedEachTime() {
    root.subscribe("#", 0);
    ada.send(PublishBytes.of("secret/x", "1").alias(1).qos(1, 1)).next(Puback.class);

    var puback = ada.send(PublishBytes.of("", "2").alias(1).qos(1, 2)).next(Puback.class);

    assertThat(puback.reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    root.expectNothing();
  }

  @ParameterizedTest
  @CsvSource({"secret/x, false", "secret/x, true", "dev/other/w, false", "user/root/w, true"})
  @Tag("CVE-2026-32642")
  void givenWillElsewhere_whenConnecting_thenRefusedAndNoSessionIsMade(
      String topic, boolean retain) {
    try (var other = Peer.open(broker)) {
      other
          .send(connect("other-one", "ada").will(topic, "gone", 1, retain))
          .expectRefusal(ReasonCode.NOT_AUTHORIZED);
    }

    assertThat(broker.state().session("other-one")).isNull();
  }

  /** A Response Topic is what somebody asks for: who answers needs the right. */
  @Test
  @Tag("CVE-2026-32642")
  void givenResponseTopicElsewhere_whenAnswered_thenByTheRightsOfWhoAnswers() {
    ada.subscribe("own/ask", 0);
    root.subscribe("secret/#", 0);
    root.send(
        PublishBytes.of("own/ask", "?").properties(Bytes.empty().u8(0x08).string("secret/answer")));
    var asked = ada.nextPublish().properties().responseTopic().orElseThrow();

    var answer = PublishBytes.of(asked, "!").qos(1, 1);

    assertThat(ada.send(answer).next(Puback.class).reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    root.expectNothing();
  }

  @ParameterizedTest
  @CsvSource({"+, ada", "#, ada", "a/b, ada", "+/#, ada", "c, +", "c, #", "c, +/#", "c, root/#"})
  @Tag("CVE-2017-7650")
  void givenWildcardAsAName_whenItStandsInARule_thenItIsARightToNothing(
      String clientId, String userName) {
    for (var version : ProtocolVersion.values()) {
      try (var peer =
          Peer.connected(
              broker, ConnectBytes.of(version, clientId).userName(userName).password("any"))) {
        assertThat(peer.subscribe("dev/other/x", 0).reasons()).allMatch(ReasonCode::isFailure);
        assertThat(peer.subscribe("dev/+/x", 0).reasons()).allMatch(ReasonCode::isFailure);
        assertThat(peer.subscribe("user/root/x", 0).reasons()).allMatch(ReasonCode::isFailure);
        assertThat(peer.subscribe("user/#", 0).reasons()).allMatch(ReasonCode::isFailure);
      }
    }
  }
}
