package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.policy.Peers.mqtt;
import static org.parley.policy.file.Policies.allow;
import static org.parley.policy.file.Policies.deny;
import static org.parley.policy.file.Policies.policyOf;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.policy.Action;
import org.parley.policy.Decision.Allowed;
import org.parley.policy.Decision.Denied;
import org.parley.policy.Listing;
import org.parley.policy.MqttAuthorization;
import org.parley.policy.RulePolicy;
import org.parley.policy.Subject;

/** Rules on connecting, publishing and subscribing, as written in a file. */
class TopicRulesTest {
  private static final Subject ADA = mqtt("host1", "ada", "sensor-1");

  private static final RulePolicy TOPICS =
      policyOf(
          deny("no-secrets", "action: [publish, subscribe]\ntopics: [secret/#, '+/private']"),
          deny("nothing-kept", "action: publish\ntopics: live/#\nretain: true"),
          allow("own", "action: [publish, subscribe]\ntopics: [dev/%c/#, user/%u, host/%cn/+]"),
          allow("kept", "action: publish\nretain: true\ntopics: kept/#"),
          allow("live", "action: [publish, subscribe]\ntopics: live/#"),
          allow("admins", "action: [publish, subscribe]\nwho: {user_name: root}"),
          allow("read-all", "action: subscribe\nwho: {user_name: ada}\ntopics: '#'"));

