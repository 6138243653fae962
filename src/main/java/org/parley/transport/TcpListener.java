package org.parley.transport;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.parley.core.ByteWire;

/** A port on which wires are opened. */
public final class TcpListener {
  private static final Logger LOG = System.getLogger(TcpListener.class.getName());

  /** What a read offers, smallest, first and largest: it follows what came before. */
  private static final RecvByteBufAllocator READ_SIZES =
      new AdaptiveRecvByteBufAllocator(512, 2048, 64 * 1024);

  /** How long nothing is accepted after that has failed, as it does without file descriptors. */
  private static final Duration ACCEPT_PAUSE = Duration.ofSeconds(1);

  private static final Duration STOP_LIMIT = Duration.ofSeconds(1);

  /**
   * Where and how much.
   *
   * @param backlog connections that may wait to be accepted
   * @param mostWires open at a time; more are closed at once
   * @param tls empty: TCP without TLS
   * @param proxies empty: every peer speaks for itself
   * @param banned tells whether connections from an address are closed at once; must not block
   * @param webSocket empty: the bytes come as they are
   */
  public record Options(
      InetSocketAddress address,
      int backlog,
      int mostWires,
      WireLimits wire,
      Optional<TlsOptions> tls,
      Optional<ProxyOptions> proxies,
      Predicate<String> banned,
      Optional<WebSocketOptions> webSocket) {
    /** Nobody is banned, and the bytes come as they are. */
    public Options(
        InetSocketAddress address,
        int backlog,
        int mostWires,
        WireLimits wire,
        Optional<TlsOptions> tls,
        Optional<ProxyOptions> proxies) {
      this(address, backlog, mostWires, wire, tls, proxies, _ -> false, Optional.empty());
    }
  }

  private final EventLoops loops;
  private final Options options;
  private final ByteWire.Acceptor acceptor;
  private final ServerSocketChannel server;
  private final WriteBufferWaterMark waterMark;
  private final ChannelGroup connections;
  private final LongAdder accepted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final OpeningCounts openings = new OpeningCounts();
  private volatile boolean accepting;

  /** Accepting has failed since the last connection; belongs to the server's channel. */
  private boolean failing;

  private TcpListener(
      EventLoops loops, Options options, ByteWire.Acceptor acceptor, ServerSocketChannel server) {
    this.loops = loops;
    this.options = options;
    this.acceptor = acceptor;
    this.server = server;
    this.connections = loops.newGroup();
    this.waterMark =
        new WriteBufferWaterMark(options.wire().lowWaterBytes(), options.wire().highWaterBytes());
  }

  /**
   * Takes the address. Who connects waits until {@link #accept}.
   *
   * @param acceptor meets each wire, on its own thread
   * @throws IOException if the address cannot be bound: it is taken, or not ours
   */
  public static TcpListener bind(EventLoops loops, Options options, ByteWire.Acceptor acceptor)
      throws IOException {
    try {
      var server = loops.bind(options.address(), options.backlog());
      var listener = new TcpListener(loops, options, acceptor, server);
      listener.prepare();
      return listener;
    } finally {
      EventLoops.forgetThread();
    }
  }

  private void prepare() {
    server.config().setAutoRead(false);
    loops.adopt(server);
    server.eventLoop().execute(() -> server.pipeline().addLast(new Accepting()));
  }

  /** Begins to take connections. */
  public void accept() {
    accepting = true;
    server.eventLoop().execute(() -> server.config().setAutoRead(true));
  }

  /** Returns where it listens, with the port that was chosen for port 0. */
  public InetSocketAddress address() {
    return server.localAddress();
  }

  /** Returns whether new connections are taken. */
  public boolean accepting() {
    return accepting && server.isOpen();
  }

  /** Returns how many connections are open, those included that are no wire yet. */
  public int connections() {
    return connections.size();
  }

  /** Returns the most that may be open. */
  public int mostConnections() {
    return options.mostWires();
  }

  /** Returns how many connections were taken since the start. */
  public long accepted() {
    return accepted.sum();
  }

  /** Returns how many connections were closed at once since the start, for being too many. */
  public long refused() {
    return refused.sum();
  }

  /** Returns how many connections were closed at once since the start, for their address. */
  public long banned() {
    return openings.bannedConnections();
  }

  /** Returns how many TLS handshakes have failed since the start. */
  public long failedHandshakes() {
    return openings.failedHandshakes();
  }

  /**
   * Returns how many opening handshakes of WebSocket were malformed, or not whole in time, since
   * the start.
   */
  public long failedOpenings() {
    return openings.failedOpenings();
  }

  /** Returns how many WebSockets were ended since the start for what their peers sent. */
  public long violations() {
    return openings.violations();
  }

  /** Returns how many connections have had a good PROXY header since the start. */
  public long proxied() {
    return openings.proxiedConnections();
  }

  /** Returns how many connections of proxies were closed for their header since the start. */
  public Map<ProxyRefusal, Long> refusedHeaders() {
    return openings.refusedHeaders();
  }

  /** Takes no more connections; what is open stays. Returns when the port is free, or soon. */
  public void stopAccepting() {
    try {
      if (!server.close().await(STOP_LIMIT.toMillis())) {
        LOG.log(Level.WARNING, "the listener is slow to close");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      EventLoops.forgetThread();
    }
  }

  private void opened(SocketChannel child) {
    if (isBanned(child)) {
      openings.banned();
      child.unsafe().closeForcibly();
      return;
    }
    if (connections.size() >= options.mostWires()) {
      refused.increment();
      child.unsafe().closeForcibly();
      return;
    }
    accepted.increment();
    var config = child.config();
    config.setOption(ChannelOption.TCP_NODELAY, true);
    config.setOption(ChannelOption.SO_KEEPALIVE, true);
    config.setAllocator(PooledByteBufAllocator.DEFAULT);
    config.setRecvByteBufAllocator(READ_SIZES);
    config.setWriteBufferWaterMark(waterMark);
    child.pipeline().addLast(new Opening(options, acceptor, openings));
    loops.adopt(child, connections);
  }

  /** Before anything is spent on it: no place among the others, no TLS handshake. */
  private boolean isBanned(SocketChannel child) {
    var remote = child.remoteAddress();
    return remote != null && Opening.isBanned(options, remote);
  }

  /** Waits for a while; said once for failures in a row. On the thread of the server's channel. */
  private void acceptFailed(Throwable fault) {
    if (!failing) {
      failing = true;
      LOG.log(Level.WARNING, "no connection can be accepted now: " + fault.getMessage());
    }
    server.config().setAutoRead(false);
    var _ =
        server
            .eventLoop()
            .schedule(
                () -> server.config().setAutoRead(true),
                ACCEPT_PAUSE.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  /** Has accepting fail, as it does without file descriptors, and returns then: for tests. */
  void failToAccept(IOException fault) throws InterruptedException {
    server.eventLoop().submit(() -> server.pipeline().fireExceptionCaught(fault)).sync();
  }

  /** Takes what the server's channel has accepted. */
  private final class Accepting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      failing = false;
      opened((SocketChannel) message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
      acceptFailed(fault);
    }
  }
}
