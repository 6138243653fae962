package org.parley.mqtt.packet;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that nobody changes any more: a payload, correlation data, a password. */
public final class BinaryData {
  public static final BinaryData EMPTY = new BinaryData(new byte[0]);

  private final byte[] bytes;

  private BinaryData(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies {@code bytes}. */
  public static BinaryData of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new BinaryData(bytes.clone());
  }

  /** Takes the next {@code length} bytes of {@code source}, and moves its position. */
  public static BinaryData read(ByteBuffer source, int length) {
    if (length == 0) {
      return EMPTY;
    }
    var bytes = new byte[length];
    source.get(bytes);
    return new BinaryData(bytes);
  }

  public int length() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** Copies all bytes to {@code target} from {@code offset} on. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, bytes.length);
  }

  /** Returns a view that cannot be written to. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** Returns a copy. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BinaryData data && Arrays.equals(bytes, data.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Tells the length only: contents may be secret. */
  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
