package org.parley.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of all else on a connection from a proxy, until the header is there: nothing
 * passes before. It keeps no more than a header and what one read brought behind it.
 */
final class ProxyHeaderHandler extends ByteToMessageDecoder {
  /** Hears once what has come. */
  interface Listener {
    /**
     * The header is whole; the bytes behind it follow.
     *
     * @param source empty: the connection is the proxy's own
     * @param left of the time for all that precedes a wire
     */
    void passed(Optional<InetSocketAddress> source, Duration left);

    /** The connection is being closed. */
    void refused(ProxyRefusal reason);
  }

  private final ProxyHeaderReader reader;
  private final Duration limit;
  private final Listener listener;
  private @Nullable ScheduledFuture<?> deadline;
  private boolean begun;
  private boolean done;

  ProxyHeaderHandler(ProxyOptions options, Listener listener) {
    this.reader = new ProxyHeaderReader(options.mostHeaderBytes());
    this.limit = options.limit();
    this.listener = listener;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline =
        context
            .executor()
            .schedule(
                () -> refuse(context, ProxyRefusal.TIMEOUT),
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (done) {
      in.skipBytes(in.readableBytes());
      return;
    }
    begun = true;
    switch (reader.read(in.nioBuffer())) {
      case ProxyHeader.NeedMore _ -> {}
      case ProxyHeader.Rejected(var reason) -> refuse(context, reason);
      case ProxyHeader.Complete(var source, int length) -> {
        in.skipBytes(length);
        listener.passed(source, end());
        context.pipeline().remove(this); // passes on what is left
      }
    }
  }

  /** A proxy that looks whether the port is open says nothing, and is not spoken of. */
  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    if (begun) {
      refuse(context, ProxyRefusal.INCOMPLETE);
    } else {
      end();
    }
    super.channelInactive(context);
  }

  private void refuse(ChannelHandlerContext context, ProxyRefusal reason) {
    if (!done) {
      end();
      listener.refused(reason);
      var _ = context.close();
    }
  }

  /** Returns what is left of the time. */
  private Duration end() {
    done = true;
    var ending = deadline;
    if (ending == null) {
      return limit;
    }
    long left = Math.max(0, ending.getDelay(TimeUnit.NANOSECONDS));
    ending.cancel(false);
    return Duration.ofNanos(left);
  }
}
