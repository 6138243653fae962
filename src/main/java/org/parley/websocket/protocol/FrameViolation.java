package org.parley.websocket.protocol;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** How a client frame breaks RFC 6455 or a limit, and what the peer is told. */
public enum FrameViolation {
  RESERVED_BITS(1002, "Reserved bits set."),
  RESERVED_OPCODE(1002, "Reserved opcode."),
  NOT_MASKED(1002, "Frame not masked."),
  FRAGMENTED_CONTROL(1002, "Fragmented control frame."),
  LONG_CONTROL(1002, "Control frame over 125 bytes."),
  STRAY_CONTINUATION(1002, "Continuation without a message."),
  INTERLEAVED_MESSAGE(1002, "Message inside a fragmented message."),
  LENGTH_NOT_MINIMAL(1002, "Length not minimally encoded."),
  LENGTH_TOP_BIT(1002, "Length has its top bit set."),
  SHORT_CLOSE(1002, "Close frame of one byte."),
  INVALID_CLOSE_CODE(1002, "Invalid close code."),
  INVALID_CLOSE_TEXT(1007, "Close reason is not UTF-8."),
  TEXT_REFUSED(1003, "Text is not accepted here."),
  BINARY_REFUSED(1003, "Binary is not accepted here."),
  FRAME_TOO_BIG(1009, "Frame too big."),
  MESSAGE_TOO_BIG(1009, "Message too big."),
  TOO_MANY_FRAGMENTS(1009, "Too many fragments.");

  /** RFC 6455 section 7.4.1: the message is too big to process. */
  public static final int TOO_BIG = 1009;

  private static final Set<String> PHRASES =
      Arrays.stream(values()).map(FrameViolation::phrase).collect(Collectors.toUnmodifiableSet());

  private final int code;
  private final String phrase;

  FrameViolation(int code, String phrase) {
    this.code = code;
    this.phrase = phrase;
  }

  public int code() {
    return code;
  }

  public String phrase() {
    return phrase;
  }

  /** Tells whether a close reason is one of these phrases. */
  public static boolean isPhrase(String reason) {
    return PHRASES.contains(reason);
  }
}
