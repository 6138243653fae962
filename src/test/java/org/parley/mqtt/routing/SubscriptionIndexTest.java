package org.parley.mqtt.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.parley.mqtt.packet.QoS.AT_LEAST_ONCE;
import static org.parley.mqtt.packet.QoS.AT_MOST_ONCE;
import static org.parley.mqtt.packet.QoS.EXACTLY_ONCE;
import static org.parley.mqtt.routing.Topics.filter;
import static org.parley.mqtt.routing.Topics.subscription;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.TopicName;

class SubscriptionIndexTest {
  private final SubscriptionIndex index = new SubscriptionIndex();
  private final RecordedSubscriber alice = new RecordedSubscriber("alice");
  private final RecordedSubscriber bob = new RecordedSubscriber("bob");

  private List<Target> heard(String topic) {
    return heard(topic, "");
  }

  private List<Target> heard(String topic, String publisher) {
    var targets = new ArrayList<Target>();
    index.match(TopicName.of(topic)).forEach(publisher, targets::add);
    return targets;
  }

  @Test
  void givenNoSubscriptions_whenMatched_thenNobody() {
    assertThat(index.match(TopicName.of("a")).isEmpty()).isTrue();
    assertThat(index.remove(alice, filter("a/b"))).isNull();
    assertThat(index.remove(alice, filter("$share/g/a"))).isNull();
    assertThat(index.remove(alice, filter("a/#"))).isNull();
  }

  @Test
  void givenSubscription_whenPutAgain_thenReplacedWithoutASecondCopy() {
    assertThat(index.put(subscription(alice, "a/+", AT_MOST_ONCE))).isNull();
    heard("a/b");

    var former = index.put(subscription(alice, "a/+", EXACTLY_ONCE, false, true, 7));

    assertThat(former).isEqualTo(subscription(alice, "a/+", AT_MOST_ONCE));
    assertThat(heard("a/b")).containsExactly(new Target(alice, EXACTLY_ONCE, true, List.of(7)));
  }

  @Test
  void givenSubscription_whenRemoved_thenNothingIsLeftOfIt() {
    index.put(subscription(alice, "a/b/c", AT_MOST_ONCE));
    index.put(subscription(bob, "a/b/c", AT_MOST_ONCE));
    assertThat(heard("a/b/c")).hasSize(2);

    assertThat(index.remove(alice, filter("a/b/c"))).isNotNull();
    assertThat(index.remove(alice, filter("a/b/c"))).isNull();

    assertThat(heard("a/b/c")).extracting(Target::subscriber).containsExactly(bob);
    index.removeAll(bob, List.of(filter("a/b/c"), filter("x")));
    assertThat(index.match(TopicName.of("a/b/c")).isEmpty()).isTrue();
  }

  @Test
  void givenAnotherSessionOfTheSameClient_whenTheFormerIsRemoved_thenTheNewStays() {
    var again = new RecordedSubscriber("alice");
    index.put(subscription(again, "a", AT_MOST_ONCE));

    assertThat(index.remove(alice, filter("a"))).isNull();

    assertThat(heard("a")).extracting(Target::subscriber).containsExactly(again);
  }

  @Test
  void givenOverlap_whenMatched_thenOneCopyWithTheHighestQosAndAllIdentifiers() {
    index.put(subscription(alice, "a/b", AT_MOST_ONCE, false, false, 1));
    index.put(subscription(alice, "a/+", EXACTLY_ONCE, false, true, 2));
    index.put(subscription(alice, "a/#", AT_LEAST_ONCE, false, false, 0));
    index.put(subscription(alice, "#", AT_LEAST_ONCE, false, false, 2));
    index.put(subscription(bob, "a/b", AT_LEAST_ONCE));

    var heard = heard("a/b");

    assertThat(heard).hasSize(2);
    var copy = heard.get(heard.get(0).subscriber().equals(alice) ? 0 : 1);
    assertThat(copy.grantedQos()).isEqualTo(EXACTLY_ONCE);
    assertThat(copy.retainAsPublished()).isTrue();
    assertThat(copy.subscriptionIds()).containsExactlyInAnyOrder(1, 2, 2);
    assertThat(copy.qos(AT_LEAST_ONCE)).isEqualTo(AT_LEAST_ONCE);
    assertThat(copy.retain(true)).isTrue();
    assertThat(copy.retain(false)).isFalse();
  }

