package org.parley.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTextTest {

  @Test
  void givenPlainAscii_whenEscaped_thenUnchanged() {
    assertThat(LogText.escape("client01.example com/~")).isEqualTo("client01.example com/~");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x0A, 0x0D, 0x1B, 0x7F, 0x85, 0xE4, 0x0430, 0x200F, 0x202E, 0x2028})
  void givenAnythingElse_whenEscaped_thenItsCodeStandsThere(int character) {
    assertThat(LogText.escape("a" + (char) character + "b"))
        .isEqualTo("a\\u%04Xb".formatted(character));
  }

  @Test
  void givenQuoteOrBackslash_whenEscaped_thenTheValueCannotEndEarlyNorPretend() {
    assertThat(LogText.escape("\" ok=\"\\u000A")).isEqualTo("\\\" ok=\\\"\\\\u000A");
  }

  @Test
  void givenLongText_whenEscaped_thenCutAndItsLengthTold() {
    assertThat(LogText.escape("x".repeat(1_000_000), 4)).isEqualTo("xxxx...(1000000 characters)");
    assertThat(LogText.escape("\0".repeat(1_000_000)).length()).isLessThan(1_600);
  }

  @Test
  void givenTextAsLongAsTheLimit_whenEscaped_thenNotCut() {
    assertThat(LogText.escape("xxxx", 4)).isEqualTo("xxxx");
  }
}
