package org.parley.pcp.codec;

import java.nio.ByteBuffer;
import org.parley.pcp.message.V1Message;

/** Version 1: binary frames of chunks (section 1.3). */
public final class PcpV1Codec {
  private final int maximumDepth;

  public PcpV1Codec(int maximumDepth) {
    this.maximumDepth = StrictJsonReader.requireDepthLimit(maximumDepth);
  }

  /** Decodes one binary WebSocket message. Never throws on account of the bytes. */
  public Decoded<V1Message> decode(ByteBuffer frame) {
    return new Decoded.Rejected<>("not yet " + frame.remaining() + maximumDepth);
  }

  /** Encodes a message: envelope, data chunk if there is data, debug chunks. */
  public ByteBuffer encode(V1Message message) {
    return ByteBuffer.allocate(message.debug().size());
  }
}
