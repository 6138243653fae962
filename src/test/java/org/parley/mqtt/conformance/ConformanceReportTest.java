package org.parley.mqtt.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.conformance.ConformanceReport.EdgeCase;
import org.parley.mqtt.conformance.ConformanceReport.Statement;
import org.parley.mqtt.conformance.Evidence.Proof;

/** Every statement that binds a server has a test, and {@code docs/conformance.md} names it. */
class ConformanceReportTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", "."));
  private static final Path PAGE = ROOT.resolve("docs/conformance.md");
  private static final String WRITE = "parley.it.write-report";

  /** A row of the table in {@code docs/mqtt.md}: number, reason. */
  private static final Pattern REASON = Pattern.compile("\\| (\\d+) \\| (.+) \\|");

  private static final String REASONS = "## Edge cases that are not tests here";

  private static final ConformanceReport REPORT = report();

  private static ConformanceReport report() {
    try {
      return new ConformanceReport(
          lines("statements.tsv").stream().map(Statement::parse).toList(),
          lines("edge-cases.tsv").stream().map(EdgeCase::parse).toList(),
          reasons(Files.readString(ROOT.resolve("docs/mqtt.md"))),
          Evidence.in(
              Path.of(
                  ConformanceReportTest.class
                      .getProtectionDomain()
                      .getCodeSource()
                      .getLocation()
                      .toURI())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> lines(String resource) throws IOException {
    try (var in = ConformanceReportTest.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in, resource).readAllBytes(), UTF_8)
          .lines()
          .toList();
    }
  }

  private static Map<Integer, String> reasons(String page) {
    var reasons = new TreeMap<Integer, String>();
    int at = page.indexOf(REASONS);
    if (at >= 0) {
      int end = page.indexOf("\n## ", at);
      page.substring(at, end < 0 ? page.length() : end)
          .lines()
          .map(REASON::matcher)
          .filter(Matcher::matches)
          .forEach(row -> reasons.put(Integer.valueOf(row.group(1)), row.group(2)));
    }
    return reasons;
  }

  @Test
  void givenTables_whenRead_thenAllStatementsAndCasesAreThere() {
    assertThat(REPORT.statements()).hasSize(251).extracting(Statement::id).doesNotHaveDuplicates();
    assertThat(REPORT.statements()).filteredOn(Statement::bindsServer).hasSize(202);
    assertThat(REPORT.edgeCases()).hasSize(185).extracting(EdgeCase::number).isSorted();
  }

  @Test
  void givenStatementsThatBindAServer_whenTestsAreScanned_thenEachHasOne() {
    assertThat(String.join(" ", REPORT.unprovedStatements()))
        .as("statements without a test")
        .isEmpty();
  }

  @Test
  void givenEdgeCases_whenTestsAreScanned_thenEachHasOneOrAReason() {
    assertThat(REPORT.unprovedEdgeCases().toString())
        .as("edge cases without test and reason")
        .isEqualTo("[]");
    assertThat(REPORT.idleReasons()).as("reasons in docs/mqtt.md that are not true").isEmpty();
  }

  @Test
  void givenTags_whenLookedUp_thenEachIsAStatementOrAnEdgeCase() {
    assertThat(REPORT.unknownTags()).isEmpty();
  }

  @Test
  void givenReport_whenComparedWithTheDocumentation_thenItIsTheSame() throws IOException {
    var report = REPORT.markdown();
    Files.writeString(
        Files.createDirectories(ROOT.resolve("target")).resolve("conformance.md"), report);
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(PAGE, report);
    }

    assertThat(Files.exists(PAGE) && Files.readString(PAGE).equals(report))
        .as("docs/conformance.md: mvn test -Dtest=ConformanceReportTest -D%s=true writes it", WRITE)
        .isTrue();
  }

  @Test
  void givenFaults_whenChecked_thenEachIsFound() {
    var evidence = new Evidence(new TreeMap<>());
    var wire = new Proof("OneTest", "givenB", true);
    var other = new Proof("OneTest", "givenA", false);
    var whole = new Proof("TwoTest", "", false);
    for (var tag : List.of("MQTT-3.1.0-1", "MQTT-3.1.0-3", "MQTT-9.9.9-9", "edge-1", "edge-4")) {
      evidence.tests().put(tag, new TreeSet<>(List.of(wire, other, whole)));
    }
    evidence.tests().put("MQTT-3.1.0-2", new TreeSet<>(List.of(other)));
    var report =
        new ConformanceReport(
            List.of(
                Statement.parse("MQTT-3.1.0-1\tserver\tfirst\thow"),
                Statement.parse("MQTT-3.1.0-2\tboth\tsecond\thow"),
                Statement.parse("MQTT-3.1.0-3\tclient\tthird\thow"),
                Statement.parse("MQTT-3.2.0-1\tclient\tfourth\thow")),
            List.of(
                EdgeCase.parse("1\tA\tfault | one\tright"),
                EdgeCase.parse("2\tA\tfault two\tright"),
                EdgeCase.parse("3\tA\tfault three\tright")),
            new TreeMap<>(Map.of(1, "no time", 3, "no cluster")),
            evidence);

    assertThat(report.unprovedStatements()).containsExactly("MQTT-3.1.0-2");
    assertThat(report.unprovedEdgeCases()).containsExactly(2);
    assertThat(report.idleReasons()).containsExactly(1);
    assertThat(report.unknownTags())
        .containsExactly(
            "MQTT-9.9.9-9 of [OneTest.givenA, OneTest.givenB, TwoTest]",
            "edge-4 of [OneTest.givenA, OneTest.givenB, TwoTest]");
    assertThat(report.markdown().lines())
        .contains(
            "| statements that bind a server: tested on the wire | 2 | 1 | 50 % |",
            "| statements that bind clients: the server's reaction | 2 | 1 | 50 % |",
            "| MQTT-3.1.0-1 | first | `OneTest` .givenA, .givenB; `TwoTest` |",
            "| MQTT-3.1.0-2 | second | `OneTest` .givenA |",
            "| MQTT-3.2.0-1 | fourth | binds clients |",
            "| 1 | fault \\| one | right | none: no time |",
            "| 3 | fault three | right | none: no cluster |");
  }
}
