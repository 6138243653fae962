package org.parley.transport;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.parley.core.ByteWire;

/**
 * What a channel has at its end until there is a wire to take the place: when TCP is open, a
 * proxy's header has been read if one is due, and the TLS handshake behind it is complete.
 */
final class Opening extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = System.getLogger(Opening.class.getName());

  private final TcpListener.Options options;
  private final ByteWire.Acceptor acceptor;
  private final OpeningCounts counts;

  /** Who the peer is; another one than TCP's once a proxy has said so. */
  private @Nullable InetSocketAddress remote;

  private boolean proxied;

  Opening(TcpListener.Options options, ByteWire.Acceptor acceptor, OpeningCounts counts) {
    this.options = options;
    this.acceptor = acceptor;
    this.counts = counts;
  }

  /** On the channel's own thread: making an engine is not for the one that accepts for all. */
  @Override
  public void channelActive(ChannelHandlerContext context) {
    var peer = ((SocketChannel) context.channel()).remoteAddress();
    if (peer == null) {
      var _ = context.close(); // gone already
      return;
    }
    remote = peer;
    var rule = options.proxies().filter(proxies -> proxies.listed().test(peer.getAddress()));
    if (rule.isPresent()) {
      proxied = true;
      before(context, new ProxyHeaderHandler(rule.get(), new Header(context, peer, rule.get())));
    } else {
      options.tls().ifPresentOrElse(tls -> before(context, tls.handler()), () -> open(context));
    }
  }

  private static void before(ChannelHandlerContext context, ChannelHandler handler) {
    context.pipeline().addBefore(context.name(), null, handler);
  }

  /** What becomes of a proxy's header. */
  private final class Header implements ProxyHeaderHandler.Listener {
    private final ChannelHandlerContext context;
    private final InetSocketAddress proxy;
    private final ProxyOptions rule;

    Header(ChannelHandlerContext context, InetSocketAddress proxy, ProxyOptions rule) {
      this.context = context;
      this.proxy = proxy;
      this.rule = rule;
    }

    @Override
    public void passed(Optional<InetSocketAddress> source, Duration left) {
      counts.proxied();
      var from = source.orElse(proxy);
      if (isBanned(options, from)) {
        counts.banned();
        var _ = context.close();
        return;
      }
      remote = from;
      options.tls().ifPresentOrElse(tls -> before(context, tls.handler(left)), () -> open(context));
    }

    @Override
    public void refused(ProxyRefusal reason) {
      counts.refused(reason);
      rule.onRefused().accept(proxy.getAddress(), reason);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        var session = context.pipeline().get(SslHandler.class).engine().getSession();
        open(context, true, chain(session));
      } else {
        failed(context, handshake.cause());
      }
    }
  }

  private static List<X509Certificate> chain(SSLSession session) {
    try {
      return Arrays.stream(session.getPeerCertificates()).map(X509Certificate.class::cast).toList();
    } catch (SSLPeerUnverifiedException _) {
      return List.of(); // it has none
    }
  }

  private void open(ChannelHandlerContext context) {
    open(context, false, List.of());
  }

  private void open(ChannelHandlerContext context, boolean tls, List<X509Certificate> chain) {
    var from = Objects.requireNonNull(remote);
    var address = numeric(from.getAddress());
    var peer = new ByteWire.Peer(transport(tls), address, from.getPort(), chain, proxied);
    if (options.webSocket().isPresent()) {
      WebSocketOpening.replace(
          context, options.webSocket().get(), options.wire(), peer, acceptor, counts);
    } else {
      var wire =
          new ChannelWire(
              (SocketChannel) context.channel(), peer, options.wire(), acceptor, Framing.NONE);
      context.pipeline().replace(this, null, wire);
    }
  }

  private String transport(boolean tls) {
    if (options.webSocket().isPresent()) {
      return tls ? "wss" : "ws";
    }
    return tls ? "tls" : "tcp";
  }

  static boolean isBanned(TcpListener.Options options, InetSocketAddress peer) {
    return options.banned().test(numeric(peer.getAddress()));
  }

  /** Returns the address without the network interface that an IPv6 one may name. */
  static String numeric(InetAddress address) {
    var text = address.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }

  /** The peer's fault; what TLS says of it may quote the peer, and is for debugging only. */
  private void failed(ChannelHandlerContext context, Throwable fault) {
    counts.handshakeFailed();
    LOG.log(Level.DEBUG, "TLS handshake failed", fault);
    var _ = context.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
    LOG.log(Level.DEBUG, "connection broken before it was a wire", fault);
    var _ = context.close();
  }
}
