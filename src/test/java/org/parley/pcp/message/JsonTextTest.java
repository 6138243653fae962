package org.parley.pcp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** RFC 8259 section 7. */
class JsonTextTest {
  @Test
  void givenCharactersThatMustBeEscaped_whenMadeString_thenEscaped() {
    assertThat(JsonText.string("\"\\/\n\r\t\b\f\u0000\u001f\u007f").text())
        .isEqualTo("\"\\\"\\\\/\\n\\r\\t\\u0008\\u000c\\u0000\\u001f\u007f\"");
  }

  @Test
  void givenTextOutsideAscii_whenMadeString_thenItStandsForItself() {
    assertThat(JsonText.string("\u00e9\u4e2d\ud83d\ude00\u2028").text())
        .isEqualTo("\"\u00e9\u4e2d\ud83d\ude00\u2028\"");
  }

  @Test
  void givenLoneSurrogates_whenMadeString_thenEscaped() {
    assertThat(JsonText.string("\ud83dx\ude00\ud83d").text())
        .isEqualTo("\"\\ud83dx\\ude00\\ud83d\"");
  }

  @Test
  void givenEmptyText_whenWrapped_thenRefused() {
    assertThatThrownBy(() -> new JsonText("")).isInstanceOf(IllegalArgumentException.class);
    assertThat(JsonText.string("").text()).isEqualTo("\"\"");
  }

  @Test
  void givenDataOfClient_whenPrinted_thenContentIsNotShown() {
    assertThat(JsonText.string("secret")).hasToString("JsonText[8 characters]");
  }
}
