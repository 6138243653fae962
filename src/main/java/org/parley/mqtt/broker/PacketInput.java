package org.parley.mqtt.broker;

import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.parley.core.ByteBudget;
import org.parley.mqtt.codec.Decoded;
import org.parley.mqtt.codec.PacketDecoder;

/**
 * Joins what arrives into packets. Only the beginning of a packet is kept, and what arrives while
 * the connection is held; room is made for what is there, never for what is announced. What is more
 * than a little is charged to a budget of all peers together.
 */
final class PacketInput {
  private static final int FIRST_ROOM = 512;

  /** Bytes that are not charged. */
  static final int FREE = 16 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final PacketDecoder decoder;
  private final Predicate<Decoded> handler;
  private final ByteBudget budget;
  private long charged;

  /** What is kept, ready to read. */
  private ByteBuffer kept = NOTHING;

  private int missing;

  /**
   * @param handler takes each packet or fault, and returns whether to go on
   */
  PacketInput(PacketDecoder decoder, Predicate<Decoded> handler, ByteBudget budget) {
    this.decoder = decoder;
    this.handler = handler;
    this.budget = budget;
  }

  /**
   * Takes what has arrived.
   *
   * @return false if all peers together have had as much kept as may be
   */
  boolean feed(ByteBuffer bytes) {
    join(bytes);
    return charge();
  }

  /** Keeps it for {@link #resume()}; returns what {@link #feed} does. */
  boolean keep(ByteBuffer bytes) {
    keep(bytes, bytes.remaining());
    return charge();
  }

  /** The peer is gone: nothing is kept. */
  void close() {
    kept = NOTHING;
    var _ = charge();
  }

  private boolean charge() {
    long now = kept.capacity() <= FREE ? 0 : kept.capacity();
    long more = now - charged;
    if (more > 0 && !budget.tryAcquire(more)) {
      return false;
    }
    if (more < 0) {
      budget.release(-more);
    }
    charged = now;
    return true;
  }

  private void join(ByteBuffer bytes) {
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

  /** Goes on with what was kept while the connection was held. */
  void resume() {
    var waiting = kept;
    kept = NOTHING;
    var _ = decode(waiting);
    keep(waiting, waiting.remaining());
    var _ = charge();
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
