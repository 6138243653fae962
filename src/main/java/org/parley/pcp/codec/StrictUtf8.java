package org.parley.pcp.codec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.parley.pcp.message.Octets;

/** Reads UTF-8 (RFC 3629): what is malformed is refused, not replaced. */
final class StrictUtf8 {
  private static final char REPLACEMENT = '\ufffd';

  private StrictUtf8() {}

  /** Returns the text that bytes are. */
  static String decode(Octets bytes) throws MalformedMessageException {
    return decode(bytes, "", "");
  }

  /**
   * Returns the text that bytes are, between two others: a large text is not copied for that.
   *
   * @param before ASCII, as is {@code after}: no malformed sequence takes a part of them
   */
  static String decode(Octets bytes, String before, String after) throws MalformedMessageException {
    var whole =
        ByteBuffer.allocate(Math.addExact(bytes.size(), before.length() + after.length()))
            .put(before.getBytes(StandardCharsets.US_ASCII))
            .put(bytes.buffer())
            .put(after.getBytes(StandardCharsets.US_ASCII));
    // Much faster than a decoder; it replaces what is malformed, and nothing else.
    var text = new String(whole.array(), StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0 && !wellFormed(bytes)) {
      throw new MalformedMessageException("not UTF-8");
    }
    return text;
  }

  /** Looks closer: the replacement may have been sent. */
  private static boolean wellFormed(Octets bytes) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var in = bytes.buffer();
    var passed = CharBuffer.allocate(8192);
    var result = decoder.decode(in, passed, true);
    while (result.isOverflow()) {
      result = decoder.decode(in, passed.clear(), true);
    }
    return !result.isError();
  }
}
