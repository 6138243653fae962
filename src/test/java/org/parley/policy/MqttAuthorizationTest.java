package org.parley.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.parley.policy.Decision.Allowed;
import org.parley.policy.Decision.Denied;

class MqttAuthorizationTest {
  private static final Subject SUBJECT = Peers.mqtt("host1", "", "c");

  private final RecordingPolicy policy = new RecordingPolicy();
  private final MqttAuthorization authorization = MqttAuthorization.of(policy, SUBJECT);

  /** Allows what begins with a letter, and notes what it is asked. */
  private static final class RecordingPolicy implements Policy {
    private final List<Action> asked = new ArrayList<>();
    private String allowed = "a";
    private long version = 7;

    void change(String letter) {
      allowed = letter;
      version++;
    }

    @Override
    public Decision decide(Action action) {
      asked.add(action);
      var text =
          switch (action) {
            case Action.Publish(_, var topic, var retain) -> retain ? "r" + topic : topic;
            case Action.Subscribe(_, var filter) -> filter;
            case Action.Connect _ -> allowed;
            case Action.Associate _, Action.Send _, Action.QueryInventory _ -> "";
          };
      return text.startsWith(allowed) ? new Allowed("test") : new Denied("test");
    }

    @Override
    public long version() {
      return version;
    }
  }

  @Test
  void givenTheSameQuestions_whenAskedAgain_thenAnsweredAlikeWithoutThePolicy() {
    for (int i = 0; i < 3; i++) {
      assertThat(authorization.mayPublish("a/1", false)).isTrue();
      assertThat(authorization.mayPublish("a/1", true)).isFalse();
      assertThat(authorization.mayPublish("b", false)).isFalse();
      assertThat(authorization.maySubscribe("a/#")).isTrue();
      assertThat(authorization.mayReceive("a/1")).isTrue();
    }

    assertThat(policy.asked)
        .containsExactly(
            new Action.Publish(SUBJECT, "a/1", false),
            new Action.Publish(SUBJECT, "a/1", true),
            new Action.Publish(SUBJECT, "b", false),
            new Action.Subscribe(SUBJECT, "a/#"),
            new Action.Subscribe(SUBJECT, "a/1"));
  }

  @Test
  void givenOtherRules_whenAskedAgain_thenAnsweredByThem() {
    assertThat(authorization.mayPublish("a", false)).isTrue();
    assertThat(authorization.mayPublish("b", true)).isFalse();
    assertThat(authorization.maySubscribe("a")).isTrue();
    assertThat(authorization.policyVersion()).isEqualTo(7);

    policy.change("b");

    assertThat(authorization.policyVersion()).isEqualTo(8);
    assertThat(authorization.mayPublish("a", false)).isFalse();
    assertThat(authorization.maySubscribe("a")).isFalse();
    assertThat(authorization.maySubscribe("b")).isTrue();
  }

  @Test
  void givenManyTopics_whenAsked_thenEachIsAnsweredRightAndFewAreKept() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 1000; i++) {
        assertThat(authorization.mayPublish("a/" + i, false)).isTrue();
        assertThat(authorization.mayPublish("b/" + i, false)).isFalse();
      }
    }

    assertThat(policy.asked).hasSizeGreaterThan(4000 - 2 * MqttAuthorization.SLOTS);
  }

  @Test
  void givenLongTopic_whenAsked_thenItIsNotKept() {
    var longest = "a".repeat(MqttAuthorization.LONGEST_KEPT);
    for (int i = 0; i < 2; i++) {
      assertThat(authorization.mayPublish(longest, false)).isTrue();
      assertThat(authorization.mayPublish(longest + "a", false)).isTrue();
    }

    assertThat(policy.asked).hasSize(3);
  }

  @Test
  void givenConnection_whenAskedForItsRules_thenTheyAreNamed() {
    assertThat(authorization.connect()).isEqualTo(new Allowed("test"));
    assertThat(authorization.publish("b", false)).isEqualTo(new Denied("test"));
    assertThat(authorization.subscribe("a")).isEqualTo(new Allowed("test"));
    assertThat(authorization.refusesClientId()).isFalse();
    assertThat(authorization.subject()).isEqualTo(SUBJECT);
  }

  @Test
  void givenPolicyThatNeverChanges_whenAskedForItsVersion_thenTheSameForEver() {
    Policy constant = _ -> new Allowed("all");

    assertThat(constant.version()).isZero();
    assertThat(MqttAuthorization.of(constant, SUBJECT).mayPublish("x", true)).isTrue();
  }
}
