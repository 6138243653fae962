package org.parley.pcp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.pcp.message.V2Message;

/** Section 1.4, R13 to R15: what is not exactly one valid message is rejected, cheaply. */
class PcpV2CodecMalformedTest {
  private static final String ID = "01234567-89ab-cdef-0123-456789abcdef";
  static final String FIELDS = "\"id\":\"" + ID + "\",\"message_type\":\"t\"";
  private static final String UNPAIRED = "lone surrogate";

  private final PcpV2Codec codec = new PcpV2Codec();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "1",
        "\"s\"",
        "true",
        "[]",
        "[{}]",
        "{}",
        "{",
        "}",
        "{]",
        "not json",
        "\0",
        "{\"id\"",
        "{\"id\":",
        "{id:1}",
        "{'id':1}",
        "/**/{}",
        "{,}"
      })
  void givenTextThatIsNoEnvelope_whenDecoded_thenRejected(String text) {
    assertRejected(text);
  }

  static Stream<String> textsAroundTheObject() {
    return Stream.of(
        "\ufeff{%s}",
        "\u00a0{%s}",
        "\f{%s}",
        "{%s}x",
        "{%s}{}",
        "{%s} {%s}",
        "{%s}\n1",
        "{%s},",
        "{%s}}",
        "{%s}]",
        "{%s}\0",
        "{%s}\u00a0",
        "{%s}\f",
        "{%s}\u2028",
        "{%s}//",
        "[{%s}]",
        "{%s",
        "{%s,\"data\":12",
        "{%s,\"data\":-1.5e3",
        "{%s,\"data\":" + "1".repeat(5_000),
        "{%s,\"data\":\"x\"",
        "{%s,\"data\":[]",
        "{%s,\"data\":null ",
        "{%s,\"data\"",
        "{%s,}",
        "{,%s}",
        "{%s,,\"data\":1}",
        "{%s \"data\":1}",
        "{%s;\"data\":1}");
  }

  @ParameterizedTest
  @MethodSource("textsAroundTheObject")
  void givenMoreOrLessThanOneObject_whenDecoded_thenRejected(String template) {
    assertRejected(template.replace("%s", FIELDS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"id\":\"" + ID + "\"",
        "\"message_type\":\"t\"",
        "\"id\":null,\"message_type\":\"t\"",
        "\"id\":1,\"message_type\":\"t\"",
        "\"id\":[\"" + ID + "\"],\"message_type\":\"t\"",
        "\"id\":{},\"message_type\":\"t\"",
        "\"id\":\"\",\"message_type\":\"t\"",
        "\"id\":\"1-1-1-1-1\",\"message_type\":\"t\"",
        "\"id\":\" " + ID + "\",\"message_type\":\"t\"",
        "\"id\":\"" + ID + "\",\"message_type\":null",
        "\"id\":\"" + ID + "\",\"message_type\":1",
        "\"id\":\"" + ID + "\",\"message_type\":true",
        "\"id\":\"" + ID + "\",\"message_type\":[]",
        "\"ID\":\"" + ID + "\",\"message_type\":\"t\"",
        "\"id\":\"" + ID + "\",\"messageType\":\"t\""
      })
  void givenRequiredFieldMissingOrWrong_whenDecoded_thenRejected(String fields) {
    assertRejected("{" + fields + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"target\":null",
        "\"target\":\"\"",
        "\"target\":\"pcp://a\"",
        "\"target\":\"pcp:///agent\"",
        "\"target\":\"pcp://a/b/c\"",
        "\"target\":[\"pcp://a/b\"]",
        "\"target\":1",
        "\"sender\":null",
        "\"sender\":\"a/b\"",
        "\"sender\":{}",
        "\"in_reply_to\":null",
        "\"in_reply_to\":\"x\"",
        "\"in_reply_to\":1",
        "\"in-reply-to\":\"" + ID + "\"",
        "\"targets\":[\"pcp://a/b\"]",
        "\"expires\":\"2030-01-01T00:00:00Z\"",
        "\"destination_report\":false",
        "\"\":1",
        "\"data\\u0000\":1",
        "\"Data\":1"
      })
  void givenOptionalFieldWrongOrUnknown_whenDecoded_thenRejected(String field) {
    assertRejected("{" + FIELDS + "," + field + "}");
    assertRejected("{" + field + "," + FIELDS + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"id\":\"" + ID + "\"",
        "\"\\u0069d\":\"" + ID + "\"",
        "\"message_type\":\"t\"",
        "\"data\":1,\"data\":1",
        "\"data\":1,\"d\\u0061ta\":2",
        "\"data\":{\"a\":1,\"a\":1}",
        "\"data\":{\"a\":1,\"b\":{},\"\\u0061\":1}",
        "\"data\":{\"\":1,\"\":1}",
        "\"data\":[{\"x\":[0,{\"k\":{},\"k\":[]}]}]",
        "\"data\":{\"o\":{\"a\":1},\"a\":1,\"o\":2}"
      })
  void givenDuplicateKeyAtAnyLevel_whenDecoded_thenRejected(String field) {
    assertRejected("{" + FIELDS + "," + field + "}", "duplicate key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        ":1",
        "01",
        "-01",
        "00",
        "-",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "0x1",
        "1a",
        "NaN",
        "Infinity",
        "-Infinity",
        "tru",
        "truex",
        "True",
        "nul",
        "undefined",
        "'a'",
        "a",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1",
        "[1}",
        "]",
        "{\"a\":1,}",
        "{\"a\"}",
        "{\"a\" 1}",
        "{\"a\":}",
        "{\"a\"::1}",
        "{a:1}",
        "{1:1}",
        "{\"a\":1]",
        "{\"a\":1 \"b\":2}",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u00g0\"",
        "\"\\u\uff11\uff11\uff11\uff11\"",
        "\"a\"\"b\"",
        "\"\n\"",
        "\"\t\"",
        "\"\0\"",
        "\"\u001f\"",
        "{\"\n\":1}",
        "[1\u00a0]",
        "[1,\f2]",
        "/**/1",
        "\u0661",
        "\ufeff1"
      })
  void givenDataThatIsNotJson_whenDecoded_thenRejected(String data) {
    assertRejected("{" + FIELDS + ",\"data\":" + data + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\ud800\"",
        "\"\udc00\"",
        "\"\udc00\ud800\"",
        "\"\ud83dx\"",
        "\"\\ud800\"",
        "\"\\uDC00\"",
        "\"\\ud800\\ud800\\udc00\"",
        "\"\\ude00\\ud83d\"",
        "\"\\ud83d\ude00\"",
        "\"\ud83d" + "\\ude00\"",
        "{\"\\ud800\":1}",
        "{\"\ud800\":1}",
        "[[{\"a\":[\"x\\udfff\"]}]]"
      })
  void givenLoneSurrogateInData_whenDecoded_thenRejected(String data) {
    assertRejected("{" + FIELDS + ",\"data\":" + data + "}", UNPAIRED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"" + ID + "\",\"message_type\":\"\\ud800\"}",
        "{\"id\":\"" + ID + "\",\"message_type\":\"\ud800\"}",
        "{" + FIELDS + ",\"target\":\"pcp://\\udc00/a\"}",
        "{" + FIELDS + ",\"\\ud800\":1}",
        "{" + FIELDS + "}\ud800"
      })
  void givenLoneSurrogateInEnvelope_whenDecoded_thenRejected(String text) {
    assertRejected(text, UNPAIRED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e400", "-1e400", "[1.8e308]", "{\"a\":1e99999999999999999999}"})
  void givenNumberThatNoDoubleHolds_whenDecoded_thenRejected(String data) {
    assertRejected("{" + FIELDS + ",\"data\":" + data + "}", "number out of range");
  }

  @Test
  void givenEveryProperPrefixOfMessage_whenDecoded_thenRejected() {
    String text = "{" + FIELDS + ",\"data\":{\"a\":[1.5e3,\"\\u0041\",true,null]}}";

    IntStream.range(0, text.length()).forEach(end -> assertRejected(text.substring(0, end)));
  }

  @Test
  void givenMessageTypeOverTheLimit_whenDecoded_thenRejected() {
    String type = "t".repeat(PcpV2Codec.MAXIMUM_MESSAGE_TYPE_LENGTH);
    String template = "{\"id\":\"" + ID + "\",\"message_type\":\"%s\"}";

    assertThat(codec.decode(template.formatted(type))).isInstanceOf(Decoded.Complete.class);
    assertRejected(template.formatted(type + "t"), "message_type too long");
    assertRejected(template.formatted("t".repeat(1 << 20)), "message_type too long");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14})
  void givenMutatedMessages_whenDecoded_thenNeverThrowsAndWhatPassesComesBack(long seed) {
    var samples = new JsonSamples(seed);
    String alphabet = "{}[]\":,\\u0d8\ud83d\ude00e-+.tn \n\0\ufeff";
    for (int round = 0; round < 5_000; round++) {
      var text =
          new StringBuilder("{" + FIELDS + ",\"data\":" + samples.value(3) + samples.space() + "}");
      for (int edits = 1 + samples.below(3); edits > 0; edits--) {
        int at = samples.below(text.length());
        char c = alphabet.charAt(samples.below(alphabet.length()));
        switch (samples.below(3)) {
          case 0 -> text.setCharAt(at, c);
          case 1 -> text.insert(at, c);
          default -> text.deleteCharAt(at);
        }
      }
      if (codec.decode(text.toString()) instanceof Decoded.Complete<V2Message> complete) {
        assertThat(codec.decode(codec.encode(complete.message()))).isEqualTo(complete);
      }
    }
  }

  private void assertRejected(String text) {
    assertRejected(codec, text, "");
  }

  private void assertRejected(String text, String detail) {
    assertRejected(codec, text, detail);
  }

  /** The detail is one short line and never carries what the peer sent. */
  static void assertRejected(PcpV2Codec codec, String text, String detail) {
    assertThat(codec.decode(text))
        .isInstanceOfSatisfying(
            Decoded.Rejected.class,
            rejected ->
                assertThat(rejected.detail())
                    .startsWith(detail)
                    .matches("[a-zA-Z_ ]+( at [0-9]+)?")
                    .hasSizeLessThan(80));
  }
}
