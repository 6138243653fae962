package org.parley.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "a, A",
    "a, aa",
    "a*, ba",
    "*a, ab",
    "a*a, a",
    "ab*ba, aba",
    "a*b*c, acb",
    "a*b*c, ac",
    "*ab*ab*, ab",
    "a?, ab",
    "[ab], a",
    "a.c, abc",
    "pcp://*/agent, pcp://a/agents"
  })
  void givenTextThatDoesNotFit_whenMatched_thenNot(String pattern, String text) {
    assertThat(Glob.of(pattern).matches(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "a, a",
    "*, ''",
    "*, anything",
    "**, a",
    "a*, a",
    "*a, a",
    "a*a, aa",
    "a**c, abc",
    "a*b*c, abc",
    "a*b*c, a-b-b-c",
    "*ab*ab*, abab",
    "*aab*, aaaab",
    "*abab*c, abaababxc",
    "?[x]\\, ?[x]\\",
    "pcp://*/agent, pcp://a/b/agent",
    "*.example.com, a.b.example.com"
  })
  void givenTextThatFits_whenMatched_thenSo(String pattern, String text) {
    assertThat(Glob.of(pattern).matches(text)).isTrue();
    assertThat(Glob.of(pattern)).hasToString(pattern);
  }

  @Test
  void givenLiteralWithStar_whenMatched_thenOnlyItself() {
    assertThat(Glob.literal("a*").matches("a*")).isTrue();
    assertThat(Glob.literal("a*").matches("ab")).isFalse();
  }

  /** Over two letters, where every way to fall back comes up. */
  @Test
  void givenManyPatternsAndTexts_whenMatched_thenAsARegularExpressionWould() {
    var random = new Random(4711);
    int matches = 0;
    for (int i = 0; i < 50_000; i++) {
      var pattern = text(random, "ab*", 8);
      var text = text(random, "ab", 12);
      boolean expected = Pattern.matches(pattern.replace("*", ".*"), text);
      assertThat(Glob.of(pattern).matches(text)).as("%s on %s", pattern, text).isEqualTo(expected);
      matches += expected ? 1 : 0;
    }
    assertThat(matches).isBetween(1000, 49_000);
  }

  private static String text(Random random, String letters, int most) {
    var text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }
}
