package org.parley.pcp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.pcp.message.InventoryRequest;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.PcpUri;
import org.parley.session.ClientUri;
import org.parley.session.InventoryChange;
import org.parley.session.InventoryChange.Kind;

/** Sections 1.4 and 1.7, R11. */
class InventoryCodecTest {
  private static final InventoryChange A_CAME =
      new InventoryChange(new ClientUri("a", "agent"), Kind.ASSOCIATED);
  private static final InventoryChange A_WENT =
      new InventoryChange(new ClientUri("a", "agent"), Kind.DISASSOCIATED);

  private final InventoryCodec codec = new InventoryCodec();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null | data is not an object",
        "[] | data is not an object",
        "`\"pcp://*/*\"` | data is not an object",
        "{} | query is missing",
        "{\"subscribe\":true} | query is missing",
        "{\"query\":null} | query is not an array",
        "{\"query\":\"pcp://*/*\"} | query is not an array",
        "{\"query\":{}} | query is not an array",
        "{\"query\":[null]} | query[0] is not a PCP URI",
        "{\"query\":[\"pcp://a/b\",1]} | query[1] is not a PCP URI",
        "{\"query\":[\"pcp://*\"]} | query[0] is not a PCP URI",
        "{\"query\":[\"\"]} | query[0] is not a PCP URI",
        "{\"query\":[\"pcp://a/b/c\"]} | query[0] is not a PCP URI",
        "{\"query\":[[\"pcp://a/b\"]]} | nested too deep",
        "{\"query\":[{}]} | nested too deep",
        "{\"query\":[],\"subscribe\":null} | subscribe is not a boolean",
        "{\"query\":[],\"subscribe\":\"true\"} | subscribe is not a boolean",
        "{\"query\":[],\"subscribe\":1} | subscribe is not a boolean",
        "{\"query\":[],\"Subscribe\":true} | unknown key",
        "{\"query\":[],\"\":1} | unknown key",
        "{\"query\":[],\"query\":[]} | duplicate key",
        "{\"query\":[]}x | more than one value",
        "{\"query\":[\"\\ud800\"]} | lone surrogate",
        "{\"query\":[ | not JSON"
      })
  void givenDataThatBreaksRule_whenDecoded_thenReasonIsOneLineFitForThePeer(
      String data, String reason) {
    assertThat(codec.decodeRequest(request(data)))
        .isInstanceOfSatisfying(
            InventoryDecoded.Rejected.class,
            rejected ->
                assertThat(rejected.reason())
                    .startsWith("Invalid inventory_request: " + reason)
                    .matches("[A-Za-z0-9_:\\[\\] ]+"));
  }

  @Test
  void givenNoData_whenDecoded_thenRejected() {
    assertThat(codec.decodeRequest(Optional.empty()))
        .isEqualTo(new InventoryDecoded.Rejected("Invalid inventory_request: data is missing"));
  }

  @Test
  void givenQueryAtTheLimit_whenOneElementIsAdded_thenRejected() {
    var limited = new InventoryCodec(3);

    assertThat(limited.decodeRequest(request(query(3))))
        .isInstanceOf(InventoryDecoded.Complete.class);
    assertThat(limited.decodeRequest(request(query(4))))
        .isInstanceOfSatisfying(
            InventoryDecoded.Rejected.class,
            rejected -> assertThat(rejected.reason()).contains("query has more than 3 elements"));
    assertThat(codec.decodeRequest(request(query(10_000))))
        .isInstanceOf(InventoryDecoded.Complete.class);
    assertThat(codec.decodeRequest(request(query(100_000))))
        .isInstanceOf(InventoryDecoded.Rejected.class);
    assertThatThrownBy(() -> new InventoryCodec(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void givenNoSubscribe_whenDecoded_thenFalse() {
    assertThat(codec.decodeRequest(request("{\"query\":[]}")))
        .isEqualTo(new InventoryDecoded.Complete(new InventoryRequest(List.of(), false)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void givenQueryAndSubscribe_whenDecoded_thenBothAreThere(boolean subscribe) {
    var data =
        " { \"subscribe\" : %s , \"query\" : [ \"pcp://*/*\" , \"pcp://a*/b\" ] } "
            .formatted(subscribe)
            .strip();

    assertThat(codec.decodeRequest(request(data)))
        .isEqualTo(
            new InventoryDecoded.Complete(
                new InventoryRequest(
                    List.of(new PcpUri("pcp://*/*"), new PcpUri("pcp://a*/b")), subscribe)));
  }

  @Test
  void givenClientsInAnyOrder_whenEncoded_thenAscendingAndEachOnce() {
    assertThat(codec.encodeUris(List.of()).text()).isEqualTo("{\"uris\":[]}");
    assertThat(
            codec
                .encodeUris(
                    List.of(
                        new ClientUri("b", "agent"),
                        new ClientUri("a\"", "x"),
                        new ClientUri("b", "agent"),
                        new ClientUri("a", "y")))
                .text())
        .isEqualTo("{\"uris\":[\"pcp://a\\\"/x\",\"pcp://a/y\",\"pcp://b/agent\"]}");
  }

  @Test
  void givenNoChanges_whenEncoded_thenNoUpdate() {
    assertThat(codec.encodeChanges(List.of(), 1_000)).isEmpty();
  }

  @Test
  void givenChanges_whenTheyFit_thenOneUpdateInOrderOfOccurrence() {
    assertThat(codec.encodeChanges(List.of(A_WENT, A_CAME), 1_000))
        .containsExactly(
            new JsonText(
                """
                {"changes":[{"client":"pcp://a/agent","change":-1},\
                {"client":"pcp://a/agent","change":1}]}\
                """));
  }

  @Test
  void givenUpdateOfExactlyTheLimit_whenOneByteIsTakenAway_thenSplit() {
    var changes = List.of(A_WENT, A_CAME);
    int bytes = utf8Length(codec.encodeChanges(changes, Integer.MAX_VALUE).getFirst());

    assertThat(codec.encodeChanges(changes, bytes)).hasSize(1);
    assertThat(codec.encodeChanges(changes, bytes - 1))
        .extracting(JsonText::text)
        .containsExactly(
            "{\"changes\":[{\"client\":\"pcp://a/agent\",\"change\":-1}]}",
            "{\"changes\":[{\"client\":\"pcp://a/agent\",\"change\":1}]}");
  }

  @Test
  void givenLimitBelowOneChange_whenEncoded_thenEachGoesAlone() {
    assertThat(codec.encodeChanges(List.of(A_WENT, A_CAME, A_WENT), 0)).hasSize(3);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void givenRandomChanges_whenSplit_thenAllArriveInOrderAndNoPartCouldTakeMore(long seed) {
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      var changes = new ArrayList<InventoryChange>();
      for (int i = 1 + random.nextInt(30); i > 0; i--) {
        String name = "\u4e2d\u00e9\ud83d\ude00\"n".repeat(random.nextInt(4)) + i;
        changes.add(
            new InventoryChange(
                new ClientUri(name, "agent"),
                random.nextBoolean() ? Kind.ASSOCIATED : Kind.DISASSOCIATED));
      }
      int limit = 150 + random.nextInt(400);

      var parts = codec.encodeChanges(changes, limit);

      assertThat(parts).allMatch(part -> utf8Length(part) <= limit);
      assertThat(parts.stream().flatMap(part -> elements(part).stream()).toList())
          .isEqualTo(elements(codec.encodeChanges(changes, Integer.MAX_VALUE).getFirst()));
      for (int i = 1; i < parts.size(); i++) {
        String first = codec.encodeChanges(changes, limit).get(i).text();
        int next =
            elements(parts.get(i)).getFirst().toString().getBytes(StandardCharsets.UTF_8).length;
        assertThat(utf8Length(parts.get(i - 1)) + 1 + next).as(first).isGreaterThan(limit);
      }
    }
  }

  private static List<JsonValue> elements(JsonText part) {
    try (var reader = Json.createReader(new StringReader(part.text()))) {
      return List.copyOf(reader.readObject().getJsonArray("changes"));
    }
  }

  private static int utf8Length(JsonText text) {
    return text.text().getBytes(StandardCharsets.UTF_8).length;
  }

  private static String query(int length) {
    return "{\"query\":[" + "\"pcp://*/*\",".repeat(length - 1) + "\"pcp://*/*\"]}";
  }

  private static Optional<JsonText> request(String data) {
    return Optional.of(new JsonText(data));
  }
}
