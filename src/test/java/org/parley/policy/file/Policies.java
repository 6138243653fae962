package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.parley.policy.Rule;
import org.parley.policy.RulePolicy;

/** Policy files for tests. */
public final class Policies {
  private static final Path DOCS = Path.of(System.getProperty("basedir", "."), "docs");
  static final Path SCHEMA = DOCS.resolve("policy.schema.json");

  private Policies() {}

  /** The rules of a good file. */
  static List<Rule> rules(String text) {
    var parsed = PolicyReader.read(text.getBytes(StandardCharsets.UTF_8));
    assertThat(parsed).isInstanceOf(PolicyParsed.Loaded.class);
    return ((PolicyParsed.Loaded) parsed).rules();
  }

  /** The policy of a good file. */
  public static RulePolicy policy(String text) {
    return new RulePolicy(rules(text));
  }

  /** The policy of these rules, each in lines of its own. */
  public static RulePolicy policyOf(String... rules) {
    return policy(file(rules));
  }

  /** A file of these rules: YAML, the first line without indentation. */
  public static String file(String... rules) {
    var text = new StringBuilder("version: 1\nrules:\n");
    for (var rule : rules) {
      text.append("  - ").append(rule.strip().replace("\n", "\n    ")).append('\n');
    }
    return text.toString();
  }

  /** An allowing rule of this name and these further lines. */
  public static String allow(String name, String lines) {
    return "name: " + name + "\neffect: allow\n" + lines;
  }

  /** A denying rule. */
  public static String deny(String name, String lines) {
    return "name: " + name + "\neffect: deny\n" + lines;
  }

  /** Why a file is refused. */
  static PolicyProblem problem(byte[] bytes) {
    var parsed = PolicyReader.read(bytes);
    assertThat(parsed).isInstanceOf(PolicyParsed.Failed.class);
    return ((PolicyParsed.Failed) parsed).problem();
  }

  static PolicyProblem problem(String text) {
    return problem(text.getBytes(StandardCharsets.UTF_8));
  }

  /** An example of the documentation. */
  public static String example(String name) {
    return read(DOCS.resolve("policy").resolve(name));
  }

  /** Every example of the documentation: the files, and the YAML and JSON blocks of the page. */
  static List<String> examples() {
    try (var files = Files.list(DOCS.resolve("policy"))) {
      var page = read(DOCS.resolve("policy.md"));
      var blocks =
          java.util.regex.Pattern.compile(
                  "```(?:yaml|json)\n(.*?)```", java.util.regex.Pattern.DOTALL)
              .matcher(page)
              .results()
              .map(match -> match.group(1));
      return Stream.concat(files.map(Policies::read), blocks).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
