package org.parley.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
  /** One level that no filter names, and one level more than any filter has. */
  private static final List<String> TOPICS = names(List.of("", "a", "b", "$", "$s", "other"), 4);

  private static final Map<String, List<String>> LEVELS_OF = new HashMap<>();
  private static final List<String> LEVELS = List.of("", "a", "b", "$", "$s", "+", "+", "#", "#");

  private static List<String> names(List<String> levels, int mostLevels) {
    var names = new ArrayList<>(levels);
    var longest = List.copyOf(levels);
    for (int i = 1; i < mostLevels; i++) {
      longest =
          longest.stream()
              .flatMap(name -> levels.stream().map(level -> name + "/" + level))
              .toList();
      names.addAll(longest);
    }
    names.remove(""); // [MQTT-4.7.3-1]
    return names;
  }

  /** The standard, word by word: section 4.7. */
  private static boolean matches(String filter, String topic) {
    boolean wildcardFirst = filter.startsWith("+") || filter.startsWith("#");
    if (wildcardFirst && topic.startsWith("$")) {
      return false; // [MQTT-4.7.2-1]
    }
    var levels = LEVELS_OF.computeIfAbsent(filter, text -> List.of(text.split("/", -1)));
    var names = LEVELS_OF.computeIfAbsent(topic, text -> List.of(text.split("/", -1)));
    boolean allBelow = levels.getLast().equals("#");
    int fixed = allBelow ? levels.size() - 1 : levels.size();
    boolean enough = allBelow ? names.size() >= fixed : names.size() == fixed;
    for (int i = 0; enough && i < fixed; i++) {
      if (!levels.get(i).equals("+") && !levels.get(i).equals(names.get(i))) {
        return false;
      }
    }
    return enough;
  }

  private static String filter(Random random) {
    while (true) {
      var levels = new ArrayList<String>();
      int length = 1 + random.nextInt(3);
      while (levels.size() < length) {
        levels.add(LEVELS.get(random.nextInt(LEVELS.size())));
      }
      var filter = String.join("/", levels);
      if (Topics.isFilter(filter)) {
        return filter;
      }
    }
  }

  @Test
  void givenTwoFilters_whenCompared_thenAsAllTheirTopicsSay() {
    var random = new Random(4711);
    int covered = 0;
    int met = 0;
    for (int i = 0; i < 4000; i++) {
      var one = filter(random);
      var other = filter(random);
      var ofOther = TOPICS.stream().filter(topic -> matches(other, topic)).toList();
      boolean covers = ofOther.stream().allMatch(topic -> matches(one, topic));
      boolean meets = ofOther.stream().anyMatch(topic -> matches(one, topic));

      assertThat(Topics.covers(one, other)).as("%s covers %s", one, other).isEqualTo(covers);
      assertThat(Topics.intersect(one, other)).as("%s meets %s", one, other).isEqualTo(meets);
      covered += covers ? 1 : 0;
      met += meets ? 1 : 0;
    }
    assertThat(covered).isBetween(200, 2000);
    assertThat(met).isBetween(covered + 200, 3800);
  }

  @Test
  void givenTopicName_whenComparedWithFilter_thenItIsTheFilterOfItselfAlone() {
    var random = new Random(12);
    for (int i = 0; i < 2000; i++) {
      var filter = filter(random);
      var topic = TOPICS.get(random.nextInt(TOPICS.size()));
      boolean matches = matches(filter, topic);

      assertThat(Topics.covers(filter, topic)).as("%s %s", filter, topic).isEqualTo(matches);
      assertThat(Topics.intersect(filter, topic)).as("%s %s", filter, topic).isEqualTo(matches);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "#, a, true",
    "#, $SYS/#, false",
    "+/#, #, true",
    "#, +/#, true",
    "+/+/#, #, false",
    "a/#, a, true",
    "a/#, a/+, true",
    "a/+, a/#, false",
    "a/+, a/$x, true",
    "$SYS/#, $SYS, true",
    "$SYS/#, $SYSx, false",
    "+/SYS, $x/SYS, false",
    "a, a/, false",
    "a/b, a, false"
  })
  void givenWideFilter_whenAskedForANarrowOne_thenWhetherAllOfIt(
      String wide, String narrow, boolean covers) {
    assertThat(Topics.covers(wide, narrow)).isEqualTo(covers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "/", "//", "+", "#", "+/+", "a/+/b", "a/#", "/#", "+/#", "$x/+", " "})
  void givenTopicFilter_whenChecked_thenItIsOne(String filter) {
    assertThat(Topics.isFilter(filter)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0", "a+", "+a", "a/b+/c", "#/", "#/a", "a#", "a/#b", "##", "++"})
  void givenNoTopicFilter_whenChecked_thenItIsNone(String text) {
    assertThat(Topics.isFilter(text)).isFalse();
  }

  @Test
  void givenTopicOf65535Separators_whenCompared_thenWithoutRecursion() {
    var topic = "/".repeat(65_535);
    var wildcards = "+/".repeat(32_767) + "#";

    assertThat(Topics.covers(wildcards, topic)).isTrue();
    assertThat(Topics.intersect(wildcards, topic)).isTrue();
    assertThat(Topics.isFilter(wildcards)).isTrue();
  }
}
