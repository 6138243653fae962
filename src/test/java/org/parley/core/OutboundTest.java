package org.parley.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "\u0000\u007F",
        "\u0080\u07FF",
        "\u0800\uFFFD",
        "\uD800\uDC00\uDBFF\uDFFF",
        "aä€😀z"
      })
  void givenText_whenMeasured_thenAsLongAsItsUtf8Form(String text) {
    assertThat(Outbound.Text.of(text).sizeBytes()).isEqualTo(text.getBytes(UTF_8).length);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void givenRandomText_whenMeasured_thenAsLongAsItsUtf8Form(long seed) {
    var text = new StringBuilder();
    new SplittableRandom(seed)
        .ints(10_000, 0, Character.MAX_CODE_POINT + 1)
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .forEach(text::appendCodePoint);

    assertThat(Outbound.Text.of(text.toString()).sizeBytes())
        .isEqualTo(text.toString().getBytes(UTF_8).length);
  }

  @Test
  void givenBinary_whenItsPayloadIsConsumed_thenItsSizeStays() {
    var binary = new Outbound.Binary(ByteBuffer.allocate(10));

    binary.payload().position(10);

    assertThat(binary.sizeBytes()).isEqualTo(10);
    assertThat(binary.payload().isReadOnly()).isTrue();
  }
}
