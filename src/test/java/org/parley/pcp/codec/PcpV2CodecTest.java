package org.parley.pcp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReaderFactory;
import java.io.StringReader;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.MessageId;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V2Message;

/** Section 1.4: what is a message, and what comes back out of it. */
class PcpV2CodecTest {
  private static final String ID = "01234567-89AB-cdef-0123-456789abcdef";
  private static final String FIELDS = "\"id\":\"" + ID + "\",\"message_type\":\"t\"";
  private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());

  private final PcpV2Codec codec = new PcpV2Codec();

  @Test
  void givenAllFieldsInAnyOrder_whenDecoded_thenEachIsInItsPlace() {
    var message =
        decode(
            """
            { "data" : [ 1 ] , "in_reply_to":"%s", "sender":"pcp://c/agent",
              "target":"pcp:\\/\\/d\\/\\u0061gent" ,"message_type":"", "id":"%s" }\r\n\t\
            """
                .formatted(ID, ID));

    assertThat(message)
        .isEqualTo(
            new V2Message(
                new MessageId(ID),
                "",
                Optional.of(new PcpUri("pcp://d/agent")),
                Optional.of(new PcpUri("pcp://c/agent")),
                Optional.of(new MessageId(ID)),
                Optional.of(new JsonText("[ 1 ]"))));
  }

  @Test
  void givenOnlyRequiredFields_whenDecoded_thenTheRestIsAbsent() {
    var message = decode("{" + FIELDS + "}");

    assertThat(message.target()).isEmpty();
    assertThat(message.sender()).isEmpty();
    assertThat(message.inReplyTo()).isEmpty();
    assertThat(message.data()).isEmpty();
  }

  @Test
  void givenCharsetViolations_whenDecoded_thenTheyAreNoDecodeErrors() {
    var message =
        decode("{\"id\":\"" + ID + "\",\"message_type\":\"a\\r\\n\",\"target\":\"pcp://a b/c\"}");

    assertThat(message.messageType()).isEqualTo("a\r\n");
    assertThat(message.hasAuthorizableCharset()).isFalse();
  }

  @Test
  void givenMessageWithEverything_whenEncoded_thenOneLineInTheAgreedOrder() {
    var message =
        new V2Message(
            new MessageId(ID),
            "a\"b\n",
            Optional.of(new PcpUri("pcp://d\\/agent")),
            Optional.of(PcpUri.BROKER),
            Optional.of(new MessageId(ID)),
            Optional.of(JsonText.NULL));

    assertThat(codec.encode(message))
        .isEqualTo(
            """
            {"id":"%s","message_type":"a\\"b\\n","target":"pcp://d\\\\/agent",\
            "sender":"pcp:///server","in_reply_to":"%s","data":null}\
            """
                .formatted(ID, ID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1.0",
        "1E5",
        "1e-400",
        "123456789012345678901234567890",
        "0.10000000000000000000000000000000001",
        "1.7976931348623157e308",
        "\"\"",
        "\"a\"",
        "\"\\u00e9\\/\\\\\\\"\"",
        "\"\u00e9\u4e2d\ud83d\ude00\u007f\u2028\"",
        "\"\\ud83d\\ude00\\uD83D\\uDE00\"",
        "\"\\\\ud800\"",
        "[]",
        "{}",
        "[ ]",
        "{ \t\r\n }",
        "[[],{}]",
        "{\"b\":1,\"a\":[1, 2.0 ,\"}\" , true,null]}",
        "[{\"a\":1},{\"a\":1}]",
        "{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}"
      })
  void givenAnyValueAsData_whenRelayed_thenItsTextIsUntouched(String data) {
    for (String before : new String[] {":", " : ", ":\n\t\r\n", "\r:"}) {
      for (String after : new String[] {"}", " \n}", ",\"sender\":\"pcp://c/agent\"}", "FIELDS"}) {
        String text =
            after.endsWith("FIELDS")
                ? "{\"data\"" + before + data + " ," + FIELDS + "}"
                : "{" + FIELDS + ",\"data\"" + before + data + after;
        assertThat(decode(text).data()).as(text).contains(new JsonText(data));
      }
    }
    assertThat(codec.encode(decode("{" + FIELDS + ",\"data\":" + data + "}")))
        .isEqualTo("{" + FIELDS + ",\"data\":" + data + "}");
  }

  @Test
  void givenNullData_whenDecoded_thenItIsDistinctFromAbsent() {
    assertThat(decode("{" + FIELDS + ",\"data\":null}").data()).contains(JsonText.NULL);
    assertThat(decode("{" + FIELDS + "}").data()).isEmpty();
  }

  /** The parser reads 4,096 characters at a time and doubles its buffer for a longer token. */
  @ParameterizedTest
  @ValueSource(ints = {4_096, 8_192, 16_384, 65_536})
  void givenDataAcrossBufferEdges_whenDecoded_thenItsTextIsUntouched(int edge) {
    String tail = "x\\u00e9\ud83d\ude00\"";
    for (int length = edge - 140; length <= edge + 8; length++) {
      String spaces = " ".repeat(length);
      String letters = "x".repeat(length);
      assertDataUntouched(spaces, "[1.5e3,\"" + tail + ",true]");
      assertDataUntouched(spaces, "false");
      assertDataUntouched(spaces, "-12");
      assertDataUntouched(spaces, "\"\\ud83d\\ude00\"");
      assertDataUntouched("", "\"" + letters + tail);
      assertDataUntouched("", "{\"" + letters + tail + ":[null , {}]}");
      assertDataUntouched("", "0." + "1".repeat(length));
      assertDataUntouched("", "[\"\\n" + letters + "\\\"\",12,\"" + tail + "]");
    }
  }

  @Test
  void givenMessageOfMegabytes_whenDecoded_thenItsTextIsUntouched() {
    String element = "{\"k\":\"\u4e2d\\u00e9\",\"n\":[1.0,-2e3]},\n";
    assertDataUntouched("", "[" + element.repeat(100_000) + "\"" + "y".repeat(2 << 20) + "\"]");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void givenRandomMessages_whenSentThroughTheCodec_thenNothingChanges(long seed) {
    var samples = new JsonSamples(seed);
    for (int round = 0; round < 2_000; round++) {
      var message = randomMessage(samples);

      String text = codec.encode(message);

      assertThat(decode(text)).isEqualTo(message);
      assertThat(codec.encode(decode(text))).isEqualTo(text);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {5, 6, 7, 8})
  void givenRandomText_whenDecoded_thenTreeModelSeesTheSameMessage(long seed) {
    var samples = new JsonSamples(seed);
    for (int round = 0; round < 2_000; round++) {
      String data = samples.value(4);
      String text =
          "{%s%s%s,%s\"data\"%s:%s%s%s}%s"
              .formatted(
                  samples.space(),
                  FIELDS,
                  samples.space(),
                  samples.space(),
                  samples.space(),
                  samples.space(),
                  data,
                  samples.space(),
                  samples.space());

      V2Message message = decode(text);

      assertThat(message.data()).contains(new JsonText(data));
      assertThat(tree(codec.encode(message))).isEqualTo(tree(text));
    }
  }

  private void assertDataUntouched(String before, String data) {
    var message = decode("{" + FIELDS + ",\"data\":" + before + data + " }");
    assertThat(message.data().orElseThrow().text().equals(data)).as(data.length() + "").isTrue();
  }

  private static V2Message randomMessage(JsonSamples samples) {
    return new V2Message(
        MessageId.random(),
        samples.string(samples.below(10)),
        samples.below(2) == 0
            ? Optional.empty()
            : Optional.of(new PcpUri("pcp://" + samples.below(9) + "\u00e9\\\n\"/a\ud83d\ude00")),
        samples.below(2) == 0 ? Optional.empty() : Optional.of(PcpUri.BROKER),
        samples.below(2) == 0 ? Optional.empty() : Optional.of(MessageId.random()),
        samples.below(4) == 0 ? Optional.empty() : Optional.of(new JsonText(samples.value(4))));
  }

  private static JsonObject tree(String text) {
    try (var reader = READERS.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }

  private V2Message decode(String text) {
    return switch (codec.decode(text)) {
      case Decoded.Complete(var message) -> message;
      case Decoded.Rejected(var detail) -> throw new AssertionError(detail);
    };
  }
}
