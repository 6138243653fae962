package org.parley.pcp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is deep, long or many is rejected soon, and costs no more than its bytes. */
class PcpV2CodecLimitsTest {
  private static final String FIELDS = PcpV2CodecMalformedTest.FIELDS;

  private final PcpV2Codec codec = new PcpV2Codec();

  private void assertRejected(String text) {
    assertRejected(text, "");
  }

  private void assertRejected(String text, String detail) {
    PcpV2CodecMalformedTest.assertRejected(codec, text, detail);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 64, 512})
  void givenNestingAtTheLimit_whenOneLevelIsAdded_thenRejected(int limit) {
    var limited = new PcpV2Codec(limit);
    int levels = limit - 1; // the envelope is one

    assertThat(limited.decode(arrays(levels))).isInstanceOf(Decoded.Complete.class);
    assertThat(limited.decode(objects(levels))).isInstanceOf(Decoded.Complete.class);
    assertThat(limited.decode(arrays(levels + 1))).isInstanceOf(Decoded.Rejected.class);
    assertThat(limited.decode(objects(levels + 1))).isInstanceOf(Decoded.Rejected.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 1_001, 10_000, 100_000})
  void givenVeryDeepNesting_whenDecoded_thenRejectedWithoutStackOverflow(int depth) {
    var deepest = new PcpV2Codec(512);

    assertThat(deepest.decode(arrays(depth))).isInstanceOf(Decoded.Rejected.class);
    assertThat(deepest.decode(objects(depth))).isInstanceOf(Decoded.Rejected.class);
    assertRejected("[".repeat(depth));
    assertRejected("{\"data\":".repeat(depth));
    assertRejected("{" + FIELDS + ",\"data\":" + "[".repeat(depth), "nested too deep");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 513, 1_000})
  void givenDepthLimitOutsideRange_whenCodecIsMade_thenRefused(int limit) {
    assertThatThrownBy(() -> new PcpV2Codec(limit)).isInstanceOf(IllegalArgumentException.class);
  }

  static Stream<String> hugeTexts() {
    int size = 4 << 20;
    return Stream.of(
        "{\"id\":\"" + "0".repeat(size) + "\"}",
        "{" + FIELDS + ",\"data\":" + "9".repeat(size) + "}",
        "{" + FIELDS + ",\"data\":1e" + "9".repeat(size) + "}",
        "{" + FIELDS + ",\"target\":\"pcp://" + "\\u0041".repeat(size / 6) + "/b\"}",
        "{" + FIELDS + ",\"data\":[" + "0,".repeat(size / 2) + "}",
        "{" + FIELDS + ",\"data\":[" + "{},".repeat(size / 3) + "}",
        "{" + FIELDS + ",\"data\":\"" + "\\ud83d\\ude00".repeat(size / 12) + "\\ud83d\"}",
        "{" + FIELDS + "}" + " ".repeat(size) + "x",
        " ".repeat(size),
        "{" + FIELDS + ",\"" + "k".repeat(size) + "\":1}",
        collidingKeys(1 << 17));
  }

  @ParameterizedTest
  @MethodSource("hugeTexts")
  void givenHugeHostileText_whenDecoded_thenRejectedSoon(String text) {
    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertRejected(text));
  }

  @ParameterizedTest
  @ValueSource(ints = {99_990, 100_001})
  void givenObjectOfManyKeys_whenDecoded_thenRejectedBeforeTheyFillTheHeap(int keys) {
    var data = new StringBuilder("{");
    for (int i = 0; i < keys; i++) {
      data.append(i == 0 ? "" : ",").append('"').append(i).append("\":0");
    }
    var text = "{" + FIELDS + ",\"data\":" + data.append("}}");

    if (keys < 100_000) {
      assertThat(codec.decode(text)).isInstanceOf(Decoded.Complete.class);
    } else {
      assertRejected(text, "too many keys");
    }
  }

  private static String arrays(int depth) {
    return "{%s,\"data\":%s0%s}".formatted(FIELDS, "[".repeat(depth), "]".repeat(depth));
  }

  private static String objects(int depth) {
    return "{%s,\"data\":%s0%s}".formatted(FIELDS, "{\"a\":".repeat(depth), "}".repeat(depth));
  }

  /** Two-character blocks of equal hash: every key has the same hash code, the last comes twice. */
  private static String collidingKeys(int count) {
    var out = new StringBuilder("{" + FIELDS + ",\"data\":{");
    for (int i = 0; i <= count; i++) {
      out.append('"');
      for (int bit = 0; bit < 17; bit++) {
        out.append((Math.min(i, count - 1) >> bit & 1) == 0 ? "Aa" : "BB");
      }
      out.append("\":0").append(i < count ? "," : "");
    }
    return out.append("}}").toString();
  }
}
