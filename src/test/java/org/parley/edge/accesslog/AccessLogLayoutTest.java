package org.parley.edge.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.pcp.broker.Outcome;

/** The lines of the access log: what they say, and that no peer can forge one. */
class AccessLogLayoutTest {
  private static final String AGENT = "pcp://client02/agent";
  private static final String EIGHT_FIELDS = "(\\S+ ){7}\\S+\n";

  private static String json(AccessLogEntry entry) {
    var out = new StringBuilder();
    new JsonLayout().append(out, entry);
    return out.toString();
  }

  private static JsonObject parsed(AccessLogEntry entry) {
    try (var reader = Json.createReader(new StringReader(json(entry)))) {
      return reader.readObject();
    }
  }

  private static String classic(AccessLogEntry entry) {
    var out = new StringBuilder();
    new ClassicLayout().append(out, entry);
    return out.toString();
  }

  static Stream<String> hostile() {
    return Stream.of(
        "a\r\n[2026-01-01T00:00:00.000Z] AUTHORIZATION_SUCCESS 192.0.2.9:1 root",
        "a\",\"outcome\":\"delivered",
        "a\\",
        "\\u000a",
        "\u0000\u0007\u001b[31m\u007f\u0085\u2028\u2029",
        "\u202egnp.exe\u2066",
        "\ud800",
        "tab\tand\u00a0spaces \u3000",
        "-",
        ",",
        "'",
        "x".repeat(1 << 20),
        "\u0000".repeat(1 << 20));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void givenHostileText_whenJson_thenOnePrintableLineThatSaysIt(String text) {
    var entry = Entries.entry(Outcome.NOT_AUTHORIZED, Optional.of(Entries.message(text, AGENT)));

    assertThat(json(entry)).matches("[ -~]{1,8000}\n");
    assertThat(parsed(entry).getString("message_type"))
        .isEqualTo(text.length() > 512 ? text.substring(0, 512) + "..." : text);
    assertThat(parsed(entry).getString("outcome")).isEqualTo("not-authorized");
    assertThat(parsed(entry)).hasSize(14);
  }

  @ParameterizedTest
  @MethodSource("hostile")
  @Tag("2.12-11")
  void givenHostileText_whenClassic_thenOnePrintableLineOfEightFields(String text) {
    var line =
        classic(Entries.entry(Outcome.NOT_AUTHORIZED, Optional.of(Entries.message(text, AGENT))));

    assertThat(line).matches("[ -~]{1,8000}\n").matches(EIGHT_FIELDS);
    assertThat(line.split(" ", -1)[5]).isNotEqualTo("-").doesNotContain(",", "\"", "'");
    assertThat(line)
        .startsWith("[" + Entries.TIME_TEXT + "] AUTHORIZATION_FAILURE 192.0.2.1:50123 client01 ")
        .endsWith(" " + Entries.ID + " " + AGENT + "\n");
  }

  @Test
  void givenHostileTarget_whenClassic_thenItStaysOneField() {
    var line = classic(Entries.delivered(Entries.message("example", "pcp://a ,b\n/\"x")));

    assertThat(line).endsWith(" pcp://a\\u0020\\u002Cb\\u000A/\\u0022x\n").matches(EIGHT_FIELDS);
  }

  @Test
  void givenUndecodable_whenJson_thenWhoItWasAndNoMore() {
    assertThat(json(Entries.undecodable()))
        .isEqualTo(
            """
            {"time":"2026-01-01T00:00:00.123Z","level":"WARN","outcome":"undecodable",\
            "classic_outcome":"DESERIALIZATION_ERROR","remote_address":"192.0.2.1",\
            "remote_port":50123,"common_name":"client01","uri":"pcp://client01/agent",\
            "protocol":"pcp-v2"}
            """);
  }

  @Test
  void givenUndecodable_whenClassic_thenDashes() {
    assertThat(classic(Entries.undecodable()))
        .isEqualTo(
            "[2026-01-01T00:00:00.123Z] DESERIALIZATION_ERROR 192.0.2.1:50123 client01 - - - -\n");
  }

  @Test
  void givenMessageWithoutSender_whenJson_thenTheBrokersWordForIt() {
    assertThat(json(Entries.delivered(Entries.message("example", AGENT))))
        .isEqualTo(
            """
            {"time":"2026-01-01T00:00:00.123Z","level":"INFO","outcome":"delivered",\
            "classic_outcome":"AUTHORIZATION_SUCCESS","remote_address":"192.0.2.1",\
            "remote_port":50123,"common_name":"client01","uri":"pcp://client01/agent",\
            "protocol":"pcp-v2","id":"11111111-1111-4111-8111-111111111111",\
            "message_type":"example","sender":"pcp://client01/agent",\
            "targets":["pcp://client02/agent"],"data_length":2}
            """);
  }

  @Test
  void givenMessageWithoutSender_whenClassic_thenTheBrokersWordForIt() {
    assertThat(classic(Entries.delivered(Entries.message("example", AGENT))))
        .isEqualTo(
            "[2026-01-01T00:00:00.123Z] AUTHORIZATION_SUCCESS 192.0.2.1:50123 client01"
                + " pcp://client01/agent example 11111111-1111-4111-8111-111111111111"
                + " pcp://client02/agent\n");
  }

  @Test
  void givenForgedSender_whenWritten_thenBothNamesAreThere() {
    var entry = Entries.delivered(Entries.from("pcp://other/agent"));

    assertThat(parsed(entry).getString("sender")).isEqualTo("pcp://other/agent");
    assertThat(parsed(entry).getString("uri")).isEqualTo("pcp://client01/agent");
    assertThat(classic(entry)).contains(" client01 pcp://other/agent ");
  }

  @Test
  void givenEmptyType_whenClassic_thenNotTakenForAbsent() {
    assertThat(classic(Entries.delivered(Entries.message("", AGENT))))
        .contains(" pcp://client01/agent \"\" " + Entries.ID);
  }

  @Test
  void givenSeveralTargets_whenWritten_thenEach() {
    var entry = Entries.delivered(Entries.v1(List.of("pcp://a/agent", "pcp://b/agent")));

    assertThat(parsed(entry).getJsonArray("targets")).hasSize(2);
    assertThat(parsed(entry).getInt("data_length")).isEqualTo(3);
    assertThat(parsed(entry)).doesNotContainKey("target_count");
    assertThat(classic(entry)).endsWith(" pcp://a/agent,pcp://b/agent\n");
  }

  @Test
  void givenManyTargets_whenWritten_thenTheFirstAndHowMany() {
    var target = "pcp://a/" + "b".repeat(1000);
    var entry = Entries.delivered(Entries.v1(Stream.generate(() -> target).limit(10_000).toList()));

    assertThat(parsed(entry).getJsonArray("targets")).hasSize(4);
    assertThat(parsed(entry).getInt("target_count")).isEqualTo(10_000);
    assertThat(json(entry)).hasSizeLessThan(4096);
    assertThat(classic(entry)).endsWith("...,...\n").hasSizeLessThan(4096);
  }

  @Test
  void givenNoTargetAtAll_whenWritten_thenNone() {
    var entry = Entries.delivered(Entries.v1(List.of()));

    assertThat(parsed(entry).getJsonArray("targets")).isEmpty();
    assertThat(classic(entry)).endsWith(" -\n").matches(EIGHT_FIELDS);
  }

  @Test
  void givenUnknownPort_whenWritten_thenLeftOut() {
    var entry =
        AccessLogEntry.of(
            Entries.TIME,
            Outcome.UNDECODABLE,
            Entries.session("2001:db8::1%eth 0", 0),
            Optional.empty());

    assertThat(parsed(entry)).doesNotContainKey("remote_port");
    assertThat(classic(entry)).contains(" [2001:db8::1%eth\\u00200]:- ").matches(EIGHT_FIELDS);
  }

  @ParameterizedTest
  @EnumSource
  void givenOutcome_whenWritten_thenAWarningUnlessAuthorized(Outcome outcome) {
    var entry = Entries.entry(outcome, Optional.empty());
    boolean authorized = outcome.classic() == Outcome.Classic.AUTHORIZATION_SUCCESS;

    assertThat(parsed(entry).getString("level")).isEqualTo(authorized ? "INFO" : "WARN");
    assertThat(parsed(entry).getString("outcome")).isEqualTo(outcome.label());
    assertThat(classic(entry)).contains("] " + outcome.classic() + " 192");
  }

  @Test
  void givenDroppedLines_whenWritten_thenHowMany() {
    var json = new StringBuilder();
    new JsonLayout().appendDropped(json, Entries.TIME, 17);
    var classic = new StringBuilder();
    new ClassicLayout().appendDropped(classic, Entries.TIME, 17);

    assertThat(json)
        .hasToString(
            "{\"time\":\"2026-01-01T00:00:00.123Z\",\"level\":\"WARN\",\"dropped_lines\":17}\n");
    assertThat(classic).hasToString("[2026-01-01T00:00:00.123Z] DROPPED_LINES - - - - 17 -\n");
    assertThat(classic.toString()).matches(EIGHT_FIELDS);
  }
}
