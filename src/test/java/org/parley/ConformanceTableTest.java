package org.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of {@code docs} whose rows name tests: the tests exist, and no row is without one. */
class ConformanceTableTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", "."));
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*(?:IT|Test))(?:\\.(\\w+))?`");

  /** Reports on other brokers. */
  private static final Pattern REPORT =
      Pattern.compile("CVE-\\d{4}-\\d+|(?:netty|mosquitto|rabbitmq)-\\d+");

  /** Rows whose id is a tag too: one of their tests bears it. */
  private static final Pattern TAGGED = Pattern.compile("2\\.12-\\d\\d|3\\.4-\\d\\d|" + REPORT);

  private static final Pattern TAG = Pattern.compile("@Tag\\(\"([^\"]+)\"\\)");

  /** What needs no test; that something is not here has a reason. */
  private static final Pattern UNTESTED = Pattern.compile("differs.*|with MQTT|not here: \\S.*");

  /** A row of a table with the columns {@code id} and {@code test}. */
  private record Row(String id, String outcome, String test) {}

  static Stream<Arguments> pages() {
    return Stream.of(
        arguments("conformance-pcp.md", 200, List.of("same", "differs")),
        arguments("hostile-input.md", 60, List.of("")));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void givenPage_whenRead_thenEachRowHasATestThatExistsAndAnIdOfItsOwn(
      String page, int leastRows, List<String> outcomes) throws IOException {
    var rows = rows(Files.readString(ROOT.resolve("docs").resolve(page)));

    assertThat(rows).hasSizeGreaterThan(leastRows);
    assertThat(problems(rows, sources())).isEmpty();
    assertThat(rows)
        .allMatch(row -> outcomes.stream().anyMatch(start -> row.outcome.startsWith(start)));
  }

  @Test
  void givenTheDefectsAndTheChecklist_whenCounted_thenEachHasARow() throws IOException {
    var page = Files.readString(ROOT.resolve("docs").resolve("conformance-pcp.md"));
    var tagged = rows(page).stream().filter(row -> TAGGED.matcher(row.id).matches()).toList();

    assertThat(tagged).hasSize(23 + 10);
  }

  @Test
  void givenReportsOnOtherBrokers_whenCounted_thenEachHasARowAndNoTagIsWithoutOne()
      throws IOException {
    var page = Files.readString(ROOT.resolve("docs").resolve("hostile-input.md"));
    var reports = rows(page).stream().map(Row::id).filter(REPORT.asMatchPredicate()).toList();
    var tags =
        sources().values().stream()
            .flatMap(source -> TAG.matcher(source).results())
            .map(found -> found.group(1))
            .filter(REPORT.asMatchPredicate())
            .distinct();

    assertThat(reports).hasSize(41);
    assertThat(tags).isNotEmpty().allMatch(reports::contains, "is the id of a row");
  }

  @Test
  void givenFaults_whenChecked_thenEachIsFound() {
    var page =
        """
        | id | statement | here | test |
        |---|---|---|---|
        | a | x | same | `FirstTest.givenOne_whenTwo_thenThree` |
        | a | x | same | `FirstTest` |
        | b | x | same | none |
        | c | x | differs: so | |
        | d | x | with MQTT | |
        | e | x | same | `GoneIT` |
        | f | x | same | `FirstTest.givenGone_whenTwo_thenThree` |
        | 2.12-01 | x | same | `FirstTest` |
        | CVE-2026-1 | x | not here: no such port | |
        | CVE-2026-2 | x | not here: | |
        | CVE-2026-3 | x | same | `FirstTest` |
        | netty-4 | x | not here: no Netty | `FirstTest` |
        """;
    var sources = Map.of("FirstTest", "void givenOne_whenTwo_thenThree() {");

    assertThat(problems(rows(page), sources))
        .containsExactly(
            "a: the id comes twice",
            "b: no test",
            "e: no class GoneIT",
            "f: no method FirstTest.givenGone_whenTwo_thenThree",
            "2.12-01: no test has its tag",
            "CVE-2026-2: no test",
            "CVE-2026-2: no test has its tag",
            "CVE-2026-3: no test has its tag",
            "netty-4: no test has its tag");
  }

  private static List<String> problems(List<Row> rows, Map<String, String> sources) {
    var problems = new ArrayList<String>();
    var ids = new HashSet<String>();
    for (var row : rows) {
      if (!ids.add(row.id)) {
        problems.add(row.id + ": the id comes twice");
      }
      var named = NAMED.matcher(row.test).results().toList();
      boolean untested = named.isEmpty() && UNTESTED.matcher(row.outcome).matches();
      if (named.isEmpty() && !untested) {
        problems.add(row.id + ": no test");
      }
      boolean tagged = false;
      for (var name : named) {
        var source = Optional.ofNullable(sources.get(name.group(1)));
        if (source.isEmpty()) {
          problems.add(row.id + ": no class " + name.group(1));
        } else if (name.group(2) != null && !source.get().contains("void " + name.group(2) + "(")) {
          problems.add(row.id + ": no method " + name.group(1) + "." + name.group(2));
        }
        tagged |= source.isPresent() && source.get().contains("@Tag(\"" + row.id + "\")");
      }
      if (TAGGED.matcher(row.id).matches() && !tagged && !untested) {
        problems.add(row.id + ": no test has its tag");
      }
    }
    return problems;
  }

  private static List<Row> rows(String page) {
    var rows = new ArrayList<Row>();
    List<String> columns = List.of();
    for (var line : page.lines().toList()) {
      var cells = line.startsWith("|") ? cells(line) : List.<String>of();
      if (cells.isEmpty() || cells.getFirst().startsWith("---")) {
        columns = cells.isEmpty() ? List.of() : columns;
      } else if (cells.getFirst().equals("id") && cells.contains("test")) {
        columns = cells;
      } else if (!columns.isEmpty()) {
        assertThat(cells).as(line).hasSameSizeAs(columns);
        int outcome = columns.contains("here") ? columns.indexOf("here") : 2;
        rows.add(new Row(cells.getFirst(), cells.get(outcome), cells.get(columns.indexOf("test"))));
      }
    }
    return rows;
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.substring(1).split("\\|", -1))
        .map(String::strip)
        .toList()
        .subList(0, (int) line.chars().filter(c -> c == '|').count() - 1);
  }

  /** The text of each test class. */
  private static Map<String, String> sources() throws IOException {
    var sources = new HashMap<String, String>();
    try (var files = Files.walk(ROOT.resolve("src/test/java"))) {
      for (var file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
      }
    }
    return sources;
  }
}
