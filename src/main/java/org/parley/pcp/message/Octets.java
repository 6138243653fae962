package org.parley.pcp.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes that nobody changes: the content of a chunk. Cut out of a frame without a copy. */
public final class Octets {
  private final ByteBuffer bytes;

  private Octets(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** Takes what remains of a buffer; whoever has it must not change it any more. */
  public static Octets of(ByteBuffer buffer) {
    return new Octets(buffer.slice().asReadOnlyBuffer());
  }

  /** Returns the UTF-8 form of a text. */
  public static Octets of(String text) {
    return of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns the bytes, read-only, with a position of the caller's own. */
  public ByteBuffer buffer() {
    return bytes.duplicate();
  }

  public int size() {
    return bytes.remaining();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets that && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  /** Returns the size only: data of clients does not belong in a log. */
  @Override
  public String toString() {
    return "Octets[" + size() + " bytes]";
  }
}
