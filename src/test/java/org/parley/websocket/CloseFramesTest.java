package org.parley.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloseFramesTest {
  @ParameterizedTest
  @CsvSource({
    "1002, java.lang.Exception: x, Protocol error.",
    "1003, anything, Unsupported data.",
    "1007, Illegal UTF-8 Sequence, Invalid data.",
    "1009, ServerEndpoint class a.B, Message too big.",
    "1011, a.b.C failed, Internal error.",
    "1011, All controllers disconnected., All controllers disconnected.",
    "1002, Frame not masked., Frame not masked.",
    "4000, Superseded, Superseded",
    "1001, Broker is stopping., Broker is stopping.",
  })
  void givenReason_whenEngineMayHaveWrittenIt_thenFixedPhrase(
      int code, String reason, String sent) {
    ByteBuffer result = CloseFrames.withFixedPhrase(close(code, reason));
    assertThat(result).isEqualTo(close(code, sent));
  }

  @Test
  void givenCloseFrameWithoutCode_whenSent_thenUnchanged() {
    ByteBuffer empty = ByteBuffer.wrap(new byte[] {(byte) 0x88, 0});
    assertThat(CloseFrames.withFixedPhrase(empty)).isSameAs(empty);
  }

  private static ByteBuffer close(int code, String reason) {
    byte[] text = reason.getBytes(UTF_8);
    return ByteBuffer.allocate(4 + text.length)
        .put((byte) 0x88)
        .put((byte) (2 + text.length))
        .putShort((short) code)
        .put(text)
        .flip();
  }
}
