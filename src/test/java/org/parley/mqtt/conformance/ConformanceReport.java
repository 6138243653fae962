package org.parley.mqtt.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.parley.mqtt.conformance.Evidence.Proof;

/**
 * What is proved of MQTT 5.0 and of the cases in which brokers are known to fail.
 *
 * @param reasons why rows of the edge cases have no test, by number
 */
record ConformanceReport(
    List<Statement> statements,
    List<EdgeCase> edgeCases,
    Map<Integer, String> reasons,
    Evidence evidence) {

  private static final String HEAD =
      """
      # Conformance

      Written by `ConformanceReportTest` from the tags of the tests; do not edit:
      `mvn test -Dtest=ConformanceReportTest -Dparley.it.write-report=true` writes it anew. A statement that binds a server has at
      least one test that speaks MQTT to a broker, over TCP or over WebSockets; others are named beside it.

      """;

  /**
   * A numbered statement of the standard.
   *
   * @param binds {@code server}, {@code client} or {@code both}
   * @param demand in short
   */
  record Statement(String id, String binds, String demand) {
    static Statement parse(String line) {
      var columns = line.split("\t", -1);
      return new Statement(columns[0], columns[1], columns[2]);
    }

    boolean bindsServer() {
      return !binds.equals("client");
    }
  }

  /** A case in which some broker has failed, and the right behaviour. */
  record EdgeCase(int number, String part, String fault, String right) {
    static EdgeCase parse(String line) {
      var columns = line.split("\t", -1);
      return new EdgeCase(Integer.parseInt(columns[0]), columns[1], columns[2], columns[3]);
    }

    String tag() {
      return "edge-" + number;
    }
  }

  /** Returns the statements that bind a server and have no test on the wire. */
  List<String> unprovedStatements() {
    return statements.stream()
        .filter(statement -> statement.bindsServer() && !isProvedOnTheWire(statement))
        .map(Statement::id)
        .toList();
  }

  private boolean isProvedOnTheWire(Statement statement) {
    return evidence.of(statement.id).stream().anyMatch(Proof::onWire);
  }

  /** Returns the edge cases that have neither a test nor a reason. */
  List<Integer> unprovedEdgeCases() {
    return edgeCases.stream()
        .filter(row -> evidence.of(row.tag()).isEmpty() && !reasons.containsKey(row.number))
        .map(EdgeCase::number)
        .toList();
  }

  /** Returns the edge cases that are said to have no test, and have one. */
  List<Integer> idleReasons() {
    var numbers = edgeCases.stream().map(EdgeCase::number).toList();
    return reasons.keySet().stream()
        .filter(number -> !numbers.contains(number) || !evidence.of("edge-" + number).isEmpty())
        .toList();
  }

  /** Returns the tags, with the tests that bear them, that are in neither table. */
  List<String> unknownTags() {
    var known =
        Stream.concat(statements.stream().map(Statement::id), edgeCases.stream().map(EdgeCase::tag))
            .collect(Collectors.toSet());
    return evidence.tests().entrySet().stream()
        .filter(entry -> !known.contains(entry.getKey()))
        .map(entry -> entry.getKey() + " of " + entry.getValue())
        .toList();
  }

  /** Returns the report as Markdown. */
  String markdown() {
    var lines = new ArrayList<String>();
    long binding = statements.stream().filter(Statement::bindsServer).count();
    long proved = binding - unprovedStatements().size();
    lines.add("| | rows | with a test | |");
    lines.add("|---|---|---|---|");
    lines.add(total("statements that bind a server: tested on the wire", binding, proved, ""));
    long reactions = statements.stream().filter(ConformanceReport::isOfClients).count();
    long tested =
        statements.stream()
            .filter(row -> isOfClients(row) && !evidence.of(row.id).isEmpty())
            .count();
    lines.add(total("statements that bind clients: the server's reaction", reactions, tested, ""));
    long cases = edgeCases.stream().filter(row -> !evidence.of(row.tag()).isEmpty()).count();
    lines.add(
        total(
            "edge cases",
            edgeCases.size(),
            cases,
            "; "
                + reasons.size()
                + " are [named with a reason](mqtt.md#edge-cases-that-are-not-tests-here)"));
    addStatements(lines);
    addEdgeCases(lines);
    return HEAD + String.join("\n", lines) + "\n";
  }

  private static boolean isOfClients(Statement statement) {
    return !statement.bindsServer();
  }

  private static String total(String what, long rows, long proved, String more) {
    return "| %s | %d | %d | %d %%%s |".formatted(what, rows, proved, proved * 100 / rows, more);
  }

  private void addStatements(List<String> lines) {
    var section = "";
    for (var row : statements) {
      var own = section(row.id);
      if (!own.equals(section)) {
        section = own;
        lines.addAll(List.of("", "## Section " + own, ""));
        lines.addAll(List.of("| statement | demands | tests |", "|---|---|---|"));
      }
      var tests = evidence.of(row.id);
      var proof = proof(tests);
      if (!row.bindsServer()) {
        proof = tests.isEmpty() ? "binds clients" : "binds clients; reaction: " + proof;
      }
      lines.add("| %s | %s | %s |".formatted(row.id, row.demand, proof));
    }
  }

  /** Returns the section of a statement: 3.1 of {@code MQTT-3.1.2-4}. */
  private static String section(String id) {
    var numbers = id.substring("MQTT-".length()).split("[.-]", -1);
    return numbers[0] + "." + numbers[1];
  }

  private void addEdgeCases(List<String> lines) {
    lines.addAll(List.of("", "# Cases in which brokers are known to fail"));
    var part = "";
    for (var row : edgeCases) {
      if (!row.part.equals(part)) {
        part = row.part;
        lines.addAll(List.of("", "## " + part, ""));
        lines.addAll(List.of("| case | fault | right | tests |", "|---|---|---|---|"));
      }
      var reason = reasons.get(row.number);
      lines.add(
          "| %d | %s | %s | %s |"
              .formatted(
                  row.number,
                  escaped(row.fault),
                  escaped(row.right),
                  reason == null ? proof(evidence.of(row.tag())) : "none: " + reason));
    }
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }

  /** Names each class once, then its methods. */
  private static String proof(List<Proof> tests) {
    var classes = new LinkedHashMap<String, List<String>>();
    for (var test : tests) {
      var methods = classes.computeIfAbsent(test.owner(), _ -> new ArrayList<>());
      if (!test.method().isEmpty()) {
        methods.add("." + test.method());
      }
    }
    return classes.entrySet().stream()
        .map(one -> "`" + one.getKey() + "` " + String.join(", ", one.getValue()))
        .map(String::strip)
        .collect(Collectors.joining("; "));
  }
}
