package org.parley.pcp.codec;

import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.parley.pcp.message.Octets;

/** Reads UTF-8 (RFC 3629): what is malformed is refused, not replaced. */
final class StrictUtf8 {
  private StrictUtf8() {}

  /** Returns the text that bytes are. */
  static String decode(Octets bytes) throws MalformedMessageException {
    return decode(bytes, "", "");
  }

  /** Returns the text that bytes are, between two others: a large text is not copied for that. */
  static String decode(Octets bytes, String before, String after) throws MalformedMessageException {
    // No byte makes more than one character.
    var text = CharBuffer.allocate(Math.addExact(bytes.size(), before.length() + after.length()));
    text.put(before);
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    if (decoder.decode(bytes.buffer(), text, true).isError()) {
      throw new MalformedMessageException("not UTF-8");
    }
    return text.put(after).flip().toString();
  }
}
