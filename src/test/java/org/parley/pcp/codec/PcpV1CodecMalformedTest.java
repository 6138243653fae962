package org.parley.pcp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.pcp.message.V1Message;
import org.parley.testing.V1;

/** Sections 1.3, 2.11 and 2.12, R16: what is not exactly one valid message is rejected, cheaply. */
class PcpV1CodecMalformedTest {
  private static final String ID = "01234567-89ab-cdef-0123-456789abcdef";
  private static final String JSON = V1.envelope(ID, "t", "pcp://c/agent", V1.NEVER, "pcp://d/e");
  private static final byte[] ENVELOPE = V1.envelope(JSON);

  private final PcpV1Codec codec = new PcpV1Codec();

  static Stream<Arguments> frames() {
    var good = V1.frame(ENVELOPE, V1.data("[]"));
    var json = JSON.getBytes(StandardCharsets.UTF_8);
    return Stream.of(
        argumentSet("empty", new byte[0], "not version one"),
        argumentSet("lone version", hex("01"), "chunk cut short"),
        argumentSet("version 0", withFirst(good, 0), "not version one"),
        argumentSet("version 2", withFirst(good, 2), "not version one"),
        argumentSet("version 129", withFirst(good, 0x81), "not version one"),
        argumentSet("text", withFirst(good, '{'), "not version one"),
        argumentSet("lone descriptor", hex("0101"), "chunk cut short"),
        argumentSet("size -1", hex("0101ffffffff7b7d"), "chunk size beyond the frame"),
        argumentSet("least size", hex("0101800000007b7d"), "chunk size beyond the frame"),
        argumentSet("greatest size", hex("01017fffffff7b7d"), "chunk size beyond the frame"),
        argumentSet("size one too many", hex("0101000000037b7d"), "chunk size beyond the frame"),
        argumentSet("data first", V1.frame(V1.data("")), "the first chunk is no envelope"),
        argumentSet("debug first", V1.frame(V1.debug("")), "the first chunk is no envelope"),
        argumentSet("data before", V1.frame(V1.data(""), ENVELOPE), "the first chunk is no"),
        argumentSet("type 0 first", V1.frame(V1.chunk(0, json)), "the first chunk is no envelope"),
        argumentSet("two envelopes", V1.frame(ENVELOPE, ENVELOPE), "second envelope"),
        argumentSet("late", V1.frame(ENVELOPE, V1.data(""), ENVELOPE), "second envelope"),
        argumentSet("reserved bits", V1.frame(ENVELOPE, V1.chunk(0xf1, json)), "second envelope"),
        argumentSet("two data", V1.frame(ENVELOPE, V1.data(""), V1.data("")), "second data chunk"),
        argumentSet("type 0", V1.frame(ENVELOPE, V1.chunk(0, new byte[2])), "unknown chunk type"),
        argumentSet("type 4", V1.frame(ENVELOPE, V1.chunk(4, new byte[2])), "unknown chunk type"),
        argumentSet("type 9", V1.frame(ENVELOPE, V1.chunk(9, new byte[2])), "unknown chunk type"),
        argumentSet("one byte behind", Arrays.copyOf(good, good.length + 1), "chunk cut short"),
        argumentSet("four bytes behind", Arrays.copyOf(good, good.length + 4), "chunk cut short"),
        argumentSet("zeros behind", Arrays.copyOf(good, good.length + 5), "unknown chunk type"),
        argumentSet("the reference's vector", hex("0101000000027b7d0200000000"), "a required key"));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void givenFrameThatIsNotWholeChunksInOrder_whenDecoded_thenRejected(byte[] frame, String detail) {
    assertRejected(frame, detail);
  }

  static Stream<String> envelopes() {
    return Stream.of(
        "",
        " ",
        "null",
        "1",
        "\"s\"",
        "[]",
        "{",
        "}",
        "not json",
        "\0",
        "{}",
        JSON + "x",
        JSON + "{}",
        "\ufeff" + JSON,
        "[" + JSON + "]",
        JSON.replace("}", ",}"),
        JSON.replace("}", ",\"unknown\":1}"),
        JSON.replace("}", ",\"data\":1}"),
        JSON.replace("}", ",\"in_reply_to\":\"" + ID + "\"}"),
        JSON.replace("}", ",\"target\":\"pcp://d/e\"}"),
        JSON.replace("}", ",\"id\":\"" + ID + "\"}"),
        JSON.replace("}", ",\"i\\u0064\":\"" + ID + "\"}"),
        JSON.replace("}", ",\"targets\":[]}"),
        JSON.replace("}", ",\"in-reply-to\":null}"),
        JSON.replace("}", ",\"in-reply-to\":\"\"}"),
        JSON.replace("}", ",\"in-reply-to\":\"1-1-1-1-1\"}"),
        JSON.replace("}", ",\"destination_report\":null}"),
        JSON.replace("}", ",\"destination_report\":1}"),
        JSON.replace("}", ",\"destination_report\":\"true\"}"));
  }

  @ParameterizedTest
  @MethodSource("envelopes")
  void givenEnvelopeThatIsNotItsObject_whenDecoded_thenRejected(String envelope) {
    assertRejected(V1.frame(V1.envelope(envelope)), "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "message_type", "targets", "sender", "expires"})
  void givenRequiredKeyMissing_whenDecoded_thenRejected(String key) {
    var without = JSON.replaceFirst("\"" + key + "\":(\\[[^]]*\\]|\"[^\"]*\"),?", "");

    assertRejected(V1.frame(V1.envelope(without.replace(",}", "}"))), "a required key is missing");
  }

  static Stream<Arguments> values() {
    return Stream.of(
            values(
                "id", "id is not a UUID", "null", "1", "\"\"", "\"1-1-1-1-1\"", "\" " + ID + "\""),
            values("message_type", "message_type is not a string", "null", "1", "[]", "{}"),
            values("message_type", "message_type too long", "\"" + "x".repeat(257) + "\""),
            values("targets", "targets is not an array", "null", "\"pcp://d/e\"", "{}", "1"),
            values(
                "targets",
                "a target is not a PCP URI",
                "[null]",
                "[1]",
                "[\"\"]",
                "[\"pcp://d/e\",\"pcp://d\"]",
                "[\"pcp:///agent\"]",
                "[\"pcp://" + "x".repeat(1024) + "/e\"]"),
            values("targets", "nested too deep", "[[]]", "[{}]", "[[[]]]"),
            values(
                "sender",
                "sender is not a PCP URI",
                "null",
                "1",
                "\"\"",
                "\"c/agent\"",
                "\"pcp://c/a/b\"",
                "[\"pcp://c/agent\"]"),
            values("expires", "expires is not a string", "null", "5", "1.5e9", "[]", "true"),
            values(
                "expires",
                "expires is not a date and time",
                "\"\"",
                "\"5\"",
                "\"2030-01-01\"",
                "\"2030-01-01T00:00:00\"",
                "\"2030-02-30T00:00:00Z\"",
                "\" 2030-01-01T00:00:00Z\""))
        .flatMap(cases -> cases);
  }

  private static Stream<Arguments> values(String key, String detail, String... values) {
    return Arrays.stream(values)
        .map(
            value ->
                argumentSet(
                    key + " " + value.substring(0, Math.min(24, value.length())),
                    key,
                    value,
                    detail));
  }

  @ParameterizedTest
  @MethodSource("values")
  void givenValueOfTheWrongKind_whenDecoded_thenRejected(String key, String value, String detail) {
    var envelope =
        JSON.replaceFirst(
            "\"" + key + "\":(\\[[^]]*\\]|\"[^\"]*\")",
            Matcher.quoteReplacement("\"" + key + "\":" + value));

    assertRejected(V1.frame(V1.envelope(envelope)), detail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "c080", "eda080", "f8888080", "c3", "e282", "f4908080", "80"})
  void givenEnvelopeThatIsNotUtf8_whenDecoded_thenRejected(String bytes) {
    var at = JSON.indexOf("\"t\"") + 1;
    var hexJson = HexFormat.of().formatHex(JSON.getBytes(StandardCharsets.UTF_8));
    var broken = hexJson.substring(0, 2 * at) + bytes + hexJson.substring(2 * at + 2);

    assertRejected(V1.frame(V1.chunk(1, hex(broken))), "not UTF-8");
    assertRejected(V1.frame(V1.chunk(1, hex(hexJson + bytes))), "not UTF-8");
  }

  @Test
  void givenLoneSurrogateInTheEnvelope_whenDecoded_thenRejected() {
    assertRejected(V1.frame(V1.envelope(JSON.replace("\"t\"", "\"\\ud83d\""))), "lone surrogate");
  }

  @Test
  void givenTargetsAtTheLimit_whenDecoded_thenOneMoreIsTooMany() {
    var most = "\"pcp://d/e\",".repeat(999) + "\"pcp://d/e\"";

    assertThat(decode(V1.frame(V1.envelope(JSON.replace("\"pcp://d/e\"", most)))))
        .isInstanceOf(Decoded.Complete.class);
    assertRejected(
        V1.frame(V1.envelope(JSON.replace("\"pcp://d/e\"", most + ",\"pcp://d/e\""))),
        "too many targets");
  }

  @Test
  void givenMessageTypeAtTheLimit_whenDecoded_thenComplete() {
    assertThat(decode(V1.frame(V1.envelope(JSON.replace("\"t\"", "\"" + "x".repeat(256) + "\"")))))
        .isInstanceOf(Decoded.Complete.class);
  }

  @Test
  void givenEnvelopeAtTheLimit_whenDecoded_thenOneByteMoreIsTooLarge() {
    int room = PcpV1Codec.MAXIMUM_ENVELOPE_BYTES - JSON.length();

    assertThat(decode(V1.frame(V1.envelope(JSON + " ".repeat(room)))))
        .isInstanceOf(Decoded.Complete.class);
    assertRejected(V1.frame(V1.envelope(JSON + " ".repeat(room + 1))), "envelope too large");
  }

  @Test
  void givenDebugChunksAtTheLimit_whenDecoded_thenOneMoreIsTooMany() {
    var chunks = new byte[65][];
    Arrays.fill(chunks, V1.debug(""));
    chunks[0] = ENVELOPE;

    assertThat(decode(V1.frame(chunks))).isInstanceOf(Decoded.Complete.class);
    var more = Arrays.copyOf(chunks, 66);
    more[65] = V1.debug("");
    assertRejected(V1.frame(more), "too many debug chunks");
  }

  @Test
  void givenGoodFrame_whenCutAtAnyByte_thenWholeChunksPassAndNothingElse() {
    var envelopeOnly = V1.frame(ENVELOPE);
    var withData = V1.frame(ENVELOPE, V1.data("[]"));
    var whole = V1.frame(ENVELOPE, V1.data("[]"), V1.debug("{\"hops\":[]}"));

    for (int length = 0; length < whole.length; length++) {
      if (length != envelopeOnly.length && length != withData.length) {
        assertRejected(Arrays.copyOf(whole, length), "");
      }
    }
    assertThat(decode(whole)).isInstanceOf(Decoded.Complete.class);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24})
  void givenMutatedFrames_whenDecoded_thenNeverThrowsAndWhatPassesComesBack(long seed) {
    var samples = new V1Samples(seed);
    for (int round = 0; round < 5_000; round++) {
      var frame = bytes(codec.encode(samples.message()));
      for (int edits = 1 + samples.below(3); edits > 0; edits--) {
        int at = samples.below(frame.length);
        switch (samples.below(3)) {
          case 0 -> frame[at] = (byte) samples.below(256);
          case 1 -> frame[at] ^= (byte) (1 << samples.below(8));
          default -> frame = Arrays.copyOf(frame, frame.length + samples.below(9) - 4);
        }
      }
      var decoded = decode(frame);
      if (decoded instanceof Decoded.Complete<V1Message>(var message)) {
        assertThat(decode(bytes(codec.encode(message)))).isEqualTo(decoded);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {31, 32})
  void givenRandomBytesBehindTheVersion_whenDecoded_thenNeverThrows(long seed) {
    var samples = new V1Samples(seed);
    for (int round = 0; round < 5_000; round++) {
      var frame = new byte[1 + samples.below(64)];
      for (int i = 1; i < frame.length; i++) {
        frame[i] = (byte) (samples.below(3) == 0 ? samples.below(256) : samples.below(4));
      }
      frame[0] = 1;

      assertRejected(frame, "");
    }
  }

  static Stream<Arguments> hugeFrames() {
    int size = 4 << 20;
    return Stream.of(
        argumentSet("envelope", (Object) V1.frame(V1.envelope(" ".repeat(size)))),
        argumentSet("empty chunks", (Object) V1.frame(ENVELOPE, emptyDebugChunks(size))),
        argumentSet(
            "brackets", (Object) V1.frame(V1.envelope("{\"targets\":" + "[".repeat(size / 8)))));
  }

  @ParameterizedTest
  @MethodSource("hugeFrames")
  void givenHugeHostileFrame_whenDecoded_thenRejectedSoon(byte[] frame) {
    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertRejected(frame, ""));
  }

  private Decoded<V1Message> decode(byte[] frame) {
    return codec.decode(ByteBuffer.wrap(frame));
  }

  /** The detail is one short line and never carries what the peer sent. */
  private void assertRejected(byte[] frame, String detail) {
    assertThat(decode(frame))
        .isInstanceOfSatisfying(
            Decoded.Rejected.class,
            rejected ->
                assertThat(rejected.detail())
                    .startsWith(detail)
                    .matches("(not UTF-8|[a-zA-Z_ ]+( at [0-9]+)?)")
                    .hasSizeLessThan(80));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    var bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static byte[] emptyDebugChunks(int size) {
    var chunks = new byte[size / 5 * 5];
    for (int i = 0; i < chunks.length; i += 5) {
      chunks[i] = 3;
    }
    return chunks;
  }

  private static byte[] withFirst(byte[] frame, int first) {
    var changed = frame.clone();
    changed[0] = (byte) first;
    return changed;
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
