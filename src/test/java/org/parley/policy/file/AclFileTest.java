package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.policy.Peers.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.policy.Action;
import org.parley.policy.Decision.Allowed;
import org.parley.policy.Rule;

/** ACL files that are refused, and texts that a policy file must take as they are. */
class AclFileTest {
  static Stream<Arguments> bad() {
    return Stream.of(
        bad("", "line 1, column 1: no topic and no pattern in the file: say who may do what"),
        bad("\n# topic a\n\r\n  \n", "line 1, column 1: no topic and no pattern in the file"),
        bad("user ada\n", "line 1, column 1: no topic and no pattern in the file"),
        bad("topic a\ntopics b", "line 2, column 1: unknown keyword \"topics\": use topic"),
        bad("Topic a", "line 1, column 1: unknown keyword \"Topic\""),
        bad("topic a\n # late", "line 2, column 1: unknown keyword \"#\""),
        bad("topic a\n\ntopic", "line 3, column 1: a line that breaks off: write the topic"),
        bad("topic read", "line 1, column 1: a line that breaks off"),
        bad("topic a\npattern deny  ", "line 2, column 1: a line that breaks off"),
        bad("topic a\nuser", "line 2, column 1: a line that breaks off: write the name"),
        bad("topic reed a", "line 1, column 1: unknown access \"reed\": use one of deny, read,"),
        bad("topic a b", "line 1, column 1: unknown access \"a\""),
        bad("topic\ta", "line 1, column 6: a control character"),
        bad("topic a\ntopic read a\u0000b", "line 2, column 13: a control character"),
        bad("topic a\nuser ada\u001b[2J", "line 2, column 9: a control character"),
        bad("topic a\rtopic b", "line 1, column 8: a control character"),
        bad("topic a\u0085topic b", "line 1, column 8: a control character"),
        bad("topic a#", "line 1, column 1: no topic filter \"a#\""),
        bad("topic #/a", "line 1, column 1: no topic filter"),
        bad("pattern a+/%c", "line 1, column 1: no topic filter"),
        bad("pattern read +%c", "line 1, column 1: no topic filter"),
        bad("pattern read %cname", "line 1, column 1: %c before n"),
        bad("pattern read %%cn", "line 1, column 1: %c before n"),
        bad("user a*\ntopic #", "line 1, column 1: a user name with * \"a*\""),
        bad("topic " + "a".repeat(1025), "line 1, column 1: value too long"),
        bad("topic " + "%".repeat(513), "line 1, column 1: value too long"),
        bad("user " + "a".repeat(1025), "line 1, column 1: value too long"),
        bad("topic a\n#" + "x".repeat(1 << 20), "line 1, column 1: the file is too large"));
  }

  private static Arguments bad(String acl, String line) {
    return Arguments.argumentSet(line, acl, line);
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("bad")
  void givenBadFile_whenConverted_thenRefusedWithItsLine(String acl, String line) {
    assertThat(AclFiles.problem(acl)).startsWith(line).matches("[ -~]*");
  }

  @Test
  void givenNoUtf8_whenConverted_thenRefusedWithItsLine() {
    var bytes = "topic a\ntopic \u00FC".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(AclFiles.problem(bytes)).startsWith("line 2, column 7: no UTF-8");
  }

  @Test
  void givenHalfACharacter_whenConverted_thenRefused() {
    var whole = "topic \u00FC".getBytes(StandardCharsets.UTF_8);

    assertThat(AclFiles.problem(Arrays.copyOf(whole, whole.length - 1)))
        .startsWith("line 1, column 7: no UTF-8");
  }

  private static String users(int number) {
    return IntStream.rangeClosed(1, number)
        .mapToObj(i -> "user u%d\ntopic read a\ntopic write b\n".formatted(i))
        .collect(Collectors.joining());
  }

  @Test
  void givenAsManyUsersAsRulesAreFor_whenConverted_thenEachHasItsOwn() {
    var rules = Policies.rules(AclFiles.made(users(499)));

    assertThat(rules).hasSize(999).extracting(Rule::name).doesNotHaveDuplicates();
  }

  @Test
  void givenMoreUsersThanRulesAreFor_whenConverted_thenRefused() {
    assertThat(AclFiles.problem(users(500)))
        .startsWith("line 1498, column 1: too many rules: a policy has 1000 at the most");
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 2001})
  void givenManyTopics_whenConverted_thenSharedByRulesOfBoundedLength(int number) {
    var topics =
        IntStream.range(0, number)
            .mapToObj(i -> "topic read t" + i + "\ntopic deny d" + i)
            .collect(Collectors.joining("\n"));
    var policy = Policies.policy(AclFiles.made(topics + "\ntopic read #"));
    var client = mqtt("", "", "c1");

    for (int i = 0; i < number; i++) {
      assertThat(policy.decide(new Action.Subscribe(client, "t" + i))).isInstanceOf(Allowed.class);
      assertThat(policy.decide(new Action.Subscribe(client, "d" + i)))
          .isNotInstanceOf(Allowed.class);
    }
  }