  private static void assertSame(RulePolicy policy, Action action, String rule, boolean allowed) {
    var expected = allowed ? new Allowed(rule) : new Denied(rule);
    assertThat(policy.decide(action)).isEqualTo(expected);
    assertThat(policy.explain(action).decision()).as("explained").isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "dev/sensor-1, false, own, true",
    "dev/sensor-1/a/b, true, own, true",
    "dev/sensor-10, false, no-rule-fits, false",
    "dev/+/a, false, no-rule-fits, false",
    "user/ada, false, own, true",
    "user/ada/x, false, no-rule-fits, false",
    "host/host1/x, false, own, true",
    "secret, false, no-secrets, false",
    "secret/x, true, no-secrets, false",
    "dev/private, false, no-secrets, false",
    "live/x, false, live, true",
    "live/x, true, nothing-kept, false",
    "kept/x, true, kept, true",
    "kept/x, false, no-rule-fits, false",
    "other, false, no-rule-fits, false",
    "$SYS/x, false, no-rule-fits, false"
  })
  void givenTopic_whenPublishedTo_thenByTheFirstRuleThatFits(
      String topic, boolean retain, String rule, boolean allowed) {
    assertSame(TOPICS, new Action.Publish(ADA, topic, retain), rule, allowed);
  }

  /** No wildcard reaches over a rule that denies. */
  @ParameterizedTest
  @CsvSource({
    "dev/sensor-1/#, own, true",
    "dev/sensor-1, own, true",
    "dev/+/#, no-secrets, false",
    "'#', no-secrets, false",
    "+/+, no-secrets, false",
    "+/#, no-secrets, false",
    "secret/#, no-secrets, false",
    "secret, no-secrets, false",
    "dev/+, no-secrets, false",
    "live/#, no-secrets, false",
    "live/a/#, live, true",
    "live/a, live, true",
    "other/x, read-all, true",
    "$SYS/#, no-rule-fits, false"
  })
  @Tag("CVE-2026-49186")
  void givenFilter_whenSubscribedTo_thenAllowedAsAWholeAndDeniedForAPart(
      String filter, String rule, boolean allowed) {
    assertSame(TOPICS, new Action.Subscribe(ADA, filter), rule, allowed);
  }

  @Test
  void givenRuleWithoutTopics_whenItFits_thenForTopicsWithDollarToo() {
    var root = mqtt("", "root", "c");

    assertSame(TOPICS, new Action.Publish(root, "$SYS/x", true), "admins", true);
    assertSame(TOPICS, new Action.Subscribe(root, "$SYS/#"), "admins", true);
    assertSame(TOPICS, new Action.Subscribe(root, "#"), "no-secrets", false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+", "#", "sensor-1/#", "x/../sensor-1", "$SYS", "*", "\0"})
  @Tag("CVE-2017-7650")
  void givenClientIdThatIsMoreThanAName_whenPutIntoRules_thenTheyMatchNothing(String clientId) {
    var policy =
        policyOf(
            allow("own", "action: [publish, subscribe]\ntopics: ['%c/#', 'dev/%c']"),
            allow("also", "action: publish\ntopics: a/b"));
    var subject = mqtt("", "", clientId);
    if (!clientId.equals("$SYS")) {
      assertSame(policy, new Action.Publish(subject, "dev/sensor-1", false), "no-rule-fits", false);
      assertSame(policy, new Action.Subscribe(subject, "dev/" + clientId), "no-rule-fits", false);
    }
    assertSame(policy, new Action.Publish(subject, clientId + "/x", false), "no-rule-fits", false);
    assertSame(policy, new Action.Subscribe(subject, clientId + "/#"), "no-rule-fits", false);
    assertSame(policy, new Action.Publish(subject, "a/b", false), "also", true);
  }

  @Test
  void givenDenialWithAMissingName_whenAsked_thenItDeniesNobody() {
    var policy =
        policyOf(
            deny("not-own", "action: subscribe\ntopics: out/%u"),
            allow("rest", "action: subscribe"));

    assertSame(policy, new Action.Subscribe(mqtt("a", "", "c"), "out/x"), "rest", true);
    assertSame(policy, new Action.Subscribe(mqtt("a", "x", "c"), "out/#"), "not-own", false);
  }

  @ParameterizedTest
  @CsvSource({
    "host1, '', host1, true, false, by-name",
    "host1, '', host1-7, true, false, by-name",
    "host1, '', host2, false, true, no-rule-fits",
    "host1, '', host1x, false, true, no-rule-fits",
    "'', ada, ada, true, false, by-user",
    "'', ada, eve, false, true, no-rule-fits",
    "'', '', host1, false, false, no-rule-fits",
    "'', a*, abc, false, true, no-rule-fits",
    "boss, '', anything, true, false, bosses",
    "boss, '', reserved-1, false, true, reserved",
    "mallory, '', mallory, false, false, banned"
  })
  void givenClient_whenItConnects_thenItsIdentifierIsBoundAndBlamedOnlyIfItIsTheReason(
      String commonName,
      String userName,
      String clientId,
      boolean allowed,
      boolean clientIdRefused,
      String rule) {
    var policy =
        policyOf(
            deny("banned", "action: connect\nwho: {common_name: mallory}"),
            deny("reserved", "action: connect\nclient_ids: reserved-*"),
            allow("bosses", "action: connect\nwho: {common_name: boss}"),
            allow(
                "by-name",
                """
                action: connect
                who: {authentication: certificate}
                client_ids: ['%cn', '%cn-*']
                """),
            allow("by-user", "action: connect\nwho: {user_name: '*'}\nclient_ids: '%u'"));
    var subject = mqtt(commonName, userName, clientId);

    assertSame(policy, new Action.Connect(subject), rule, allowed);
    assertThat(policy.refusesClientId(subject)).isEqualTo(clientIdRefused);
    assertThat(MqttAuthorization.of(policy, subject).refusesClientId()).isEqualTo(clientIdRefused);
  }

  @Test
  void givenRuleThatDeniesTheRest_whenAnIdentifierDoesNotFit_thenItIsBlamed() {
    var policy =
        policyOf(
            allow("own", "action: connect\nclient_ids: '%cn'"), deny("rest", "action: connect"));

    assertThat(policy.refusesClientId(mqtt("a", "", "b"))).isTrue();
    assertThat(policy.refusesClientId(mqtt("a", "", "a"))).isFalse();
    assertThat(policy.refusesClientId(org.parley.policy.Peers.peer("a", "agent"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "user_name: ada, true",
    "user_name: a, false",
    "client_id: sensor-*, true",
    "client_id: sensor, false",
    "common_name: host1, true",
    "protocol: mqtt-*, true",
    "protocol: mqtt-v5, true",
    "protocol: mqtt-v3*, false",
    "protocol: pcp-*, false",
    "transport: tls, true",
    "transport: wss, false",
    "authentication: certificate, true",
    "authentication: user, true",
    "authentication: anonymous, false",
    "client_type: '*', false",
    "network: 192.0.2.0/24, true"
  })
  void givenCondition_whenMqttPeerIsJudged_thenByWhatIsKnownOfIt(
      String condition, boolean allowed) {
    var policy = policyOf(allow("rule", "action: connect\nwho: {" + condition + "}"));

    assertSame(policy, new Action.Connect(ADA), allowed ? "rule" : "no-rule-fits", allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "authentication: anonymous, true",
    "authentication: [certificate; user], false",
    "common_name: '*', false",
    "issuer: '*', false",
    "user_name: '*', false",
    "san: {dns: '*'}, false",
    "extension: {pp_role: a}, false"
  })
  void givenAnonymousPeer_whenJudged_thenOnlyByWhatIsKnownOfIt(String condition, boolean allowed) {
    var policy =
        policyOf(allow("rule", "action: connect\nwho: {" + condition.replace(';', ',') + "}"));

    assertSame(
        policy, new Action.Connect(mqtt("", "", "c")), allowed ? "rule" : "no-rule-fits", allowed);
  }

  @Test
  void givenRulesThatReadAlikeForMany_whenTheyAreKept_thenClientsShareThem() {
    var policy = policyOf(allow("all", "action: publish\ntopics: a/#"));

    assertThat(policy.topics(mqtt("a", "", "1"))).isSameAs(policy.topics(mqtt("b", "", "2")));
    assertThat(policy.kept().subjects()).as("no rule asks for the identifier").isEqualTo(2);

    policy.topics(mqtt("a", "", "3"));
    assertThat(policy.kept().subjects()).isEqualTo(2);
  }

  @Test
  void givenRulesThatAskForTheClientId_whenItDiffers_thenEachHasItsOwn() {
    var policy = policyOf(allow("own", "action: publish\ntopics: a/%c"));

    assertThat(policy.decide(new Action.Publish(mqtt("a", "", "1"), "a/1", false)))
        .isEqualTo(new Allowed("own"));
    assertThat(policy.decide(new Action.Publish(mqtt("a", "", "2"), "a/1", false)))
        .isEqualTo(new Denied("no-rule-fits"));
  }

  @Test
  void givenMqttActions_whenExplained_thenInPlainLogSafeLines() {
    assertThat(TOPICS.explain(new Action.Publish(ADA, "live/\n", true)).text())
        .isEqualTo(
            """
            host1 as sensor-1 by mqtt-v5 from 192.0.2.1, publish retained to "live/\\u000A": \
            denied by nothing-kept (line 7)
              not by no-secrets (line 3): topic is "live/\\u000A", not secret/# or 1 more
            """);
    assertThat(TOPICS.explain(new Action.Publish(mqtt("", "bob", "c"), "kept/x", false)).text())
        .startsWith("user bob as c by mqtt-v5 from 192.0.2.1, publish to \"kept/x\": denied")
        .contains("not by kept (line 16): retain is false\n");
    assertThat(TOPICS.explain(new Action.Subscribe(mqtt("", "", "c"), "dev/#")).text())
        .startsWith("anonymous as c by mqtt-v5 from 192.0.2.1, subscribe \"dev/#\": denied")
        .contains("denied by no-secrets");
    assertThat(TOPICS.explain(new Action.Subscribe(ADA, "a/b")).text())
        .contains("filter is \"a/b\", not secret/# or 1 more in part\n")
        .contains("filter is \"a/b\", not live/# as a whole\n");
    assertThat(TOPICS.explain(new Action.Connect(ADA)).text())
        .startsWith("host1 as sensor-1 by mqtt-v5 from 192.0.2.1, connect: denied");
  }

  @Test
  void givenMqttSubject_whenListed_thenItsTopics() {
    var listing = Listing.of(TOPICS, List.of(mqtt("", "root", "c")));

    assertThat(listing.text())
        .isEqualTo(
            """
            user root as c by mqtt-v5 from 192.0.2.1
              connect: denied by no-rule-fits
              publish, subscribe secret/#, +/private: denied by no-secrets (line 3)
              publish retained live/#: denied by nothing-kept (line 7)
              publish, subscribe dev/%c/#, user/%u, host/%cn/+: allowed by own (line 12)
              publish retained kept/#: allowed by kept (line 16)
              publish, subscribe live/#: allowed by live (line 21)
              publish, subscribe every topic: allowed by admins (line 25)
              any other topic: denied by no-rule-fits
            """);
  }
}
