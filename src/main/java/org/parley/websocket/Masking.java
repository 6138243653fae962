package org.parley.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The masking of client payload, RFC 6455 section 5.3. */
final class Masking {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Masking() {}

  /**
   * Copies payload and takes off its mask.
   *
   * @param key the masking key, its first byte in the highest bits
   * @param phase how many bytes of the payload came before
   */
  static void unmask(
      byte[] from, int fromOffset, byte[] to, int toOffset, int count, int key, long phase) {
    int rotated = Integer.rotateLeft(key, (int) (phase & 3) * 8);
    long wide = ((long) rotated << 32) | Integer.toUnsignedLong(rotated);
    int i = 0;
    for (; i <= count - Long.BYTES; i += Long.BYTES) {
      long masked = (long) LONGS.get(from, fromOffset + i);
      LONGS.set(to, toOffset + i, masked ^ wide);
    }
    for (; i < count; i++) {
      to[toOffset + i] = (byte) (from[fromOffset + i] ^ rotated >>> (24 - (i & 3) * 8));
    }
  }
}
