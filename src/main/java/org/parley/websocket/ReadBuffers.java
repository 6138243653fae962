package org.parley.websocket;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/** Read buffers that connections borrow while they read, so that an idle one has none. */
final class ReadBuffers {
  /** Larger than the container's own header buffer, which the first read must empty at once. */
  static final int RAW_BYTES = 16 * 1024;

  private static final int MOST_KEPT = 64;

  /**
   * One reader's buffers, both backed by arrays.
   *
   * @param raw what was read from the client
   * @param frames what goes to the engine
   */
  record Pair(ByteBuffer raw, ByteBuffer frames) {}

  private final ArrayBlockingQueue<Pair> idle = new ArrayBlockingQueue<>(MOST_KEPT);

  Pair borrow() {
    Pair pair = idle.poll();
    return pair == null
        ? new Pair(ByteBuffer.allocate(RAW_BYTES), ByteBuffer.allocate(InboundFrames.OUT_BYTES))
        : pair;
  }

  /** Takes a pair back, or leaves it to the collector when enough are kept. */
  void giveBack(Pair pair) {
    pair.raw.clear();
    pair.frames.clear();
    idle.offer(pair);
  }
}