  @Test
  void givenPolicyLargerThanMayBe_whenConverted_thenRefused() {
    var topics =
        IntStream.range(0, 1000)
            .mapToObj(i -> "topic read " + i + "\u00FC".repeat(200))
            .collect(Collectors.joining("\n"));

    assertThat(AclFiles.problem(topics)).startsWith("line 1, column 1: the policy is too large");
  }

  /** A full disk or an editor ends a file anywhere. */
  @Test
  void givenPolicy_whenCutOffAnywhere_thenRefusedOrRulesAreMissingAtItsEnd() {
    var whole =
        AclFiles.made(
            "topic read a\ntopic deny b\nuser ada\ntopic write c d\npattern deny x\npattern #");
    var rules = Policies.rules(whole);

    for (int length = 0; length < whole.length(); length++) {
      var parsed = PolicyReader.read(whole.substring(0, length).getBytes(StandardCharsets.UTF_8));
      if (parsed instanceof PolicyParsed.Loaded(var left)) {
        assertThat(left.toString()).isEqualTo(rules.subList(0, left.size()).toString());
      }
    }
    assertThat(rules).hasSize(8);
  }

  private static void assertThatOnlyItself(String name) {
    var acl = "user %s\ntopic readwrite own/%s\n".formatted(name, name.replaceAll("[+#]", "_"));
    var policy = Policies.policy(AclFiles.made(acl));
    var topic = "own/" + name.replaceAll("[+#]", "_");

    assertThat(policy.decide(new Action.Publish(mqtt("", name, "c1"), topic, false)))
        .isInstanceOf(Allowed.class);
    for (var other :
        new String[] {"", "ada", name + "x", "x" + name, name.toUpperCase(Locale.ROOT) + "X"}) {
      assertThat(policy.decide(new Action.Publish(mqtt("", other, "c1"), topic, false)))
          .as("%s", other)
          .isNotInstanceOf(Allowed.class);
    }
    assertThat(policy.decide(new Action.Publish(mqtt("", name, "c1"), "other", false)))
        .isNotInstanceOf(Allowed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"",
        "'",
        "a\"}, action: send",
        "a: b",
        "a:",
        "- a",
        "?",
        "{}",
        "[a",
        "& a",
        "!a",
        "| a",
        "> a",
        "%TAG",
        "@a",
        "`a",
        "# a",
        "a #b",
        "true",
        "null",
        "~",
        "1",
        "1e3",
        "\\",
        "\\n",
        "\\\"",
        "%u",
        "%%",
        "%cn",
        "+",
        "#",
        "a+b",
        "\u00FC",
        "\u2028",
        "\u202E",
        "\uFEFFa",
        "\uD83D\uDE00",
        "--- a",
        "...",
        ",",
        "user",
        "topic read",
        "a  b",
        "\u00A0",
        "${x}",
        "=",
        "<<"
      })
  void givenHostileName_whenConverted_thenThatUserAndNobodyElse(String name) {
    assertThatOnlyItself(name);
  }

  static LongStream seeds() {
    return LongStream.range(0, 500);
  }

  private static final String SPECIALS = "\"'\\:{}[],&!|>%@`#?-~=+$/. \u00FC\u2028\u202E\uFFFD";

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void givenRandomName_whenConverted_thenThatUserAndNobodyElse(long seed) {
    var random = new SplittableRandom(seed);
    var name = new StringBuilder("n");
    for (int length = random.nextInt(20); length > 0; length--) {
      name.append(
          random.nextBoolean()
              ? SPECIALS.charAt(random.nextInt(SPECIALS.length()))
              : (char) ('a' + random.nextInt(26)));
    }
    assertThatOnlyItself(name.append("n").toString());
  }
}
