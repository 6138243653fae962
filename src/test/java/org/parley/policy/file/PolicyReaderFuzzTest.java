package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.parley.policy.Rule;
import org.parley.testing.Allocation;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Any file at all: its rules, every one that stands in it, or a problem and its place, and no more
 * memory than the file asks for. A file with a problem never gives a policy.
 */
class PolicyReaderFuzzTest {
  /** Of memory: what any file may ask for, and what one byte may. */
  private static final long ANY_FILE = 1L << 20;

  private static final long A_BYTE = 20_000;

  @FuzzTest(maxDuration = "10m")
  void givenAnyFile_whenRead_thenAllItsRulesOrAProblem(byte[] input) {
    var parsed = PolicyReader.read(input);

    long before = Allocation.soFar(); // once its classes are loaded
    var again = PolicyReader.read(input);
    long taken = Allocation.soFar() - before;
    assertThat(taken).isLessThan(ANY_FILE + A_BYTE * input.length);
    assertThat(again).hasSameClassAs(parsed);
    switch (parsed) {
      case PolicyParsed.Failed(var problem) -> assertTellsItsPlace(problem, input);
      case PolicyParsed.Loaded(var rules) -> {
        assertThat(rules).hasSizeBetween(1, PolicyReader.MAX_RULES);
        assertThat(rules.stream().map(Rule::name)).doesNotHaveDuplicates();
        assertAreAll(rules, new String(input, StandardCharsets.UTF_8));
        assertThat(PolicyReader.read(with(input, "\n...\n--- more\n")))
            .isInstanceOf(PolicyParsed.Failed.class);
      }
    }
  }

  private static void assertTellsItsPlace(PolicyProblem problem, byte[] input) {
    int lines =
        new String(input, StandardCharsets.UTF_8).split("\r\n|[\r\n\u0085\u2028\u2029]", -1).length;
    assertThat(problem.place().line()).isBetween(1, lines);
    assertThat(problem.place().column()).isPositive();
    assertThat(problem.line())
        .startsWith(problem.brief())
        .contains(problem.remedy())
        .doesNotContainPattern("\\p{Cntrl}");
  }

  /** Nothing of the file is passed over. */
  private static void assertAreAll(List<Rule> rules, String text) {
    var file = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    var written = (List<?>) Objects.requireNonNull(file.get("rules"));
    assertThat(rules).hasSameSizeAs(written);
    for (int i = 0; i < rules.size(); i++) {
      var rule = rules.get(i);
      var fields = (Map<?, ?>) written.get(i);
      assertThat(rule.name()).isEqualTo(fields.get("name"));
      assertThat(rule.effect() == Rule.Effect.ALLOW)
          .isEqualTo("allow".equals(fields.get("effect")));
      assertThat(rule.kinds()).isNotEmpty();
      assertThat(rule.who().isEmpty()).isEqualTo(!fields.containsKey("who"));
    }
  }

  private static byte[] with(byte[] input, String more) {
    var bytes = more.getBytes(StandardCharsets.UTF_8);
    var longer = Arrays.copyOf(input, input.length + bytes.length);
    System.arraycopy(bytes, 0, longer, input.length, bytes.length);
    return longer;
  }
}
