package org.parley.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BanningPolicyTest {
  private static final Subject CLIENT = Peers.mqtt("client01", "", "sensor");
  private static final Subject AGENT = Peers.peer("client01", "agent");

  private Instant now = Instant.EPOCH;
  private final Bans bans = new Bans(() -> now);
  private final Policy policy = new BanningPolicy(new BuiltInPolicy(List.of("client01")), bans);

  private void ban(String line) {
    if (BanList.parse(line.getBytes(UTF_8)) instanceof BanList.Parsed.Loaded(var list)) {
      bans.enforce(list);
    }
  }

  @Test
  void givenNobodyBanned_whenAsked_thenAsThePolicySays() {
    assertThat(policy.decide(new Action.Connect(CLIENT))).isInstanceOf(Decision.Allowed.class);
    assertThat(policy.decide(Peers.associate("client01", "server")))
        .isEqualTo(new Decision.Denied(RulePolicy.SERVER_IS_RESERVED));
    assertThat(policy.ban(CLIENT)).isEmpty();
    assertThat(policy.refusesClientId(CLIENT)).isFalse();
  }

  @Test
  void givenBan_whenAsked_thenNeitherConnectedNorHeardOfAndNobodyElse() {
    ban("# one\nidentity client01");
    var denied = new Decision.Denied("line 2 of the ban list");

    assertThat(policy.decide(new Action.Connect(CLIENT))).isEqualTo(denied);
    assertThat(policy.decide(new Action.Associate(AGENT))).isEqualTo(denied);
    assertThat(policy.decide(new Action.Publish(CLIENT, "t", false)))
        .as("a will")
        .isEqualTo(denied);
    assertThat(policy.ban(CLIENT)).isPresent();
    var other = Peers.mqtt("client02", "", "sensor");
    assertThat(policy.decide(new Action.Connect(other))).isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void givenConnectedClient_whenTheListChanges_thenTheVersionRisesAndItPublishesNothing() {
    var rights = MqttAuthorization.of(policy, CLIENT);
    assertThat(rights.banned()).isFalse();
    long before = rights.policyVersion();

    ban("client-id sensor");

    assertThat(rights.policyVersion()).isGreaterThan(before);
    assertThat(rights.banned()).isTrue();
    assertThat(rights.connect()).isInstanceOf(Decision.Denied.class);
    assertThat(rights.mayPublish("t", false)).isFalse();
    assertThat(policy.topics(CLIENT).publish("t", true))
        .isEqualTo(new Decision.Denied("line 1 of the ban list"));
    assertThat(policy.topics(CLIENT).subscribe("t")).isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void givenBanThatEnds_whenItsTimeHasCome_thenWhatTheClientHasLeftIsHeardAgain() {
    ban("identity client01 until 1970-01-01T01:00:00Z");
    var topics = policy.topics(CLIENT);
    assertThat(topics.publish("t", true)).isInstanceOf(Decision.Denied.class);

    now = Instant.parse("1970-01-01T01:00:00Z");

    assertThat(topics.publish("t", true)).isInstanceOf(Decision.Allowed.class);
  }
}
