package org.parley.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;

/**
 * Brings what TLS is to read onto the heap, whatever it was read into, and no more of it than a
 * record.
 *
 * <p>The JDK's AES-GCM decrypts in place, and when a record is not authentic it clears what it has
 * written. In memory outside of the heap it clears too much: all from the first byte of the memory
 * that the buffer is a view of. Netty's buffers are views of blocks of 4 MiB, so one bad record of
 * one peer, who need not have a certificate, wiped what other connections had there. In an array it
 * leaves the record as it is (docs/adr/0017).
 */
final class HeapCumulator implements ByteToMessageDecoder.Cumulator {
  static final HeapCumulator INSTANCE = new HeapCumulator();

  /** A record's header and the most that it can claim to be behind it. */
  static final int LARGEST_RECORD = 5 + 0xFFFF;

  private HeapCumulator() {}

  /**
   * Returns what is left of the first buffer and all of the second, both of which it releases.
   *
   * @throws DecoderException if what is left is more than a record: the peer has ended TLS, and
   *     goes on sending what is not read any more
   */
  @Override
  public ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf cumulation, ByteBuf in) {
    try {
      int left = cumulation.readableBytes();
      int count = in.readableBytes();
      if (left > LARGEST_RECORD) {
        throw new DecoderException("more than a TLS record is not read");
      }
      if (cumulation.hasArray() && count <= cumulation.maxFastWritableBytes()) {
        return cumulation.writeBytes(in);
      }
      var joined = allocator.heapBuffer(left == 0 ? count : withRoom(allocator, left + count));
      joined.writeBytes(cumulation).writeBytes(in);
      cumulation.release();
      return joined;
    } finally {
      in.release();
    }
  }

  /** A record that comes in many pieces is not copied for each. */
  private static int withRoom(ByteBufAllocator allocator, int bytes) {
    return allocator.calculateNewCapacity(bytes, Integer.MAX_VALUE);
  }
}
