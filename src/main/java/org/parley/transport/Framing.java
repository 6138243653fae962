package org.parley.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.parley.websocket.protocol.FrameGuard;

/** What goes around the bytes of one write. */
enum Framing {
  /** Nothing: TCP and TLS carry a stream. */
  NONE {
    @Override
    int headerBytes(int count) {
      return 0;
    }

    @Override
    void putHeader(ByteBuf to, int count) {}

    @Override
    ByteBuf goodbye(ByteBufAllocator allocator) {
      return Unpooled.EMPTY_BUFFER;
    }
  },

  /** A binary message of WebSocket. */
  FRAMES {
    @Override
    int headerBytes(int count) {
      return WebSocketFrames.headerBytes(count);
    }

    @Override
    void putHeader(ByteBuf to, int count) {
      WebSocketFrames.putHeader(to, FrameGuard.BINARY, count);
    }

    @Override
    ByteBuf goodbye(ByteBufAllocator allocator) {
      return WebSocketFrames.close(allocator, WebSocketFrames.NORMAL, "");
    }
  };

  abstract int headerBytes(int count);

  abstract void putHeader(ByteBuf to, int count);

  /** Returns the last that is sent when we end it. */
  abstract ByteBuf goodbye(ByteBufAllocator allocator);
}
