package org.parley.websocket;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.parley.websocket.protocol.FrameGuard;
import org.parley.websocket.protocol.FrameViolation;
import org.parley.websocket.protocol.Masking;

/**
 * Turns what a client sends into frames that the engine can take cheaply: checked, unmasked, whole,
 * and never over {@link #LARGEST_PIECE}. A longer or slower frame is passed on in fragments of that
 * size, so the engine never copies a growing partial frame again and again, and a buffer grows with
 * the bytes that have arrived, not with what a length field claims.
 */
final class InboundFrames {
  /** Payload bytes of one frame given to the engine. */
  static final int LARGEST_PIECE = 8192;

  /** A buffer of this size holds the largest piece with its header. */
  static final int OUT_BYTES = LARGEST_PIECE + 4;

  private static final byte[] NOTHING = {};
  private static final int FIRST_HELD_BYTES = 256;
  private static final int FIN = 0x80;

  /** Takes whole, unmasked frames; the buffer is only good during the call. */
  @FunctionalInterface
  interface Engine {
    void take(ByteBuffer frames);
  }

  private final FrameGuard guard;
  private final Engine engine;
  private byte[] held = NOTHING;
  private int heldBytes;
  private boolean begun;
  private long messageBytes;
  private boolean closeReceived;
  private long ended;

  InboundFrames(FrameGuard guard, Engine engine) {
    this.guard = guard;
    this.engine = engine;
  }

  /**
   * Takes what was read from the client. Frames before a violation still go to the engine; bytes
   * after a close frame are ignored (RFC 6455 section 5.5.1).
   *
   * @param in consumed
   * @param out scratch space of at least {@link #OUT_BYTES}, empty
   * @return what the bytes violate, or null
   */
  @Nullable FrameViolation receive(ByteBuffer in, ByteBuffer out) {
    FrameViolation violation = null;
    while (violation == null && in.hasRemaining() && !closeReceived) {
      violation = guard.headerComplete() ? null : guard.readHeader(in);
      if (violation == null && guard.headerComplete()) {
        violation = takePayload(in, out);
      }
    }
    flush(out);
    if (closeReceived) {
      in.position(in.limit());
    }
    return violation;
  }

  /** Tells whether a valid close frame has arrived. */
  boolean closeReceived() {
    return closeReceived;
  }

  /** Payload bytes of a message that has begun and not ended. */
  long unfinishedBytes() {
    return messageBytes;
  }

  /** Tells whether a frame or a message has begun, if only with a byte, and has not ended. */
  boolean unfinished() {
    return guard.begun() || guard.inMessage();
  }

  /** How many messages have ended, and control frames that were in none. */
  long ended() {
    return ended;
  }

  private @Nullable FrameViolation takePayload(ByteBuffer in, ByteBuffer out) {
    while (guard.payloadLeft() > 0 && in.hasRemaining()) {
      int count = (int) Math.min(in.remaining(), guard.payloadLeft());
      if (heldBytes == 0 && count == guard.payloadLeft() && count <= LARGEST_PIECE) {
        return endFrame(in, count, out);
      }
      hold(in, Math.min(count, LARGEST_PIECE - heldBytes));
      if (heldBytes == LARGEST_PIECE && guard.payloadLeft() > 0) {
        emitHeld(false, out);
      }
    }
    return guard.payloadLeft() > 0 ? null : endFrame(in, 0, out);
  }

  private void hold(ByteBuffer in, int count) {
    if (held.length < heldBytes + count) {
      int grown = Math.max(FIRST_HELD_BYTES, Math.max(held.length * 2, heldBytes + count));
      held = Arrays.copyOf(held, Math.min(grown, LARGEST_PIECE));
    }
    unmask(in, ByteBuffer.wrap(held).position(heldBytes), count);
    heldBytes += count;
  }

  private void unmask(ByteBuffer in, ByteBuffer to, int count) {
    Masking.unmask(in, to, count, guard.mask(), guard.payloadLength() - guard.payloadLeft());
    guard.passPayload(count);
    if (!guard.control()) {
      messageBytes += count;
    }
  }

  /** Ends the frame, whose payload is either held or the next {@code count} bytes of {@code in}. */
  private @Nullable FrameViolation endFrame(ByteBuffer in, int count, ByteBuffer out) {
    int length = count > 0 ? count : heldBytes;
    int start = putHeader(guard.last(), length, out);
    if (count > 0) {
      unmask(in, out, count);
    } else {
      out.put(held, 0, heldBytes);
      heldBytes = 0;
    }
    if (guard.opcode() == FrameGuard.CLOSE) {
      FrameViolation violation =
          FrameGuard.checkClose(out.slice(out.position() - length, length).asReadOnlyBuffer());
      if (violation != null) {
        out.position(start);
        return violation;
      }
      closeReceived = true;
    }
    if (!guard.control()) {
      begun = false;
      if (guard.last()) {
        messageBytes = 0;
      }
    }
    guard.endFrame();
    if (!guard.inMessage()) {
      ended++;
      held = NOTHING;
    }
    return null;
  }

  private void emitHeld(boolean last, ByteBuffer out) {
    putHeader(last, heldBytes, out);
    out.put(held, 0, heldBytes);
    heldBytes = 0;
    begun = true;
  }

  /** Returns where the header begins. */
  private int putHeader(boolean last, int length, ByteBuffer out) {
    if (out.remaining() < length + 4) {
      flush(out);
    }
    int start = out.position();
    int opcode = begun && !guard.control() ? FrameGuard.CONTINUATION : guard.opcode();
    out.put((byte) (opcode | (last ? FIN : 0)));
    if (length < 126) {
      out.put((byte) length);
    } else {
      out.put((byte) 126).putShort((short) length);
    }
    return start;
  }

  private void flush(ByteBuffer out) {
    if (out.position() > 0) {
      engine.take(out.flip());
      out.clear();
    }
  }
}
