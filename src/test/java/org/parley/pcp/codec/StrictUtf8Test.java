package org.parley.pcp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.pcp.message.Octets;

class StrictUtf8Test {
  private static Octets bytes(String hex) {
    return Octets.of(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "c3",
        "c328",
        "c080",
        "e282",
        "eda080",
        "edbfbf",
        "f0808080",
        "f09f98",
        "f4908080",
        "ff",
        "efbfbdff",
        "ffefbfbd"
      })
  void givenMalformedBytes_whenDecoded_thenRefused(String hex) {
    assertThatThrownBy(() -> StrictUtf8.decode(bytes(hex), "[", "]"))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessage("not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "é", "€", "😀", "\ufffd", "a\ufffdé😀\ufffd", "\u0000\ufeff"})
  void givenText_whenDecoded_thenTheSameBetweenTheOthers(String text)
      throws MalformedMessageException {
    assertThat(StrictUtf8.decode(Octets.of(text), "[", "]")).isEqualTo("[" + text + "]");
  }

  @Test
  void givenReplacementInALongText_whenDecoded_thenJudgedToItsEnd() throws Exception {
    var text = "\ufffd" + "€".repeat(20_000);
    assertThat(StrictUtf8.decode(Octets.of(text))).isEqualTo(text);

    var broken = ByteBuffer.allocate(60_004).put(Octets.of(text).buffer()).put((byte) 0xe2).flip();
    assertThatThrownBy(() -> StrictUtf8.decode(Octets.of(broken)))
        .isInstanceOf(MalformedMessageException.class);
  }
}
