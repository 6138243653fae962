package org.parley.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.parley.websocket.protocol.ClientFrames.frame;
import static org.parley.websocket.protocol.ClientFrames.header;
import static org.parley.websocket.protocol.ClientFrames.join;

import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameGuardTest {
  private static final FrameRules RULES = new FrameRules(1000, 1500, 3, true, true);
  private static final byte[] NO_BYTES = {};

  static Stream<Arguments> violations() {
    return Stream.of(
        arguments("unmasked", bytes(0x81, 0x03), FrameViolation.NOT_MASKED),
        arguments("rsv1", bytes(0xC1), FrameViolation.RESERVED_BITS),
        arguments("rsv2", bytes(0xA1), FrameViolation.RESERVED_BITS),
        arguments("rsv3", bytes(0x91), FrameViolation.RESERVED_BITS),
        arguments("opcode 3", bytes(0x83), FrameViolation.RESERVED_OPCODE),
        arguments("opcode 7", bytes(0x87), FrameViolation.RESERVED_OPCODE),
        arguments("opcode 11", bytes(0x8B), FrameViolation.RESERVED_OPCODE),
        arguments("opcode 15", bytes(0x8F), FrameViolation.RESERVED_OPCODE),
        arguments("fragmented ping", bytes(0x09), FrameViolation.FRAGMENTED_CONTROL),
        arguments("ping of 126", bytes(0x89, 0xFE), FrameViolation.LONG_CONTROL),
        arguments("ping of 64-bit length", bytes(0x89, 0xFF), FrameViolation.LONG_CONTROL),
        arguments("close of 1", bytes(0x88, 0x81), FrameViolation.SHORT_CLOSE),
        arguments("stray continuation", bytes(0x80), FrameViolation.STRAY_CONTINUATION),
        arguments(
            "interleaved",
            join(frame(0x01, (byte) 'a'), bytes(0x82)),
            FrameViolation.INTERLEAVED_MESSAGE),
        arguments("125 in 16 bits", bytes(0x82, 0xFE, 0, 125), FrameViolation.LENGTH_NOT_MINIMAL),
        arguments(
            "65,535 in 64 bits",
            bytes(0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF),
            FrameViolation.LENGTH_NOT_MINIMAL),
        arguments(
            "top bit", bytes(0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0), FrameViolation.LENGTH_TOP_BIT),
        arguments("frame of 1,001", bytes(0x82, 0xFE, 0x03, 0xE9), FrameViolation.FRAME_TOO_BIG),
        arguments(
            "frame of 2^40",
            bytes(0x82, 0xFF, 0, 0, 1, 0, 0, 0, 0, 0),
            FrameViolation.FRAME_TOO_BIG),
        arguments(
            "message of 1,501",
            join(frame(0x02, new byte[900]), bytes(0x80, 0xFE, 0x02, 0x59)),
            FrameViolation.MESSAGE_TOO_BIG),
        arguments(
            "4 fragments",
            join(frame(0x02), frame(0x00), frame(0x00), bytes(0x80, 0x80)),
            FrameViolation.TOO_MANY_FRAGMENTS));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("violations")
  void givenViolation_whenLastByteOfProofArrives_thenFoundThereAndNotBefore(
      String name, byte[] bytes, FrameViolation expected) {
    for (int cut = 0; cut < bytes.length; cut++) {
      FrameGuard guard = new FrameGuard(RULES);
      assertThat(pass(guard, ByteBuffer.wrap(bytes, 0, cut))).as("%s to %d", name, cut).isNull();
      FrameViolation rest = pass(guard, ByteBuffer.wrap(bytes, cut, bytes.length - cut));
      assertThat(rest).as("%s from %d", name, cut).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 999, 1000})
  void givenAllowedLength_whenCutAnywhere_thenHeaderIsUnderstood(int length) {
    byte[] header = header(0x82, length);
    for (int cut = 0; cut <= header.length; cut++) {
      FrameGuard guard = new FrameGuard(RULES);
      assertThat(guard.readHeader(ByteBuffer.wrap(header, 0, cut))).isNull();
      if (!guard.headerComplete()) {
        assertThat(guard.readHeader(ByteBuffer.wrap(header, cut, header.length - cut))).isNull();
      }
      assertThat(guard.headerComplete()).isTrue();
      assertThat(guard.payloadLength()).isEqualTo(length);
      assertThat(guard.mask()).isEqualTo(0x01020304);
      assertThat(guard.opcode()).isEqualTo(FrameGuard.BINARY);
      assertThat(guard.last()).isTrue();
    }
  }

  @Test
  void givenLargestFrame_whenItNeeds64BitLength_thenAccepted() {
    FrameGuard guard = new FrameGuard(new FrameRules(1L << 20, 1L << 20, 1, true, true));
    assertThat(guard.readHeader(ByteBuffer.wrap(header(0x82, 1L << 20)))).isNull();
    assertThat(guard.payloadLeft()).isEqualTo(1L << 20);
  }

  @Test
  void givenControlFrameInsideMessage_whenChecked_thenMessageGoesOn() {
    FrameGuard guard = new FrameGuard(RULES);
    byte[] bytes = join(frame(0x01, (byte) 'a'), frame(0x89), frame(0x80, (byte) 'b'), frame(0x82));
    assertThat(pass(guard, ByteBuffer.wrap(bytes))).isNull();
    assertThat(guard.inMessage()).isFalse();
  }

  @Test
  void givenUnmaskedFrame_whenChecked_thenProtocolError() {
    FrameViolation violation = pass(new FrameGuard(RULES), ByteBuffer.wrap(bytes(0x81, 0x01)));
    assertThat(violation).isNotNull().extracting(FrameViolation::code).isEqualTo(1002);
  }

  @Test
  void givenOneKindOfMessage_whenTheOtherArrives_thenUnsupportedData() {
    FrameGuard binaryOnly = new FrameGuard(new FrameRules(9, 9, 9, false, true));
    FrameGuard textOnly = new FrameGuard(new FrameRules(9, 9, 9, true, false));
    assertThat(pass(binaryOnly, ByteBuffer.wrap(bytes(0x81))))
        .isEqualTo(FrameViolation.TEXT_REFUSED);
    assertThat(pass(textOnly, ByteBuffer.wrap(bytes(0x82))))
        .isEqualTo(FrameViolation.BINARY_REFUSED);
  }

  /** A short message whose bytes are all there is read at one go; the same rules hold. */
  @Test
  void givenWholeShortMessage_whenItIsNotAllowed_thenTheSameViolations() {
    var guard = new FrameGuard(RULES);
    assertThat(pass(guard, ByteBuffer.wrap(join(frame(0x02, (byte) 1), frame(0x82, (byte) 2)))))
        .isEqualTo(FrameViolation.INTERLEAVED_MESSAGE);
    assertThat(violation(new FrameRules(9, 9, 9, true, false), 1))
        .isEqualTo(FrameViolation.BINARY_REFUSED);
    assertThat(violation(new FrameRules(9, 99, 9, true, true), 10))
        .isEqualTo(FrameViolation.FRAME_TOO_BIG);
    assertThat(violation(new FrameRules(99, 9, 9, true, true), 10))
        .isEqualTo(FrameViolation.MESSAGE_TOO_BIG);
    assertThat(violation(new FrameRules(99, 99, 0, true, true), 10))
        .isEqualTo(FrameViolation.TOO_MANY_FRAGMENTS);
    assertThat(violation(RULES, 125)).isNull();
  }

  private static @Nullable FrameViolation violation(FrameRules rules, int payloadBytes) {
    return pass(new FrameGuard(rules), ByteBuffer.wrap(frame(0x82, new byte[payloadBytes])));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1012, 1013, 1014, 1015, 1016, 2999, 5000, 65535})
  void givenInvalidCloseCode_whenChecked_thenProtocolError(int code) {
    assertThat(FrameGuard.checkClose(close(code))).isEqualTo(FrameViolation.INVALID_CLOSE_CODE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 4999})
  void givenValidCloseCode_whenChecked_thenAccepted(int code) {
    assertThat(FrameGuard.checkClose(close(code, 'o', 'k'))).isNull();
  }

  @Test
  void givenClosePayloads_whenChecked_thenEmptyPassesOneByteAndBadTextDoNot() {
    assertThat(FrameGuard.checkClose(ByteBuffer.wrap(NO_BYTES))).isNull();
    assertThat(FrameGuard.checkClose(ByteBuffer.wrap(bytes(3))))
        .isEqualTo(FrameViolation.SHORT_CLOSE);
    assertThat(FrameGuard.checkClose(close(1000, 0xFF)))
        .isEqualTo(FrameViolation.INVALID_CLOSE_TEXT);
  }

  private static @Nullable FrameViolation pass(FrameGuard guard, ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      FrameViolation violation = guard.headerComplete() ? null : guard.readHeader(bytes);
      if (violation != null) {
        return violation;
      }
      if (guard.headerComplete()) {
        int count = (int) Math.min(bytes.remaining(), guard.payloadLeft());
        bytes.position(bytes.position() + count);
        guard.passPayload(count);
        if (guard.payloadLeft() == 0) {
          guard.endFrame();
        }
      }
    }
    return null;
  }

  private static ByteBuffer close(int code, int... reason) {
    return ByteBuffer.wrap(join(bytes(code >> 8, code), bytes(reason)));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