  @Test
  void givenNoLocal_whenTheClientItselfPublishes_thenOnlyItsOtherSubscriptionsCount() {
    index.put(subscription(alice, "a/b", EXACTLY_ONCE, true, true, 1));
    index.put(subscription(alice, "a/+", AT_MOST_ONCE, false, false, 2));
    index.put(subscription(bob, "a/b", AT_LEAST_ONCE, true, false, 3));

    assertThat(heard("a/b", "alice"))
        .containsExactlyInAnyOrder(
            new Target(alice, AT_MOST_ONCE, false, List.of(2)),
            new Target(bob, AT_LEAST_ONCE, false, List.of(3)));
    assertThat(heard("a/b", "bob")).extracting(Target::subscriber).containsExactly(alice);
    assertThat(heard("a/b")).hasSize(2);
    assertThat(index.match(TopicName.of("a/b")).size()).isEqualTo(2);
  }

  @Test
  void givenRepeatedTopic_whenMatched_thenTheSameObjectUntilAChangeCanMatter() {
    index.put(subscription(alice, "a/b/c", AT_MOST_ONCE));
    var match = index.match(TopicName.of("a/b/c"));

    index.put(subscription(bob, "x/y/z", AT_MOST_ONCE));
    assertThat(index.match(TopicName.of("a/b/c"))).isSameAs(match);

    index.put(subscription(bob, "a/b/#", AT_MOST_ONCE));
    assertThat(index.match(TopicName.of("a/b/c")).size()).isEqualTo(2);
    index.put(subscription(new RecordedSubscriber("carol"), "+/b/#", AT_MOST_ONCE));
    assertThat(index.match(TopicName.of("a/b/c")).size()).isEqualTo(3);
  }

  @Test
  void givenOneFilter_whenTenThousandHearIt_thenAllInTheOrderOfTheirNames() {
    var names = new ArrayList<String>();
    for (int i = 0; i < 10_000; i++) {
      var name = "client" + i * 7_919 % 10_000;
      names.add(name);
      index.put(subscription(new RecordedSubscriber(name), "fan/out", AT_MOST_ONCE));
    }
    index.put(subscription(new RecordedSubscriber("client1"), "fan/out", AT_LEAST_ONCE));

    assertThat(heard("fan/out"))
        .extracting(target -> target.subscriber().clientId())
        .containsExactlyElementsOf(names.stream().sorted().toList());
    assertThat(index.remove(alice, filter("fan/out"))).isNull();
    assertThat(index.remove(new RecordedSubscriber("client1"), filter("fan/out"))).isNull();
    heard("fan/out").forEach(each -> index.remove(each.subscriber(), filter("fan/out")));
    assertThat(index.match(TopicName.of("fan/out")).isEmpty()).isTrue();
  }

  @Test
  void givenOneLevel_whenItHasAHundredThousandTopics_thenEachIsFound() {
    for (int i = 0; i < 100_000; i++) {
      index.put(subscription(alice, "devices/" + i, AT_MOST_ONCE));
    }

    for (int i = 0; i < 100_000; i++) {
      assertThat(index.match(TopicName.of("devices/" + i)).size()).isOne();
      index.remove(alice, filter("devices/" + i));
    }
    assertThat(index.match(TopicName.of("devices/77")).isEmpty()).isTrue();
  }

  @Test
  @Tag("CVE-2019-11779")
  void givenPatternOfNothingButSeparators_whenMatched_thenWithoutDepth() {
    var deep = "/".repeat(65_535);
    index.put(subscription(alice, deep, AT_MOST_ONCE));
    index.put(subscription(bob, "+" + "/+".repeat(32_000), AT_MOST_ONCE));
    index.put(subscription(bob, "#", AT_MOST_ONCE));

    assertThat(heard(deep)).extracting(Target::subscriber).contains(alice, bob);
    assertThat(heard("/".repeat(32_000))).extracting(Target::subscriber).containsExactly(bob);
    assertThat(index.remove(alice, filter(deep))).isNotNull();
    assertThat(heard(deep)).extracting(Target::subscriber).containsExactly(bob);
  }

