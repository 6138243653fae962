package org.parley.websocket;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/** Read buffers that connections borrow while they read, so that an idle one has none. */
final class ReadBuffers {
  /** Larger than the container's own header buffer, which the first read must empty at once. */
  static final int RAW_BYTES = 64 * 1024;

  private static final int MOST_KEPT = 64;

  /**
   * One reader's buffers.
   *
   * @param raw what was read from the client
   * @param frames what goes to the engine
   */
  record Pair(byte[] raw, ByteBuffer frames) {
    static Pair allocate() {
      return new Pair(new byte[RAW_BYTES], ByteBuffer.allocate(InboundFrames.OUT_BYTES));
    }
  }

  private final ArrayBlockingQueue<Pair> idle = new ArrayBlockingQueue<>(MOST_KEPT);

  Pair borrow() {
    Pair pair = idle.poll();
    return pair == null ? Pair.allocate() : pair;
  }

  void giveBack(Pair pair) {
    pair.frames.clear();
    boolean kept = idle.offer(pair);
    assert kept || idle.size() <= MOST_KEPT;
  }
}
