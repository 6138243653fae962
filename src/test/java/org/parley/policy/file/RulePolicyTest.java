package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.parley.policy.Peers.associate;
import static org.parley.policy.Peers.peer;
import static org.parley.policy.Peers.send;
import static org.parley.policy.file.Policies.allow;
import static org.parley.policy.file.Policies.deny;
import static org.parley.policy.file.Policies.file;
import static org.parley.policy.file.Policies.policyOf;
import static org.parley.policy.file.Policies.rules;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.parley.policy.Decision.Allowed;
import org.parley.policy.Decision.Denied;
import org.parley.policy.RulePolicy;
import org.parley.policy.RulePolicy.Bounds;
import org.parley.policy.RulePolicy.Kept;

/** Rules on messages, their order, and what is kept of decisions. */
class RulePolicyTest {
  private static final RulePolicy MESSAGES =
      policyOf(
          deny("no-secrets", "action: send\nmessage_type: ['*secret*', 'top/*']"),
          allow("to-web", "action: send\ntarget: pcp://web*/agent"),
          allow(
              "ping-all", "action: send\ntarget: ['pcp://*/agent', '*/other']\nmessage_type: ping"),
          allow("boss-sends", "action: send\nwho: {common_name: boss}"));

  @ParameterizedTest
  @CsvSource({
    "agent, pcp://web1/agent, a/secret, no-secrets, false",
    "agent, pcp://web1/agent, top/, no-secrets, false",
    "boss, pcp://db1/agent, top/x, no-secrets, false",
    "agent, pcp://web1/agent, report, to-web, true",
    "agent, pcp://web1/agents, report, no-rule-fits, false",
    "agent, pcp://db1/agent, ping, ping-all, true",
    "agent, pcp://db1/other, ping, ping-all, true",
    "agent, pcp://db1/agent, pings, no-rule-fits, false",
    "agent, pcp:///server, ping, no-rule-fits, false",
    "boss, pcp:///server, anything, boss-sends, true"
  })
  void givenMessage_whenDecided_thenByTheFirstRuleThatFitsEachTime(
      String sender, String target, String type, String rule, boolean allowed) {
    var action = send(peer(sender, "agent"), target, type);
    var expected = allowed ? new Allowed(rule) : new Denied(rule);

    assertThat(MESSAGES.decide(action)).isEqualTo(expected);
    assertThat(MESSAGES.decide(action)).as("kept").isEqualTo(expected);
    assertThat(MESSAGES.explain(action).decision()).as("explained").isEqualTo(expected);
  }

  @Test
  void givenManySubjectsOfTheSameRules_whenTheySendAlike_thenOneDecisionIsKept() {
    var policy = new RulePolicy(MESSAGES.rules());

    for (int i = 0; i < 100; i++) {
      policy.decide(send(peer("client" + i, "agent"), "pcp://web1/agent", "report"));
    }
    assertThat(policy.kept()).isEqualTo(new Kept(100, 1));

    policy.decide(send(peer("boss", "agent"), "pcp://web1/agent", "report"));
    assertThat(policy.kept()).isEqualTo(new Kept(101, 2));
  }

  @Test
  void givenMoreThanTheBounds_whenDecided_thenNoMoreIsKeptAndEachDecisionIsRight() {
    var policy = new RulePolicy(MESSAGES.rules(), new Bounds(10, 20, 100));

    for (int i = 0; i < 1000; i++) {
      var target = "pcp://web" + i + "/agent";
      assertThat(policy.decide(send(peer("client" + i, "agent"), target, "x")))
          .isEqualTo(new Allowed("to-web"));
    }

    assertThat(policy.kept().subjects()).isBetween(1L, 10L);
    assertThat(policy.kept().decisions()).isBetween(1L, 20L);
  }

  @Test
  void givenLongTexts_whenDecided_thenTheDecisionIsNotKept() {
    var policy = new RulePolicy(MESSAGES.rules(), new Bounds(10, 20, 30));

    var longer = send(peer("a", "agent"), "pcp://web/agent", "t".repeat(16));
    assertThat(policy.decide(longer)).isEqualTo(new Allowed("to-web"));
    assertThat(policy.kept().decisions()).isZero();

    assertThat(policy.decide(send(peer("a", "agent"), "pcp://web/agent", "t".repeat(15))))
        .isEqualTo(new Allowed("to-web"));
    assertThat(policy.kept().decisions()).isEqualTo(1);
  }

  @Test
  void givenRuleForEveryMessage_whenDecided_thenNothingIsKeptOfMessages() {
    var policy = policyOf(deny("a", "action: associate"), allow("all", "action: send"));

    assertThat(policy.decide(send(peer("a", "agent"), "pcp://b/agent", "x")))
        .isEqualTo(new Allowed("all"));
    assertThat(policy.kept()).isEqualTo(new Kept(1, 0));
  }

  @Test
  void givenRulesThatDoNotAskForTheAddress_whenItChanges_thenOneSubject() {
    var policy = policyOf(allow("all", "action: associate"));

    for (int i = 0; i < 10; i++) {
      policy.decide(
          new org.parley.policy.Action.Associate(peer("a", "agent", "pcp-v2", "10.0.0." + i)));
    }

    assertThat(policy.kept().subjects()).isEqualTo(1);
  }

  @Test
  void givenBounds_whenStandard_thenAsDocumented() {
    assertThat(Bounds.STANDARD).isEqualTo(new Bounds(20_000, 50_000, 256));
  }

  @Test
  void givenNameTwice_whenAPolicyIsMade_thenRefused() {
    var rule = rules(file(allow("a", "action: send"))).getFirst();

    assertThatIllegalArgumentException().isThrownBy(() -> new RulePolicy(List.of(rule, rule)));
  }

  @Test
  void givenManyThreads_whenTheyDecide_thenAllAlike() {
    var policy = new RulePolicy(MESSAGES.rules(), new Bounds(4, 4, 100));

    var decisions =
        Stream.iterate(0, i -> i + 1)
            .limit(20_000)
            .parallel()
            .map(
                i ->
                    policy.decide(
                        send(peer("c" + i % 7, "agent"), "pcp://web" + i % 9 + "/agent", "x")))
            .distinct()
            .toList();

    assertThat(decisions).isEqualTo(List.of(new Allowed("to-web")));
    assertThat(policy.decide(associate("a", "agent"))).isInstanceOf(Denied.class);
  }
}
