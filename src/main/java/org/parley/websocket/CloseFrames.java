package org.parley.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.parley.core.CloseReason;
import org.parley.websocket.protocol.FrameViolation;

/** The close frames that go to clients (RFC 6455 section 5.5.1). */
final class CloseFrames {
  private static final int HEADER_BYTES = 2;
  private static final int CODE_BYTES = 2;
  private static final byte FIN_CLOSE = (byte) 0x88;

  private CloseFrames() {}

  /**
   * Replaces the reason that the engine may have written itself (class names, exception texts) by a
   * fixed phrase. Codes that only applications use keep their reason.
   *
   * @param frame a whole, unmasked close frame; not changed
   */
  static ByteBuffer withFixedPhrase(ByteBuffer frame) {
    int payload = frame.remaining() - HEADER_BYTES;
    if (payload < CODE_BYTES) {
      return frame;
    }
    short code = frame.getShort(frame.position() + HEADER_BYTES);
    int reasonAt = frame.position() + HEADER_BYTES + CODE_BYTES;
    String reason =
        StandardCharsets.UTF_8.decode(frame.slice(reasonAt, payload - CODE_BYTES)).toString();
    String fixed = fixedPhrase(code, reason);
    if (fixed.equals(reason)) {
      return frame;
    }
    byte[] phrase = fixed.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEADER_BYTES + CODE_BYTES + phrase.length)
        .put(FIN_CLOSE)
        .put((byte) (CODE_BYTES + phrase.length))
        .putShort(code)
        .put(phrase)
        .flip();
  }

  private static String fixedPhrase(int code, String reason) {
    if (FrameViolation.isPhrase(reason) || reason.equals(CloseReason.CONTROLLERS_GONE.phrase())) {
      return reason;
    }
    return switch (code) {
      case 1002 -> "Protocol error.";
      case 1003 -> "Unsupported data.";
      case 1007 -> "Invalid data.";
      case 1009 -> "Message too big.";
      case 1010 -> "Extension missing.";
      case 1011 -> "Internal error.";
      default -> reason;
    };
  }
}