  @Test
  void givenPatternAsDeepAsTheTree_whenAHashFollows_thenItsParentIsMatchedToo() {
    var deepest = "a" + "/a".repeat(PatternTree.DEPTH - 1);
    index.put(subscription(alice, deepest + "/#", AT_MOST_ONCE));
    index.put(subscription(bob, deepest, AT_MOST_ONCE));

    assertThat(heard(deepest)).hasSize(2);
    assertThat(heard(deepest + "/x/y")).extracting(Target::subscriber).containsExactly(alice);
    assertThat(index.remove(bob, filter(deepest))).isNotNull();
    assertThat(index.remove(alice, filter(deepest + "/#"))).isNotNull();
    assertThat(heard(deepest)).isEmpty();
  }

  @Test
  void givenMoreTargetsThanAreKept_whenMatched_thenStillFound() {
    for (int i = 0; i < 300; i++) {
      index.put(subscription(new RecordedSubscriber("c" + i), "+/x", AT_MOST_ONCE));
    }
    for (int i = 0; i < 8_000; i++) {
      assertThat(index.match(TopicName.of(i + "/x")).size()).isEqualTo(300);
    }
    assertThat(index.match(TopicName.of("7999/x"))).isSameAs(index.match(TopicName.of("7999/x")));
  }

  /** What a match names is held as long as it is kept, sessions that have ended too. */
  @Test
  void givenKeptMatches_whenASubscriberHasGone_thenOnlyThoseThatStillHoldStay() {
    index.put(subscription(alice, "a/b/+", AT_MOST_ONCE));
    index.put(subscription(bob, "b/c/+", AT_MOST_ONCE));
    index.match(TopicName.of("a/b/1"));
    index.match(TopicName.of("a/b/2"));
    var kept = index.match(TopicName.of("b/c/1"));
    int all = index.cachedWeight();
    index.dropStale();
    assertThat(index.cachedWeight()).isEqualTo(all);

    index.removeAll(alice, List.of(filter("a/b/+")));
    index.dropStale();

    assertThat(index.match(TopicName.of("b/c/1"))).isSameAs(kept);
    assertThat(index.cachedWeight()).isEqualTo(kept.weight());
  }

  @Test
  void givenManyGroupsOnEveryTopic_whenMatched_thenWhatIsKeptOfThemIsBounded() {
    for (int i = 0; i < 2_000; i++) {
      index.put(subscription(alice, "$share/g" + i + "/#", AT_MOST_ONCE));
    }

    for (int i = 0; i < 1_000; i++) {
      assertThat(index.match(TopicName.of("t" + i)).groups()).hasSize(2_000);
    }

    assertThat(index.cachedWeight()).isBetween(2_000, 1 << 20);
    for (int i = 0; i < 2_000; i++) {
      index.remove(alice, filter("$share/g" + i + "/#"));
    }
    assertThat(index.match(TopicName.of("t0")).isEmpty()).isTrue();
  }

  /** All filters of so many levels that match a topic of nothing but "a". */
  private static Stream<String> overlapping(int levels) {
    return IntStream.range(0, 1 << levels)
        .mapToObj(
            bits ->
                IntStream.range(0, levels)
                    .mapToObj(level -> (bits >> level & 1) == 0 ? "a" : "+")
                    .collect(Collectors.joining("/", "", "/+")));
  }

  @Test
  void givenThousandsOfOverlappingFilters_whenMatched_thenAllIdentifiersInNoTime() {
    var ids = new AtomicInteger();
    overlapping(13)
        .forEach(
            one ->
                index.put(
                    subscription(alice, one, AT_MOST_ONCE, false, false, ids.incrementAndGet())));

    assertTimeout(
        Duration.ofSeconds(10),
        () -> {
          for (int i = 0; i < 100; i++) {
            var targets = heard("a/".repeat(13) + i);
            assertThat(targets).hasSize(1);
            assertThat(targets.getFirst().subscriptionIds()).hasSize(1 << 13);
          }
        });
    assertThat(index.cachedWeight()).isBetween(1 << 13, 1 << 20);
  }
}
