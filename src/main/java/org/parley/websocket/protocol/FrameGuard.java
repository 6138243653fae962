package org.parley.websocket.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Checks the headers of client frames as their bytes arrive (RFC 6455 section 5): every violation
 * is found at the first byte that proves it, and a limit when the length is known, before any
 * payload. Does no I/O, keeps no payload, and is of no use after its first violation.
 */
public final class FrameGuard {
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  public static final int MAX_CONTROL_PAYLOAD = 125;

  private static final int LENGTH_IN_16_BITS = 126;
  private static final int LENGTH_IN_64_BITS = 127;
  private static final int LONGEST_HEADER = 14;
  private static final int FIXED_PART = 2;
  private static final int MASK_BYTES = 4;
  private static final int SHORT_HEADER = FIXED_PART + MASK_BYTES;

  /** A binary message in one frame. */
  private static final byte WHOLE_BINARY = (byte) (0x80 | BINARY);

  private final FrameRules rules;
  private final byte[] header = new byte[LONGEST_HEADER];
  private int have;
  private int lengthEnd = FIXED_PART;
  private int mask;
  private long payloadLength;
  private long payloadLeft;
  private boolean inMessage;
  private long messageBytes;
  private int fragments;

  public FrameGuard(FrameRules rules) {
    this.rules = rules;
  }

  /**
   * Takes header bytes until the header is complete or no byte is left. Must not be called while
   * {@link #headerComplete()}.
   *
   * @return what the bytes violate, or null
   */
  public @Nullable FrameViolation readHeader(ByteBuffer bytes) {
    if (have == 0 && bytes.remaining() >= SHORT_HEADER && readShortHeader(bytes)) {
      return null;
    }
    while (bytes.hasRemaining() && !headerComplete()) {
      header[have++] = bytes.get();
      FrameViolation violation = checkNewest();
      if (violation != null) {
        return violation;
      }
    }
    if (headerComplete()) {
      payloadLeft = payloadLength;
      mask = ByteBuffer.wrap(header).getInt(lengthEnd);
    }
    return null;
  }

  /**
   * The frame that nearly all are, at one go: a short binary message. Returns whether it is one.
   */
  private boolean readShortHeader(ByteBuffer bytes) {
    int at = bytes.position();
    int length = bytes.get(at + 1) & 0x7F;
    if (bytes.get(at) != WHOLE_BINARY
        || bytes.get(at + 1) >= 0
        || length >= LENGTH_IN_16_BITS
        || inMessage
        || !rules.binary()
        || checkLimits(BINARY, length) != null) {
      return false;
    }
    header[0] = WHOLE_BINARY;
    have = SHORT_HEADER;
    payloadLength = length;
    payloadLeft = length;
    mask = bytes.getInt(at + FIXED_PART);
    bytes.position(at + SHORT_HEADER);
    return true;
  }

  public boolean headerComplete() {
    return have >= FIXED_PART && have == lengthEnd + MASK_BYTES;
  }

  /** Tells whether bytes of a frame have come that has not ended. */
  public boolean begun() {
    return have > 0;
  }

  public int opcode() {
    return header[0] & 0x0F;
  }

  public boolean control() {
    return opcode() >= CLOSE;
  }

  /** FIN: this frame ends its message. */
  public boolean last() {
    return header[0] < 0;
  }

  /** The masking key, its first byte in the highest bits. */
  public int mask() {
    return mask;
  }

  public long payloadLength() {
    return payloadLength;
  }

  /** Payload bytes of this frame that have not been passed by. */
  public long payloadLeft() {
    return payloadLeft;
  }

  /** Notes that payload bytes went by. */
  public void passPayload(int count) {
    payloadLeft -= count;
  }

  /** Makes ready for the next header; the payload must have gone by. */
  public void endFrame() {
    if (!control()) {
      inMessage = !last();
    }
    have = 0;
    lengthEnd = FIXED_PART;
  }

  /** Tells whether a message has begun and its last frame has not ended. */
  public boolean inMessage() {
    return inMessage;
  }

  private @Nullable FrameViolation checkNewest() {
    if (have == 1) {
      return checkFirstByte();
    }
    if (have == FIXED_PART) {
      FrameViolation violation = checkSecondByte();
      if (violation != null) {
        return violation;
      }
    }
    return have == lengthEnd ? checkLength() : null;
  }

