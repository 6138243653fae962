package org.parley.mqtt.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.TopicName;

class RetainedIndexTest {
  private final RetainedIndex<String> index = new RetainedIndex<>();

  private List<String> matching(String filter) {
    var found = new ArrayList<String>();
    assertThat(index.forEachMatching(Topics.filter(filter), found::add)).isTrue();
    return found;
  }

  private void put(String... topics) {
    for (var topic : topics) {
      index.put(TopicName.of(topic), topic);
    }
  }

  @Test
  void givenNothing_whenAsked_thenNothing() {
    assertThat(index.get(TopicName.of("a/b"))).isNull();
    assertThat(index.remove(TopicName.of("a/b"))).isNull();
    assertThat(index.remove(TopicName.of("/".repeat(100)))).isNull();
    assertThat(matching("#")).isEmpty();
  }

  @Test
  void givenValue_whenReplacedAndRemoved_thenCountedOnce() {
    put("a/b");

    assertThat(index.put(TopicName.of("a/b"), "new")).isEqualTo("a/b");
    assertThat(index.size()).isOne();
    assertThat(index.get(TopicName.of("a/b"))).isEqualTo("new");
    assertThat(index.get(TopicName.of("a"))).isNull();
    assertThat(index.remove(TopicName.of("a"))).isNull();
    assertThat(index.remove(TopicName.of("a/b"))).isEqualTo("new");
    assertThat(index.size()).isZero();
    assertThat(matching("#")).isEmpty();
  }

  @Test
  void givenReservedNames_whenAFilterBeginsWithAWildcard_thenTheyAreLeftOut() {
    put("$SYS/x", "a", "a/$x", "/");

    assertThat(matching("#")).containsExactlyInAnyOrder("a", "a/$x", "/");
    assertThat(matching("+/+")).containsExactlyInAnyOrder("a/$x", "/");
    assertThat(matching("$SYS/#")).containsExactly("$SYS/x");
    assertThat(matching("$SYS/+")).containsExactly("$SYS/x");
    assertThat(matching("a/#")).containsExactly("a", "a/$x");
  }

  @Test
  void givenVisitorThatHasEnough_whenItSaysSo_thenNoMoreIsShown() {
    put("a/1", "a/2", "a/3");
    var found = new ArrayList<String>();

    assertThat(
            index.forEachMatching(
                Topics.filter("a/+"),
                value -> {
                  found.add(value);
                  return found.size() < 2;
                }))
        .isFalse();
    assertThat(found).containsExactly("a/1", "a/2");
  }

  @Test
  void givenNamesDeeperThanTheTree_whenAsked_thenFoundAsText() {
    var deep = "/".repeat(65_535);
    var other = "a" + "/b".repeat(PatternTree.DEPTH + 3);
    put(deep, other);

    assertThat(index.get(TopicName.of(deep))).isEqualTo(deep);
    assertThat(matching("#")).containsExactlyInAnyOrder(deep, other);
    assertThat(matching("a" + "/+".repeat(PatternTree.DEPTH + 3))).containsExactly(other);
    assertThat(matching("a" + "/+".repeat(PatternTree.DEPTH + 2))).isEmpty();
    assertThat(index.forEachMatching(Topics.filter("#"), value -> false)).isFalse();
    assertThat(index.forEachMatching(Topics.filter(other), value -> false)).isFalse();
    assertThat(index.remove(TopicName.of(other + "/x"))).isNull();
    assertThat(index.remove(TopicName.of(other))).isEqualTo(other);
    assertThat(index.remove(TopicName.of(deep))).isEqualTo(deep);
    assertThat(index.size()).isZero();
  }

  @Test
  void givenRandomNames_whenFiltered_thenAsByTryingEach() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var tree = new RetainedIndex<String>();
      var plain = new HashMap<String, String>();
      for (int step = 0; step < 300; step++) {
        var name = Topics.randomName(random);
        if (random.nextInt(3) == 0) {
          assertThat(tree.remove(TopicName.of(name))).isEqualTo(plain.remove(name));
        } else {
          assertThat(tree.put(TopicName.of(name), name)).isEqualTo(plain.put(name, name));
        }
        assertThat(tree.size()).isEqualTo(plain.size());
        var filter = Topics.filter(Topics.randomPattern(random));
        var expected =
            plain.keySet().stream().filter(each -> filter.matches(TopicName.of(each))).toList();
        var found = new ArrayList<String>();
        tree.forEachMatching(filter, found::add);
        assertThat(found)
            .as("seed %s, %s", seed, filter)
            .containsExactlyInAnyOrderElementsOf(expected);
      }
    }
  }
}
