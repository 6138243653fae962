package org.parley.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.parley.websocket.protocol.FrameGuard;
import org.parley.websocket.protocol.FrameRules;
import org.parley.websocket.protocol.FrameViolation;
import org.parley.websocket.protocol.Masking;

/**
 * Takes off the frames that a client puts around its bytes (RFC 6455 section 5), in the buffer in
 * which they came: what passes on is the payload of all frames of a read, joined. Nothing is kept
 * but the header of a frame that is not whole and the payload of a control frame.
 */
final class WebSocketFrames extends ChannelInboundHandlerAdapter {
  /** The peer is leaving, RFC 6455 section 7.4.1. */
  static final int NORMAL = 1000;

  /** Answers to the pings of one read; beyond, the newest alone is answered (section 5.5.3). */
  private static final int MOST_PONG_BYTES = 64 * 1024;

  /** Unsent, so that the peer is behind: its newest ping alone is answered, when it is sent. */
  private static final int BEHIND_BYTES = 16 * 1024;

  private final FrameGuard guard;
  private final ChannelWire wire;
  private final OpeningCounts counts;
  private final ByteBuffer control = ByteBuffer.allocate(FrameGuard.MAX_CONTROL_PAYLOAD);
  private @Nullable ByteBuf pongs;

  /** We hear when what waits to be sent has been. */
  private boolean watching;

  /** Nothing that comes from now on is looked at: the peer has closed, or broken the rules. */
  private boolean over;

  /** The code that the peer has closed with; 0: it has not. */
  private int closedWith;

  WebSocketFrames(FrameRules rules, ChannelWire wire, OpeningCounts counts) {
    this.guard = new FrameGuard(rules);
    this.wire = wire;
    this.counts = counts;
  }

  /** Returns the bytes of the header of a frame from a server. */
  static int headerBytes(int payloadBytes) {
    return payloadBytes <= FrameGuard.MAX_CONTROL_PAYLOAD ? 2 : payloadBytes <= 0xFFFF ? 4 : 10;
  }

  /** Writes the header of a frame that is a message by itself. */
  static void putHeader(ByteBuf to, int opcode, int payloadBytes) {
    to.writeByte(0x80 | opcode);
    switch (headerBytes(payloadBytes)) {
      case 2 -> to.writeByte(payloadBytes);
      case 4 -> to.writeByte(126).writeShort(payloadBytes);
      default -> to.writeByte(127).writeLong(payloadBytes);
    }
  }

  /** Returns a close frame (section 5.5.1). */
  static ByteBuf close(ByteBufAllocator allocator, int code, String phrase) {
    var text = phrase.getBytes(StandardCharsets.US_ASCII);
    var frame = allocator.buffer(4 + text.length);
    putHeader(frame, FrameGuard.CLOSE, 2 + text.length);
    return frame.writeShort(code).writeBytes(text);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var bytes = inOnePiece(context, (ByteBuf) message);
    int begin = bytes.readerIndex();
    var in = bytes.internalNioBuffer(begin, bytes.readableBytes());
    var out = in.duplicate();
    int first = in.position();
    boolean before = over;
    FrameViolation violation;
    try {
      violation = unframe(context, in, out);
    } catch (RuntimeException | Error fault) {
      bytes.release();
      throw fault;
    }
    int payload = out.position() - first;
    if (payload == 0) {
      bytes.release();
    } else {
      context.fireChannelRead(bytes.setIndex(begin, begin + payload));
    }
    if (over && !before) {
      context.fireChannelReadComplete(); // what came before is dealt with first
      end(context, violation);
    }
  }

  private void end(ChannelHandlerContext context, @Nullable FrameViolation violation) {
    if (violation == null) {
      wire.answerEnd(close(context.alloc(), closedWith, ""));
    } else {
      counts.violated();
      wire.finish(close(context.alloc(), violation.code(), violation.phrase()));
    }
  }

  private static ByteBuf inOnePiece(ChannelHandlerContext context, ByteBuf bytes) {
    if (bytes.nioBufferCount() == 1) {
      return bytes;
    }
    try {
      return context.alloc().heapBuffer(bytes.readableBytes()).writeBytes(bytes);
    } finally {
      bytes.release();
    }
  }

  /** Moves payload to the front; what comes behind a close frame is thrown away. */
  private @Nullable FrameViolation unframe(
      ChannelHandlerContext context, ByteBuffer in, ByteBuffer out) {
    FrameViolation violation = null;
    while (in.hasRemaining() && !over && violation == null) {
      if (!guard.headerComplete()) {
        violation = guard.readHeader(in);
      }
      if (violation == null && guard.headerComplete()) {
        violation = payload(context, in, guard.control() ? control : out);
      }
    }
    over |= violation != null;
    return violation;
  }

  private @Nullable FrameViolation payload(
      ChannelHandlerContext context, ByteBuffer in, ByteBuffer to) {
    int count = (int) Math.min(in.remaining(), guard.payloadLeft());
    Masking.unmask(in, to, count, guard.mask(), guard.payloadLength() - guard.payloadLeft());
    guard.passPayload(count);
    if (guard.payloadLeft() > 0) {
      return null;
    }
    var violation = guard.control() ? control(context, control.flip()) : null;
    control.clear();
    guard.endFrame();
    return violation;
  }

  private @Nullable FrameViolation control(ChannelHandlerContext context, ByteBuffer payload) {
    switch (guard.opcode()) {
      case FrameGuard.PING -> ping(context, payload);
      case FrameGuard.CLOSE -> {
        var violation = FrameGuard.checkClose(payload);
        if (violation != null) {
          return violation;
        }
        over = true;
        closedWith = payload.hasRemaining() ? payload.getShort(0) & 0xFFFF : NORMAL;
      }
      default -> {} // a pong that nobody has asked for
    }
    return null;
  }

  private void ping(ChannelHandlerContext context, ByteBuffer payload) {
    var waiting = pongs;
    if (waiting == null) {
      waiting = context.alloc().buffer(headerBytes(payload.remaining()) + payload.remaining());
      pongs = waiting;
    } else if (isBehind() || waiting.readableBytes() > MOST_PONG_BYTES) {
      waiting.clear();
    }
    putHeader(waiting, FrameGuard.PONG, payload.remaining());
    waiting.writeBytes(payload);
  }

  private boolean isBehind() {
    return wire.unsentBytes() > BEHIND_BYTES;
  }

  private void sendPongs(ChannelHandlerContext context) {
    var waiting = pongs;
    if (waiting != null && !isBehind()) {
      pongs = null;
      wire.writeControl(waiting);
    } else if (waiting != null && !watching) {
      watching = true;
      context
          .writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(
              _ -> {
                watching = false;
                sendPongs(context);
              });
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    sendPongs(context);
    context.fireChannelReadComplete();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (pongs != null) {
      pongs.release();
      pongs = null;
    }
  }
}
