package org.parley.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One WebSocket frame (RFC 6455 section 5.2), a legal one or not. */
public final class Frame {
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  /** The masking key of every frame, fixed so that failures repeat. */
  private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};

  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int NO_CODE = 1005;

  private final int first;
  private final boolean masked;
  private final byte[] payload;

  private Frame(int first, boolean masked, byte[] payload) {
    this.first = first;
    this.masked = masked;
    this.payload = payload;
  }

  /** A final frame without reserved bits. */
  public static Frame of(int opcode, byte[] payload) {
    return new Frame(FIN | opcode, true, payload.clone());
  }

  public static Frame text(String text) {
    return of(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  public static Frame binary(byte... payload) {
    return of(BINARY, payload);
  }

  public static Frame ping(byte... payload) {
    return of(PING, payload);
  }

  public static Frame pong(byte... payload) {
    return of(PONG, payload);
  }

  public static Frame close(int code, String reason) {
    var phrase = reason.getBytes(StandardCharsets.UTF_8);
    var body = ByteBuffer.allocate(2 + phrase.length).putShort((short) code).put(phrase);
    return of(CLOSE, body.array());
  }

  /** The same frame with any first octet: FIN, three reserved bits, opcode. */
  public Frame firstOctet(int octet) {
    return new Frame(octet & 0xFF, masked, payload);
  }

  /** The same frame without FIN: more of the message follows. */
  public Frame unfinished() {
    return firstOctet(first & ~FIN);
  }

  /** The same frame without a mask, which a client must not send. */
  public Frame unmasked() {
    return new Frame(first, false, payload);
  }

  /** Cuts this frame into fragments of at most this many bytes. */
  public List<Frame> fragments(int sizeBytes) {
    var fragments = new ArrayList<Frame>();
    int at = 0;
    do {
      int end = Math.min(at + sizeBytes, payload.length);
      int opcode = at == 0 ? opcode() : CONTINUATION;
      int fin = end == payload.length ? FIN : 0;
      fragments.add(new Frame(fin | opcode, masked, Arrays.copyOfRange(payload, at, end)));
      at = end;
    } while (at < payload.length);
    return fragments;
  }

  public boolean fin() {
    return (first & FIN) != 0;
  }

  /** The three reserved bits, RSV1 the highest. */
  public int reserved() {
    return first >> 4 & 7;
  }

  public int opcode() {
    return first & 0xF;
  }

  public boolean masked() {
    return masked;
  }

  public byte[] payload() {
    return payload.clone();
  }

  public String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  /** The close code; 1005 if the frame has none. */
  public int closeCode() {
    return payload.length < 2 ? NO_CODE : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
  }

  /** The phrase behind the close code. */
  public String closeReason() {
    int from = Math.min(2, payload.length);
    return new String(payload, from, payload.length - from, StandardCharsets.UTF_8);
  }

  /** The frame as bytes. */
  public byte[] encode() {
    var out = new ByteArrayOutputStream(payload.length + 14);
    out.writeBytes(header(first, masked, payload.length));
    out.writeBytes(masked ? mask(payload, MASK) : payload);
    return out.toByteArray();
  }

  /**
   * Only the header of a frame (with the masking key), claiming a length that need not be true. Bit
   * 63 may be set.
   */
  public static byte[] header(int firstOctet, boolean masked, long claimedLength) {
    var header = ByteBuffer.allocate(14).put((byte) firstOctet);
    int mask = masked ? MASKED : 0;
    if (claimedLength >= 0 && claimedLength < 126) {
      header.put((byte) (mask | claimedLength));
    } else if (claimedLength >= 0 && claimedLength <= 0xFFFF) {
      header.put((byte) (mask | 126)).putShort((short) claimedLength);
    } else {
      header.put((byte) (mask | 127)).putLong(claimedLength);
    }
    if (masked) {
      header.put(MASK);
    }
    return Arrays.copyOf(header.array(), header.position());
  }

  /** Reads the next frame. */
  public static Frame read(InputStream in) throws IOException {
    var data = new DataInputStream(in);
    int first = data.readUnsignedByte();
    int second = data.readUnsignedByte();
    long length = second & 0x7F;
    if (length == 126) {
      length = data.readUnsignedShort();
    } else if (length == 127) {
      length = data.readLong();
    }
    if (length < 0 || length > Integer.MAX_VALUE - 8) {
      throw new IOException("frame of " + Long.toUnsignedString(length) + " bytes");
    }
    boolean masked = (second & MASKED) != 0;
    var key = data.readNBytes(masked ? MASK.length : 0);
    var payload = data.readNBytes((int) length);
    if (payload.length < length) {
      throw new EOFException("end inside a frame");
    }
    return new Frame(first, masked, masked ? mask(payload, key) : payload);
  }

  private static byte[] mask(byte[] payload, byte[] key) {
    var masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= key[i % key.length];
    }
    return masked;
  }

  @Override
  public String toString() {
    return switch (opcode()) {
      case TEXT -> "text \"" + text() + '"';
      case CLOSE -> "close " + closeCode() + " \"" + closeReason() + '"';
      default -> "opcode " + opcode() + " with " + payload.length + " bytes";
    };
  }
}
