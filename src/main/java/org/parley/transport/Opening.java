package org.parley.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.parley.core.ByteWire;

/**
 * What a channel has at its end until there is a wire to take the place: when TCP is open, or when
 * the TLS handshake over it is complete.
 */
final class Opening extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = System.getLogger(Opening.class.getName());

  private final WireLimits limits;
  private final Optional<TlsOptions> tls;
  private final ByteWire.Acceptor acceptor;
  private final Runnable onFailure;

  /**
   * @param onFailure runs when a handshake has failed, for whatever reason
   */
  Opening(
      WireLimits limits, Optional<TlsOptions> tls, ByteWire.Acceptor acceptor, Runnable onFailure) {
    this.limits = limits;
    this.tls = tls;
    this.acceptor = acceptor;
    this.onFailure = onFailure;
  }

  /** On the channel's own thread: making an engine is not for the one that accepts for all. */
  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    tls.ifPresent(options -> context.pipeline().addFirst(options.handler()));
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (tls.isEmpty()) {
      open(context, "tcp", List.of());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        var session = context.pipeline().get(SslHandler.class).engine().getSession();
        open(context, "tls", chain(session));
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

  private void open(ChannelHandlerContext context, String transport, List<X509Certificate> chain) {
    var channel = (SocketChannel) context.channel();
    var remote = channel.remoteAddress();
    if (remote == null) {
      var _ = context.close(); // gone already
      return;
    }
    var peer = new ByteWire.Peer(transport, numeric(remote.getAddress()), remote.getPort(), chain);
    context.pipeline().replace(this, null, new ChannelWire(channel, peer, limits, acceptor));
  }

  /** Returns the address without the network interface that an IPv6 one may name. */
  static String numeric(InetAddress address) {
    var text = address.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }

  /** The peer's fault; what TLS says of it may quote the peer, and is for debugging only. */
  private void failed(ChannelHandlerContext context, Throwable fault) {
    onFailure.run();
    LOG.log(Level.DEBUG, "TLS handshake failed", fault);
    var _ = context.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
    LOG.log(Level.DEBUG, "connection broken before it was a wire", fault);
    var _ = context.close();
  }
}
