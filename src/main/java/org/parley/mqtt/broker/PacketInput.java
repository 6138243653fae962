package org.parley.mqtt.broker;

import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.parley.mqtt.codec.Decoded;
import org.parley.mqtt.codec.PacketDecoder;

/**
 * Joins what arrives into packets. Only the beginning of a packet is kept, and what arrives while
 * the connection is held; room is made for what is there, never for what is announced.
 */
final class PacketInput {
  private static final int FIRST_ROOM = 512;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final PacketDecoder decoder;
  private final Predicate<Decoded> handler;

  /** What is kept, ready to read. */
  private ByteBuffer kept = NOTHING;

  private int missing;

  /**
   * @param handler takes each packet or fault, and returns whether to go on
   */
  PacketInput(PacketDecoder decoder, Predicate<Decoded> handler) {
    this.decoder = decoder;
    this.handler = handler;
  }

  /** Takes what has arrived. */
  void feed(ByteBuffer bytes) {
    while (kept.hasRemaining() && bytes.hasRemaining()) {
      keep(bytes, Math.min(Math.max(missing, 1), bytes.remaining()));
      if (!decode(kept)) {
        keep(bytes, bytes.remaining());
        return;
      }
      if (!kept.hasRemaining()) {
        kept = NOTHING;
      }
    }
    var _ = decode(bytes);
    keep(bytes, bytes.remaining());
  }

  /** Keeps it for {@link #resume()}. */
  void keep(ByteBuffer bytes) {
    keep(bytes, bytes.remaining());
  }

  /** Goes on with what was kept while the connection was held. */
  void resume() {
    var waiting = kept;
    kept = NOTHING;
    var _ = decode(waiting);
    keep(waiting, waiting.remaining());
  }

  /**
   * Returns false if the handler wants no more. What was not used, the beginning of a packet for
   * example, remains in the buffer.
   */
  private boolean decode(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      var decoded = decoder.decode(bytes);
      if (decoded instanceof Decoded.NeedMore(var atLeast)) {
        missing = atLeast;
        return true;
      }
      if (!handler.test(decoded)) {
        return false;
      }
    }
    return true;
  }

  private void keep(ByteBuffer bytes, int length) {
    if (length == 0) {
      return;
    }
    int have = kept.remaining();
    var grown = kept;
    if (kept.capacity() - kept.limit() < length) {
      grown = ByteBuffer.allocate(Math.max(FIRST_ROOM, Math.max(have * 2, have + length)));
      grown.put(kept).flip();
    }
    int end = grown.limit();
    grown.limit(end + length);
    grown.put(end, bytes, bytes.position(), length);
    bytes.position(bytes.position() + length);
    kept = grown;
  }
}
