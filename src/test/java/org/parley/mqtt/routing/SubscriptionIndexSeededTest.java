package org.parley.mqtt.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.TopicName;

/** The index beside one that tries every subscription, by many seeds; and many readers at once. */
class SubscriptionIndexSeededTest {
  private static final int SEEDS = 200;
  private static final int STEPS = 400;

  /** What is subscribed to, without any order. */
  private record Key(RecordedSubscriber subscriber, TopicFilter filter) {}

  private static List<RecordedSubscriber> subscribers() {
    var all = new ArrayList<RecordedSubscriber>();
    for (int i = 0; i < 40; i++) {
      all.add(new RecordedSubscriber("c" + i));
    }
    return all;
  }

  @Test
  void givenRandomSubscriptions_whenMatched_thenAsByTryingEachOfThem() {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      var index = new SubscriptionIndex();
      var held = new HashMap<Key, Subscription>();
      var subscribers = subscribers();
      for (int step = 0; step < STEPS; step++) {
        var subscriber = subscribers.get(random.nextInt(subscribers.size()));
        if (random.nextInt(3) > 0) {
          var subscription = randomSubscription(random, subscriber);
          var key = new Key(subscriber, subscription.filter());
          assertThat(index.put(subscription)).isEqualTo(held.put(key, subscription));
        } else if (!held.isEmpty()) {
          var key = held.keySet().iterator().next();
          assertThat(index.remove(key.subscriber(), key.filter())).isEqualTo(held.remove(key));
        }
        check(index, held, Topics.randomName(random), "c" + random.nextInt(40), seed);
      }
      held.keySet().forEach(key -> index.remove(key.subscriber(), key.filter()));
      assertThat(index.match(TopicName.of("a/b")).isEmpty()).isTrue();
    }
  }

  private static Subscription randomSubscription(Random random, RecordedSubscriber subscriber) {
    boolean shared = random.nextInt(4) == 0;
    return Topics.subscription(
        subscriber,
        (shared ? "$share/g" + random.nextInt(2) + "/" : "") + Topics.randomPattern(random),
        QoS.of(random.nextInt(3)),
        !shared && random.nextInt(5) == 0,
        random.nextBoolean(),
        random.nextInt(4));
  }

  private static void check(
      SubscriptionIndex index,
      Map<Key, Subscription> held,
      String topic,
      String publisher,
      int seed) {
    var expected = new HashMap<Subscriber, Target>();
    var groups = new HashSet<String>();
    for (var subscription : held.values()) {
      var filter = subscription.filter();
      if (!filter.matches(TopicName.of(topic))) {
        continue;
      }
      if (filter.isShared()) {
        groups.add(filter.text());
      } else if (!subscription.options().noLocal()
          || !subscription.subscriber().clientId().equals(publisher)) {
        expected.merge(
            subscription.subscriber(),
            Target.of(subscription),
            (one, other) -> Target.of(List.of(one, other)));
      }
    }

    var match = index.match(TopicName.of(topic));
    var found = new HashMap<Subscriber, Target>();
    int count = match.forEach(publisher, target -> found.put(target.subscriber(), target));

    assertThat(count).as("seed %s, %s", seed, topic).isEqualTo(found.size());
    assertThat(sorted(found)).as("seed %s, %s", seed, topic).isEqualTo(sorted(expected));
    assertThat(match.groups())
        .extracting(group -> group.filter().text())
        .containsExactlyInAnyOrderElementsOf(groups);
  }

  /** The order of identifiers says nothing. */
  private static Map<Subscriber, Target> sorted(Map<Subscriber, Target> targets) {
    var sorted = new HashMap<Subscriber, Target>();
    targets.forEach(
        (subscriber, target) ->
            sorted.put(
                subscriber,
                new Target(
                    subscriber,
                    target.grantedQos(),
                    target.retainAsPublished(),
                    target.subscriptionIds().stream().sorted().toList())));
    return sorted;
  }

  @Test
  void givenWriter_whenOthersMatch_thenWhatStaysIsAlwaysFoundAndNothingStrange()
      throws ExecutionException, InterruptedException {
    var index = new SubscriptionIndex();
    var steady = new RecordedSubscriber("steady");
    index.put(Topics.subscription(steady, "a/+/c", QoS.AT_MOST_ONCE));
    index.put(Topics.subscription(steady, "x/#", QoS.AT_MOST_ONCE));
    var done = new AtomicBoolean();
    try (var readers = Executors.newFixedThreadPool(3)) {
      var readings = new ArrayList<Future<@Nullable String>>();
      for (int i = 0; i < 3; i++) {
        readings.add(readers.submit(() -> read(index, done)));
      }
      var random = new Random(1);
      var others = subscribers();
      for (int i = 0; i < 60_000; i++) {
        var other = others.get(random.nextInt(others.size()));
        var filter = List.of("a/b/c", "a/+/c", "x/y", "x/#", "#", "a/b/c/d").get(i % 6);
        index.put(Topics.subscription(other, filter, QoS.AT_LEAST_ONCE));
        if (i % 2 == 0) {
          index.remove(other, Topics.filter(filter));
        }
      }
      done.set(true);
      for (var reading : readings) {
        assertThat(reading.get()).isNull();
      }
    }
  }

  /** Returns what was wrong, or null. */
  private static @Nullable String read(SubscriptionIndex index, AtomicBoolean done) {
    while (!done.get()) {
      for (var topic : List.of("a/b/c", "x/y", "x")) {
        var names = new ArrayList<String>();
        index
            .match(TopicName.of(topic))
            .forEach("", target -> names.add(target.subscriber().clientId()));
        if (!names.contains("steady")) {
          return topic + " without the steady one: " + names;
        }
        if (new HashSet<>(names).size() != names.size()) {
          return topic + " has some twice: " + names;
        }
      }
    }
    return null;
  }

  /** The first neighbour of a level changes how it is held. */
  @Test
  void givenLevelThatIsAlone_whenItGetsANeighbour_thenFoundAllTheTime()
      throws ExecutionException, InterruptedException {
    var index = new SubscriptionIndex();
    var steady = new RecordedSubscriber("steady");
    var newcomer = new RecordedSubscriber("newcomer");
    var round = new AtomicInteger();
    var done = new AtomicBoolean();
    index.put(Topics.subscription(steady, "0/a", QoS.AT_MOST_ONCE));
    try (var readers = Executors.newFixedThreadPool(1)) {
      var reading =
          readers.submit(
              () -> {
                while (!done.get()) {
                  int now = round.get();
                  if (index.match(TopicName.of(now + "/a")).isEmpty()) {
                    return "nobody hears " + now + "/a";
                  }
                }
                return "";
              });
      for (int i = 0; i < 20_000; i++) {
        index.put(Topics.subscription(newcomer, i + "/b", QoS.AT_MOST_ONCE));
        index.put(Topics.subscription(steady, (i + 1) + "/a", QoS.AT_MOST_ONCE));
        round.set(i + 1);
      }
      done.set(true);
      assertThat(reading.get()).isEmpty();
    }
  }
}
