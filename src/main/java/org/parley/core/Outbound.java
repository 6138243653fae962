package org.parley.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One WebSocket message on its way to a peer. */
public sealed interface Outbound {
  /** Returns the size of the payload on the wire. */
  int sizeBytes();

  /** A text message; its size is that of its UTF-8 form. */
  record Text(String text, int sizeBytes) implements Outbound {
    /**
     * In characters. Up to here a copy that the JVM makes costs a fifth of counting; ASCII only.
     */
    private static final int SHORT = 16 * 1024;

    public static Text of(String text) {
      return new Text(text, utf8Length(text));
    }

    private static int utf8Length(String text) {
      if (text.length() <= SHORT && text.getBytes(StandardCharsets.UTF_8).length == text.length()) {
        return text.length();
      }
      int length = text.length();
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c >= 0x80) {
          length++;
          // Each half of a surrogate pair counts 2: together the 4 bytes of one code point.
          if (c >= 0x800 && !Character.isSurrogate(c)) {
            length++;
          }
        }
      }
      return length;
    }
  }

  /** A binary message. */
  record Binary(ByteBuffer payload) implements Outbound {
    public Binary {
      payload = payload.asReadOnlyBuffer();
    }

    /** Returns a view of its own for each reader: one that consumes it changes no size. */
    @Override
    public ByteBuffer payload() {
      return payload.duplicate();
    }

    @Override
    public int sizeBytes() {
      return payload.remaining();
    }
  }
}
