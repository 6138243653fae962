package org.parley.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.websocket.protocol.ClientFrames.frame;
import static org.parley.websocket.protocol.ClientFrames.header;
import static org.parley.websocket.protocol.ClientFrames.join;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.parley.websocket.protocol.FrameGuard;
import org.parley.websocket.protocol.FrameRules;
import org.parley.websocket.protocol.FrameViolation;

class InboundFramesTest {
  private static final FrameRules RULES = new FrameRules(1 << 20, 1 << 20, 4096, true, true);

  private final List<String> events = new ArrayList<>();
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private final ByteBuffer out = ByteBuffer.allocate(InboundFrames.OUT_BYTES);
  private InboundFrames frames = new InboundFrames(new FrameGuard(RULES), this::take);

  @BeforeEach
  void reset() {
    events.clear();
    message.reset();
    frames = new InboundFrames(new FrameGuard(RULES), this::take);
  }

  @Test
  void givenSeveralFrames_whenCutAnywhere_thenEngineSeesTheSame() {
    byte[] bytes =
        join(
            frame(0x89),
            frame(0x81, "text é".getBytes(UTF_8)),
            frame(0x82),
            frame(0x02, new byte[200]),
            frame(0x89, "in".getBytes(UTF_8)),
            frame(0x80, new byte[3]));
    for (int cut = 0; cut <= bytes.length; cut++) {
      reset();
      assertThat(receive(bytes, 0, cut)).isNull();
      assertThat(receive(bytes, cut, bytes.length)).isNull();
      assertThat(events)
          .as("cut at %d", cut)
          .containsExactly("ping 0", "message 7", "message 0", "ping 2", "message 203");
      assertThat(frames.unfinishedBytes()).isZero();
    }
  }

  @Test
  void givenLongFrame_whenReadInOddPieces_thenPassedOnUnchangedInBoundedPieces() {
    byte[] payload = new byte[100_001];
    new Random(1).nextBytes(payload);
    byte[] bytes = frame(0x82, payload);
    for (int step : new int[] {1, 7, 1000, 8191, 8192, 8193, 65536, bytes.length}) {
      reset();
      for (int at = 0; at < bytes.length; at += step) {
        assertThat(receive(bytes, at, Math.min(bytes.length, at + step))).isNull();
      }
      assertThat(message.toByteArray()).as("step %d", step).isEqualTo(payload);
      assertThat(events).containsExactly("message 100001");
    }
  }

  @Test
  void givenHeaderThatClaimsMuch_whenLittleArrives_thenOnlyThatIsCounted() {
    assertThat(receive(header(0x82, 1 << 20))).isNull();
    assertThat(frames.unfinishedBytes()).isZero();
    assertThat(receive(new byte[10])).isNull();
    assertThat(frames.unfinishedBytes()).isEqualTo(10);
    assertThat(events).isEmpty();
  }

  @Test
  void givenGoodFrameBeforeBadOne_whenReceivedTogether_thenGoodOneIsPassedOn() {
    byte[] bytes = join(frame(0x81, "ok".getBytes(UTF_8)), new byte[] {(byte) 0x83});
    assertThat(receive(bytes)).isEqualTo(FrameViolation.RESERVED_OPCODE);
    assertThat(events).containsExactly("message 2");
  }

  @Test
  void givenCloseFrame_whenMoreFollows_thenTheRestIsIgnored() {
    byte[] close = frame(0x88, (byte) 3, (byte) 0xE8);
    assertThat(receive(join(close, new byte[] {(byte) 0xFF, 1, 2}))).isNull();
    assertThat(frames.closeReceived()).isTrue();
    assertThat(events).containsExactly("close 2");
  }

  @Test
  void givenCloseFrameWithInvalidCode_whenCutAnywhere_thenNotPassedOn() {
    byte[] close = frame(0x88, (byte) 3, (byte) 0xED);
    for (int cut = 0; cut < close.length; cut++) {
      reset();
      assertThat(receive(close, 0, cut)).isNull();
      assertThat(receive(close, cut, close.length)).isEqualTo(FrameViolation.INVALID_CLOSE_CODE);
      assertThat(frames.closeReceived()).isFalse();
      assertThat(events).isEmpty();
    }
  }

  private @Nullable FrameViolation receive(byte[] bytes) {
    return receive(bytes, 0, bytes.length);
  }

  private @Nullable FrameViolation receive(byte[] bytes, int from, int to) {
    return frames.receive(ByteBuffer.wrap(bytes, from, to - from), out);
  }

  /** Reads whole, unmasked frames as the engine does. */
  private void take(ByteBuffer buffer) {
    while (buffer.hasRemaining()) {
      int first = buffer.get();
      int length = buffer.get();
      if (length == 126) {
        length = buffer.getShort() & 0xFFFF;
      }
      assertThat(length).isBetween(0, InboundFrames.LARGEST_PIECE);
      byte[] payload = new byte[length];
      buffer.get(payload);
      switch (first & 0x0F) {
        case FrameGuard.CLOSE -> events.add("close " + length);
        case 9 -> events.add("ping " + length);
        default -> {
          if ((first & 0x0F) != FrameGuard.CONTINUATION) {
            message.reset();
          }
          message.writeBytes(payload);
          if (first < 0) {
            events.add("message " + message.size());
          }
        }
      }
    }
  }
}
