package org.parley.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.parley.core.ByteWire;

/**
 * A wire over one channel, whose event loop owns it. A handler or a task that throws costs this
 * wire, never the thread.
 */
final class ChannelWire extends ChannelInboundHandlerAdapter implements ByteWire {
  private static final Logger LOG = System.getLogger(ChannelWire.class.getName());

  private final DuplexChannel channel;
  private final @Nullable SslHandler tls;
  private final Peer peer;
  private final WireLimits limits;
  private final Acceptor acceptor;
  private final Framing framing;
  private final Executor executor = this::execute;
  private @Nullable Handler handler;

  /** {@link #finish} or {@link #abort} was called: nothing goes out or comes in any more. */
  private boolean ending;

  /** {@link #writable} has said no: somebody waits to hear of it. */
  private boolean awaited;

  ChannelWire(
      DuplexChannel channel, Peer peer, WireLimits limits, Acceptor acceptor, Framing framing) {
    this.channel = channel;
    this.tls = channel.pipeline().get(SslHandler.class);
    this.peer = peer;
    this.limits = limits;
    this.acceptor = acceptor;
    this.framing = framing;
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public Executor executor() {
    return executor;
  }

  private void execute(Runnable task) {
    try {
      channel.eventLoop().execute(() -> guarded(task));
    } catch (RejectedExecutionException _) {
      LOG.log(Level.DEBUG, "the transport has stopped"); // and so has this wire
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    guarded(() -> handler = acceptor.accept(this));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var bytes = (ByteBuf) message;
    try {
      if (bytes.nioBufferCount() == 1) {
        received(bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes()));
      } else {
        for (var part : bytes.nioBuffers()) {
          received(part);
        }
      }
    } finally {
      bytes.release();
    }
  }

  private void received(ByteBuffer bytes) {
    var told = handler;
    if (told != null && !ending && bytes.hasRemaining()) {
      try {
        told.received(bytes);
      } catch (RuntimeException | Error fault) {
        failed(fault);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    var told = handler;
    if (told != null && !ending) {
      guarded(told::receivedAll);
    }
  }

  /**
   * Netty calls this in the middle of a write. The handler may be at work then; it is told later.
   */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (awaited && channel.isWritable()) {
      execute(this::tellWritable);
    }
  }

  private void tellWritable() {
    if (awaited && writable() && !ending) {
      awaited = false;
      var told = handler;
      if (told != null) {
        guarded(told::writable);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ending = true;
    var told = handler;
    handler = null;
    if (told != null) {
      guarded(told::closed);
    }
  }

  /** TLS's own end is the end of what the peer says, also if it leaves TCP open behind it. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslCloseCompletionEvent && !ending) {
      abort();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
    if (isOfPeer(fault)) {
      LOG.log(Level.DEBUG, () -> "wire to " + peer.remoteAddress() + " broken", fault);
      abort();
    } else {
      failed(fault);
    }
  }

  /** Tells what TCP, TLS or HTTP find wrong with a connection from a fault of ours. */
  static boolean isOfPeer(Throwable fault) {
    return fault instanceof IOException || fault instanceof CodecException;
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error fault) {
      failed(fault);
    }
  }

  private void failed(Throwable fault) {
    LOG.log(Level.ERROR, () -> "wire to " + peer.remoteAddress() + " failed", fault);
    abort();
  }

  @Override
  public void write(ByteBuffer bytes) {
    if (ending || !bytes.hasRemaining()) {
      return;
    }
    if (unsentBytes() > limits.mostUnsentBytes()) {
      LOG.log(Level.ERROR, () -> "wire to " + peer.remoteAddress() + " written beyond its limit");
      abort();
      return;
    }
    int count = bytes.remaining();
    int whole = framing.headerBytes(count) + count;
    // The JDK's ciphers work on arrays, the kernel on memory outside of the heap.
    var copy =
        tls == null ? channel.alloc().directBuffer(whole) : channel.alloc().heapBuffer(whole);
    framing.putHeader(copy, count);
    copy.writeBytes(bytes);
    var _ = channel.writeAndFlush(copy, channel.voidPromise());
  }

  @Override
  public boolean writable() {
    boolean writable = channel.isWritable();
    awaited |= !writable;
    return writable;
  }

  @Override
  public long unsentBytes() {
    var waiting = channel.unsafe().outboundBuffer();
    return waiting == null ? 0 : waiting.totalPendingWriteBytes();
  }

  @Override
  public void reading(boolean on) {
    if (!ending) {
      channel.config().setAutoRead(on);
    }
  }

  /** Sends what is not the owner's, but belongs to the framing; it is released. */
  void writeControl(ByteBuf frame) {
    if (ending) {
      frame.release();
    } else {
      var _ = channel.writeAndFlush(frame, channel.voidPromise());
    }
  }

  @Override
  public void finish() {
    if (!ending) {
      finish(framing.goodbye(channel.alloc()));
    }
  }

  /** The same with other last words; they are released. */
  void finish(ByteBuf last) {
    if (ending) {
      last.release();
      return;
    }
    ending = true;
    channel.config().setAutoRead(true); // what comes now is thrown away, up to the peer's own end
    closeInTime();
    ChannelFuture sent = sendEnd(last);
    sent.addListener(
        _ -> {
          if (sent.isSuccess()) {
            var _ = channel.shutdownOutput();
          } else {
            close();
          }
        });
  }

  private void closeInTime() {
    var late =
        channel
            .eventLoop()
            .schedule(this::close, limits.finish().toMillis(), TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(_ -> late.cancel(false));
  }

  /**
   * The peer has said that it ends, in a way that wants an answer; when that is sent, or if we have
   * said so before, or after a limit of time, the connection is closed.
   *
   * @param answer is released
   */
  void answerEnd(ByteBuf answer) {
    if (ending) {
      answer.release();
      close();
    } else {
      ending = true;
      closeInTime();
      sendEnd(answer).addListener(_ -> close());
    }
  }

  /** Has a future tell when all that was written has been sent, TLS's own end included. */
  private ChannelFuture sendEnd(ByteBuf last) {
    var sent = channel.writeAndFlush(last);
    return tls == null ? sent : tls.closeOutbound();
  }

  @Override
  public void abort() {
    ending = true;
    close();
  }

  /** Closes below TLS, which would wait for its last bytes to be sent. */
  private void close() {
    var lowest = channel.pipeline().firstContext();
    if (lowest != null) {
      var _ = lowest.close();
    }
  }
}
