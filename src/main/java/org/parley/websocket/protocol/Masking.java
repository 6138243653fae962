package org.parley.websocket.protocol;

import java.nio.ByteBuffer;

/** The masking of client payload, RFC 6455 section 5.3. */
public final class Masking {
  private Masking() {}

  /**
   * Moves payload from one buffer to another and takes off its mask. Both may be views of the same
   * memory if what is written is not behind what is read.
   *
   * @param from of big-endian order, consumed by {@code count}
   * @param to of big-endian order, filled by {@code count}
   * @param key the masking key, its first byte in the highest bits
   * @param phase how many bytes of the payload came before
   */
  public static void unmask(ByteBuffer from, ByteBuffer to, int count, int key, long phase) {
    int rotated = Integer.rotateLeft(key, (int) (phase & 3) * 8);
    long wide = ((long) rotated << 32) | Integer.toUnsignedLong(rotated);
    int read = from.position();
    int write = to.position();
    int i = 0;
    for (; i <= count - Long.BYTES; i += Long.BYTES) {
      to.putLong(write + i, from.getLong(read + i) ^ wide);
    }
    for (; i < count; i++) {
      to.put(write + i, (byte) (from.get(read + i) ^ rotated >>> (24 - (i & 3) * 8)));
    }
    from.position(read + count);
    to.position(write + count);
  }
}
