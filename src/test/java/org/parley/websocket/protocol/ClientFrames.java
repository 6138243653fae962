package org.parley.websocket.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Builds the frames a client sends, well or badly formed. */
public final class ClientFrames {
  static final byte[] MASK = {1, 2, 3, 4};

  private ClientFrames() {}

  /** A masked frame whose length is minimally encoded. */
  public static byte[] frame(int firstByte, byte... payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header(firstByte, payload.length));
    for (int i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ MASK[i & 3]);
    }
    return out.toByteArray();
  }

  /** The header of a masked frame that claims a length. */
  public static byte[] header(int firstByte, long length) {
    ByteBuffer header = ByteBuffer.allocate(14).put((byte) firstByte);
    if (length < 126) {
      header.put((byte) (0x80 | length));
    } else if (length < 0x1_0000) {
      header.put((byte) (0x80 | 126)).putShort((short) length);
    } else {
      header.put((byte) (0x80 | 127)).putLong(length);
    }
    return bytesOf(header.put(MASK).flip());
  }

  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  public static byte[] bytesOf(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
