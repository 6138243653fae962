package org.parley.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Brings what TLS is to read onto the heap, whatever it was read into.
 *
 * <p>The JDK's AES-GCM decrypts in place, and when a record is not authentic it clears what it has
 * written. In memory outside of the heap it clears too much: all from the first byte of the memory
 * that the buffer is a view of. Netty's buffers are views of blocks of 4 MiB, so one bad record of
 * one peer, who need not have a certificate, wiped what other connections had there. On the heap it
 * clears the record and nothing else (docs/adr/0017).
 */
final class HeapCumulator implements ByteToMessageDecoder.Cumulator {
  static final HeapCumulator INSTANCE = new HeapCumulator();

  private HeapCumulator() {}

  /** Returns what is left of the first buffer and all of the second, both of which it releases. */
  @Override
  public ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf cumulation, ByteBuf in) {
    try {
      int count = in.readableBytes();
      if (cumulation.hasArray() && count <= cumulation.writableBytes()) {
        return cumulation.writeBytes(in);
      }
      var joined = allocator.heapBuffer(cumulation.readableBytes() + count);
      joined.writeBytes(cumulation).writeBytes(in);
      cumulation.release();
      return joined;
    } finally {
      in.release();
    }
  }
}