  private @Nullable FrameViolation checkFirstByte() {
    if ((header[0] & 0x70) != 0) {
      return FrameViolation.RESERVED_BITS;
    }
    int opcode = opcode();
    if (opcode > PONG || (opcode > BINARY && opcode < CLOSE)) {
      return FrameViolation.RESERVED_OPCODE;
    }
    if (control()) {
      return last() ? null : FrameViolation.FRAGMENTED_CONTROL;
    }
    if (opcode == CONTINUATION) {
      return inMessage ? null : FrameViolation.STRAY_CONTINUATION;
    }
    if (inMessage) {
      return FrameViolation.INTERLEAVED_MESSAGE;
    }
    if (opcode == TEXT && !rules.text()) {
      return FrameViolation.TEXT_REFUSED;
    }
    return opcode == BINARY && !rules.binary() ? FrameViolation.BINARY_REFUSED : null;
  }

  private @Nullable FrameViolation checkSecondByte() {
    if (header[1] >= 0) {
      return FrameViolation.NOT_MASKED;
    }
    int shortLength = header[1] & 0x7F;
    if (control() && shortLength > MAX_CONTROL_PAYLOAD) {
      return FrameViolation.LONG_CONTROL;
    }
    if (opcode() == CLOSE && shortLength == 1) {
      return FrameViolation.SHORT_CLOSE;
    }
    lengthEnd =
        switch (shortLength) {
          case LENGTH_IN_16_BITS -> FIXED_PART + 2;
          case LENGTH_IN_64_BITS -> FIXED_PART + 8;
          default -> FIXED_PART;
        };
    return null;
  }

  private @Nullable FrameViolation checkLength() {
    int shortLength = header[1] & 0x7F;
    long length = shortLength;
    if (lengthEnd > FIXED_PART) {
      if (shortLength == LENGTH_IN_64_BITS && header[FIXED_PART] < 0) {
        return FrameViolation.LENGTH_TOP_BIT;
      }
      length = 0;
      for (int i = FIXED_PART; i < lengthEnd; i++) {
        length = (length << 8) | (header[i] & 0xFF);
      }
      if (length < (shortLength == LENGTH_IN_16_BITS ? LENGTH_IN_16_BITS : 0x1_0000)) {
        return FrameViolation.LENGTH_NOT_MINIMAL;
      }
    }
    payloadLength = length;
    return control() ? null : checkLimits(opcode(), length);
  }

  private @Nullable FrameViolation checkLimits(int opcode, long length) {
    if (length > rules.maxFrameBytes()) {
      return FrameViolation.FRAME_TOO_BIG;
    }
    if (opcode != CONTINUATION) {
      messageBytes = 0;
      fragments = 0;
    }
    if (length > rules.maxMessageBytes() - messageBytes) {
      return FrameViolation.MESSAGE_TOO_BIG;
    }
    messageBytes += length;
    fragments++;
    return fragments > rules.maxFragments() ? FrameViolation.TOO_MANY_FRAGMENTS : null;
  }

  /**
   * Checks the unmasked payload of a close frame (RFC 6455 sections 5.5.1 and 7.4).
   *
   * @return what it violates, or null
   */
  public static @Nullable FrameViolation checkClose(ByteBuffer payload) {
    if (!payload.hasRemaining()) {
      return null;
    }
    if (payload.remaining() == 1) {
      return FrameViolation.SHORT_CLOSE;
    }
    int code = payload.getShort(payload.position()) & 0xFFFF;
    if (!validFromClient(code)) {
      return FrameViolation.INVALID_CLOSE_CODE;
    }
    ByteBuffer reason = payload.slice(payload.position() + 2, payload.remaining() - 2);
    try {
      StandardCharsets.UTF_8.newDecoder().decode(reason);
      return null;
    } catch (CharacterCodingException notUtf8) {
      return FrameViolation.INVALID_CLOSE_TEXT;
    }
  }

  /** Codes that a client may send; 1012 to 1014 are for servers and gateways. */
  private static boolean validFromClient(int code) {
    return switch (code) {
      case 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011 -> true;
      default -> code >= 3000 && code <= 4999;
    };
  }
}
