package org.parley.mqtt.routing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.packet.QoS.AT_LEAST_ONCE;
import static org.parley.mqtt.packet.QoS.AT_MOST_ONCE;
import static org.parley.mqtt.routing.Topics.filter;
import static org.parley.mqtt.routing.Topics.subscription;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.TopicName;

class SharedGroupTest {
  private static final String FILTER = "$share/g/a/+";

  private final SubscriptionIndex index = new SubscriptionIndex();
  private final RecordedSubscriber alice = new RecordedSubscriber("alice");
  private final RecordedSubscriber bob = new RecordedSubscriber("bob");
  private final RecordedSubscriber carol = new RecordedSubscriber("carol");

  private SharedGroup group(QoS qos, RecordedSubscriber... members) {
    for (var member : members) {
      index.put(subscription(member, FILTER, qos));
    }
    return requireNonNull(index.group(filter(FILTER)));
  }

  private static @Nullable String name(@Nullable Target target) {
    return target == null ? null : target.subscriber().clientId();
  }

  private static List<@Nullable String> choices(SharedGroup group, QoS qos, int times) {
    var names = new ArrayList<@Nullable String>();
    for (int i = 0; i < times; i++) {
      names.add(name(group.choose(qos)));
    }
    return names;
  }

  @Test
  void givenMembersWithRoom_whenChosen_thenEachInTurn() {
    var group = group(AT_LEAST_ONCE, carol, alice, bob);

    assertThat(choices(group, AT_LEAST_ONCE, 6))
        .containsExactly("alice", "bob", "carol", "alice", "bob", "carol");
  }

  @Test
  void givenMemberWithoutRoom_whenChosen_thenOnlyIfNoOtherIsOnlineWithRoom() {
    var group = group(AT_LEAST_ONCE, alice, bob, carol);
    alice.room = false;
    bob.online = false;

    assertThat(choices(group, AT_LEAST_ONCE, 4)).containsOnly("carol");
    carol.online = false;
    assertThat(choices(group, AT_LEAST_ONCE, 4)).containsOnly("alice");
  }

  @Test
  void givenAllOffline_whenChosen_thenWhoWillHaveItKeptAndNeverForQos0() {
    var group = group(AT_LEAST_ONCE, alice);
    index.put(subscription(bob, FILTER, AT_MOST_ONCE));
    alice.online = false;
    bob.online = false;

    assertThat(choices(group, AT_LEAST_ONCE, 3)).containsOnly("alice");
    assertThat(group.choose(AT_MOST_ONCE)).isNull();
    index.remove(alice, filter(FILTER));
    assertThat(group.choose(AT_LEAST_ONCE)).isNull();
  }

  @Test
  void givenTurnsOfTheLog_whenOthersChooseToo_thenTheyDoNotTouchThem() {
    var group = group(AT_LEAST_ONCE, alice, bob);

    assertThat(name(group.next(AT_LEAST_ONCE, Subscriber::hasRoom))).isEqualTo("alice");
    group.choose(AT_LEAST_ONCE);
    group.choose(AT_LEAST_ONCE);
    assertThat(name(group.next(AT_LEAST_ONCE, Subscriber::hasRoom))).isEqualTo("bob");
  }

  @Test
  void givenMemberSubscribesAgain_whenMatched_thenStillOneMembershipWithTheNewOptions() {
    var group = group(AT_LEAST_ONCE, alice);

    index.put(subscription(alice, FILTER, AT_LEAST_ONCE, false, true, 9));

    assertThat(group.size()).isOne();
    assertThat(requireNonNull(group.choose(AT_LEAST_ONCE)).subscriptionIds()).containsExactly(9);
  }

  @Test
  void givenLastMemberLeaves_whenMatched_thenTheGroupIsGone() {
    var group = group(AT_LEAST_ONCE, alice, bob);
    assertThat(index.match(TopicName.of("a/b")).groups()).containsExactly(group);
    assertThat(index.remove(carol, filter(FILTER))).isNull();

    index.remove(alice, filter(FILTER));
    assertThat(index.match(TopicName.of("a/b")).groups()).containsExactly(group);
    index.remove(bob, filter(FILTER));

    assertThat(index.match(TopicName.of("a/b")).isEmpty()).isTrue();
    assertThat(index.group(filter(FILTER))).isNull();
    assertThat(group.choose(AT_LEAST_ONCE)).isNull();
  }

  @Test
  void givenTwoGroupsAndAPlainSubscription_whenMatched_thenEachStandsForItself() {
    group(AT_LEAST_ONCE, alice);
    index.put(subscription(alice, "$share/b/a/+", AT_LEAST_ONCE));
    index.put(subscription(alice, "$share/b/#", AT_LEAST_ONCE));
    index.put(subscription(alice, "a/+", AT_MOST_ONCE));

    var match = index.match(TopicName.of("a/b"));

    assertThat(match.size()).isOne();
    assertThat(match.groups())
        .extracting(group -> group.filter().text())
        .containsExactly("$share/b/#", "$share/b/a/+", FILTER);
  }
}
