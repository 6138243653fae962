package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.policy.file.Policies.file;
import static org.parley.policy.file.Policies.problem;
import static org.parley.policy.file.Policies.rules;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.policy.Rule;
import org.parley.session.Protocol;

class PolicyReaderTest {
  private static final String RULE = "name: a\neffect: allow\naction: send";
  private static final String EMPTY =
      "line 1, column 1: the file is empty: write rules, or leave the setting empty for the"
          + " built-in policy";

  @ParameterizedTest
  @ValueSource(strings = {"", " \n\n", "# only\n  # comments\n", "\uFEFF"})
  @Tag("CVE-2018-12550")
  void givenFileWithoutAnything_whenRead_thenAProblemAndNoPolicy(String text) {
    assertThat(problem(text).line()).isEqualTo(EMPTY);
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource({
    "org.parley.policy.file.BadPolicies#shape",
    "org.parley.policy.file.BadPolicies#meaning"
  })
  void givenBadFile_whenRead_thenOneLineWithPlaceProblemAndRemedy(String text, String line) {
    assertThat(problem(text).line()).isEqualTo(line);
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("org.parley.policy.file.BadPolicies#shape")
  void givenBadFile_whenToldToEverybody_thenNothingOfItsText(String text, String line) {
    var brief = problem(text).brief();

    assertThat(brief).doesNotContain("\"").isNotEmpty();
    assertThat(line).startsWith(brief);
  }

  static Stream<Arguments> hostile() {
    var laughs = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (char c = 'b'; c <= 'i'; c++) {
      laughs.append(c).append(": &").append(c).append(" [");
      laughs.append(("*" + (char) (c - 1) + ",").repeat(9)).append("]\n");
    }
    var anchor = "an anchor or alias: write the value out; quote it if it begins with & or *";
    var malformed = "no YAML or JSON: correct what stands there or just before it";
    var deep = "nested too deep: a policy needs six levels, 8 are read";
    return Stream.of(
        argumentSet("billion laughs", laughs.toString(), "line 1, column 4: " + anchor),
        argumentSet("anchor", "version: &v 1", "line 1, column 10: " + anchor),
        argumentSet("anchored key", "&v version: 1", "line 1, column 1: " + anchor),
        argumentSet("alias as a glob", file(RULE + "\ntarget: *x"), "line 6, column 13: " + anchor),
        argumentSet("recursion", "&a [*a]", "line 1, column 1: " + anchor),
        argumentSet("deep list", "[".repeat(100_000), "line 1, column 9: " + deep),
        argumentSet("deep mapping", "{a: ".repeat(100_000), "line 1, column 33: " + deep),
        argumentSet("deep block", "- ".repeat(100_000), "line 1, column 17: " + deep),
        argumentSet(
            "tag",
            "version: !!java.net.URL [x]",
            "line 1, column 10: a tag \"tag:yaml.org,2002:java.net.URL\": leave it out; quote a"
                + " value that begins with !"),
        argumentSet(
            "tag on text",
            "version: !x 1",
            "line 1, column 10: a tag \"!x\": leave it out; quote a value that begins with !"),
        argumentSet(
            "tag on a mapping",
            "!x {}",
            "line 1, column 1: a tag \"!x\": leave it out; quote a value that begins with !"),
        argumentSet(
            "key twice",
            "version: 1\nversion: 1",
            "line 2, column 1: key given twice \"version\": leave one of them out"),
        argumentSet(
            "key twice, quoted once",
            file(RULE + "\n\"name\": b"),
            "line 6, column 5: key given twice \"name\": leave one of them out"),
        argumentSet("list as key", "[a]: 1", "line 1, column 1: a key that is no text: use text"),
        argumentSet(
            "two documents",
            "a: 1\n---\nb: 2",
            "line 2, column 1: a second document: put every rule into the first"),
        argumentSet("unclosed", "version: [1", "line 1, column 12: " + malformed),
        argumentSet("tab", "rules:\n\t- a", "line 2, column 1: " + malformed),
        argumentSet("control character", "version: 1\na\0b: c", "line 2, column 2: " + malformed),
        argumentSet("unknown escape", "a: \"\\q\"", "line 1, column 6: " + malformed),
        argumentSet("escape cut off", "a: \"\\x", "line 1, column 1: " + malformed),
        argumentSet("unknown anchor", "*a", "line 1, column 1: " + anchor),
        argumentSet("version of YAML", "%YAML 3.0\n---\na: 1", "line 1, column 1: " + malformed));
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("hostile")
  void givenHostileFile_whenRead_thenRefusedAtItsPlace(String text, String line) {
    assertThat(problem(text).line()).isEqualTo(line);
  }

  @Test
  void givenHugeFile_whenRead_thenRefusedUnread() {
    assertThat(problem(new byte[PolicyReader.MAX_BYTES + 1]).line())
        .isEqualTo("line 1, column 1: the file is too large: use 1048576 bytes at the most");
    assertThat(problem(" ".repeat(PolicyReader.MAX_BYTES)).line()).isEqualTo(EMPTY);
  }

  static Stream<Arguments> notUtf8() {
    return Stream.of(
        argumentSet("Latin 1", new byte[] {'a', '\n', 'b', (byte) 0xE4, 'c'}, 2, 2),
        argumentSet("overlong", new byte[] {(byte) 0xC0, (byte) 0xAF}, 1, 1),
        argumentSet("surrogate", new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, 1, 1),
        argumentSet("cut short", new byte[] {'a', '\n', 'b', (byte) 0xE2, (byte) 0x82}, 2, 2),
        argumentSet("UTF-16", new byte[] {(byte) 0xFE, (byte) 0xFF, 0, 'a'}, 1, 1));
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("notUtf8")
  void givenBytesThatAreNoUtf8_whenRead_thenRefusedAtTheirPlace(
      byte[] bytes, int line, int column) {
    assertThat(problem(bytes).line())
        .isEqualTo("line %d, column %d: no UTF-8: save the file in UTF-8", line, column);
  }

  @Test
  void givenBadValueWithLineBreaks_whenRead_thenTheProblemIsOneLine() {
    var line = problem(file("name: \"a\\n\\u202Eb\"\neffect: allow\naction: send")).line();

    assertThat(line).contains("\"a\\u000A\\u202Eb\"").doesNotContain("\n");
  }

  @Test
  void givenGoodFile_whenRead_thenEveryRuleWithItsLine() {
    var rules = rules(file(RULE, "# why\nname: b 2\neffect: deny\naction: [inventory, associate]"));

    assertThat(rules).extracting(Rule::name).containsExactly("a", "b 2");
    assertThat(rules).extracting(Rule::line).containsExactly(3, 7);
    assertThat(rules).extracting(Rule::effect).containsExactly(Rule.Effect.ALLOW, Rule.Effect.DENY);
    assertThat(rules.getFirst().kinds()).containsExactly(Rule.Kind.SEND);
    assertThat(rules.getLast().kinds())
        .containsExactlyInAnyOrder(Rule.Kind.ASSOCIATE, Rule.Kind.INVENTORY);
  }

  @Test
  void givenJson_whenRead_thenAsYaml() {
    var json =
        "\uFEFF{\"version\": 1,\n \"rules\": [{\"name\": \"a\", \"effect\": \"allow\","
            + " \"action\": [\"send\"], \"target\": \"pcp://*\\/agent\"}]}";

    assertThat(rules(json).getFirst().scope().targets())
        .extracting(Object::toString)
        .containsExactly("pcp://*/agent");
    assertThat(rules(json).getFirst().line()).isEqualTo(2);
  }

  @Test
  void givenProtocols_whenCompared_thenThoseThatSessionsSpeak() {
    assertThat(WhoReader.PROTOCOLS)
        .containsExactlyElementsOf(Stream.of(Protocol.values()).map(Protocol::label).toList());
  }

  @Test
  void givenMostRulesAndValues_whenRead_thenTaken() {
    var text = new StringBuilder("version: 1\nrules:\n");
    for (int i = 0; i < PolicyReader.MAX_RULES; i++) {
      text.append("- {name: r").append(i).append(", effect: deny, action: send}\n");
    }

    assertThat(rules(text.toString())).hasSize(PolicyReader.MAX_RULES);
  }
}
