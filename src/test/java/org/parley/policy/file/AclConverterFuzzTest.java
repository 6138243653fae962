package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.parley.policy.Rule;

/**
 * Any ACL file at all: a policy that the broker reads, or a problem and its line. The policy lets
 * everybody connect, and is about nothing but topics otherwise.
 */
class AclConverterFuzzTest {
  private static final Set<Rule.Kind> TOPICS = EnumSet.of(Rule.Kind.PUBLISH, Rule.Kind.SUBSCRIBE);

  @FuzzTest(maxDuration = "10m")
  void givenAnyAclFile_whenConverted_thenAPolicyOrAProblem(byte[] input) {
    switch (AclConverter.convert(input)) {
      case AclConverted.Failed(var problem) -> {
        var lines = new String(input, StandardCharsets.UTF_8).split("\n", -1);
        assertThat(problem.place().line()).isBetween(1, lines.length);
        assertThat(problem.line()).startsWith(problem.brief()).doesNotContainPattern("\\p{Cntrl}");
      }
      case AclConverted.Made(var policy) -> {
        var rules = Policies.rules(policy);
        assertThat(policy)
            .matches(text -> text.chars().allMatch(c -> c == '\n' || (c >= ' ' && c <= '~')));
        assertIsAboutTopics(rules);
      }
    }
  }

  private static void assertIsAboutTopics(List<Rule> rules) {
    assertThat(rules).hasSizeGreaterThan(1);
    assertThat(rules.getFirst().kinds()).containsExactly(Rule.Kind.CONNECT);
    for (var rule : rules.subList(1, rules.size())) {
      assertThat(rule.kinds()).isNotEmpty().isSubsetOf(TOPICS);
      assertThat(rule.effect() == Rule.Effect.DENY || !rule.scope().topics().isEmpty())
          .as(rule.name())
          .isTrue();
    }
  }
}
