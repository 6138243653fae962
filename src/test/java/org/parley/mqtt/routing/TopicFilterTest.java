package org.parley.mqtt.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.TopicName;

class TopicFilterTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a#", "a/#/b", "##", "a+", "+a", "a/b+", "#/", "a/#b", "+/a+/b", "#/#", "a\0b"
      })
  void givenTextThatBreaksSection47_whenParsed_thenNoFilter(String text) {
    assertThat(TopicFilter.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$share/",
        "$share//a",
        "$share//#",
        "$share/g",
        "$share/g/",
        "$share/g+/a",
        "$share/#/a",
        "$share/g/a#",
        "$share/g/$share/h/a"
      })
  void givenShareThatBreaksSection482_whenParsed_thenNoFilter(String text) {
    assertThat(TopicFilter.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "$share/1/a/#, 1, a/#",
    "$share/g//a, g, /a",
    "$share/g//, g, /",
    "$share/g/$SYS/#, g, $SYS/#",
    "$share/a b/+, a b, +"
  })
  void givenShare_whenParsed_thenItsNameAndPattern(String text, String name, String pattern) {
    var filter = Topics.filter(text);

    assertThat(filter.shareName()).contains(name);
    assertThat(filter.pattern()).isEqualTo(pattern);
    assertThat(filter.isShared()).isTrue();
    assertThat(filter).hasToString(text);
  }

  @Test
  void givenTwoParses_whenCompared_thenTheTextDecides() {
    assertThat(Topics.filter("$share/g/a"))
        .isEqualTo(Topics.filter("$share/g/a"))
        .hasSameHashCodeAs(Topics.filter("$share/g/a"))
        .isNotEqualTo(Topics.filter("$share/h/a"))
        .isNotEqualTo(Topics.filter("a"));
  }

  @Test
  void givenLongText_whenParsed_thenUpTo65535BytesOfUtf8() {
    assertThat(TopicFilter.parse("a".repeat(65_535))).isPresent();
    assertThat(TopicFilter.parse("a".repeat(65_536))).isEmpty();
    assertThat(TopicFilter.parse("ä".repeat(32_767))).isPresent();
    assertThat(TopicFilter.parse("ä".repeat(32_768))).isEmpty();
    assertThat(TopicFilter.parse("€".repeat(21_845))).isPresent();
    assertThat(TopicFilter.parse("€".repeat(21_846))).isEmpty();
    assertThat(TopicFilter.parse("😀".repeat(16_383))).isPresent();
    assertThat(TopicFilter.parse("😀".repeat(16_384))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "#, a",
    "#, /",
    "#, a/b",
    "#, /a",
    "+/#, a",
    "+/#, a/b",
    "+/#, /a",
    "a/#, a",
    "a/#, a/",
    "a/#, a/b/c",
    "a/+, a/b",
    "a/+, a/",
    "+/b, a/b",
    "+/b, /b",
    "+/+, a/b",
    "+/+, /",
    "+/+, /b",
    "$SYS/#, $SYS",
    "$SYS/#, $SYS/x",
    "a/+, a/$x",
    "/+, /a",
    "+, a",
    "$share/g/a/+, a/b",
    "d/+, d/$online",
    "a//b, a//b",
    "A, A"
  })
  void givenName_whenTheRulesSayIt_thenMatched(String filter, String topic) {
    assertThat(Topics.filter(filter).matches(TopicName.of(topic))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "#, $SYS/x",
    "#, $x",
    "+/#, $SYS/x",
    "a/#, ab",
    "a/#, /a",
    "a/+, a",
    "a/+, a/b/c",
    "+/b, b",
    "+/b, $a/b",
    "+/+, a",
    "+/+, $SYS/x",
    "$SYS/#, $SYSx",
    "+, /a",
    "$share/g/#, $x",
    "a/b, a",
    "a, a/b",
    "a//b, a/b",
    "A, a",
    "a/b/#, a"
  })
  void givenName_whenTheRulesDenyIt_thenNotMatched(String filter, String topic) {
    assertThat(Topics.filter(filter).matches(TopicName.of(topic))).isFalse();
  }

  @Test
  void givenEmptyName_whenMatched_thenNever() {
    assertThat(Topics.filter("#").matches(TopicName.EMPTY)).isFalse();
  }

  @Test
  void givenManyFiltersAndNames_whenMatched_thenAsTheExpressionSays() {
    var random = new Random(4_711);
    for (int i = 0; i < 20_000; i++) {
      var filter = Topics.filter(Topics.randomPattern(random));
      var expression = Topics.expression(filter.pattern());
      for (int j = 0; j < 5; j++) {
        var name = Topics.randomName(random);

        assertThat(filter.matches(TopicName.of(name)))
            .as("%s on %s", filter, name)
            .isEqualTo(expression.matcher(name).matches());
      }
    }
  }
}
