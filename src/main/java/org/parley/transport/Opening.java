package org.parley.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.parley.core.ByteWire;

/**
 * What a channel has at its end until there is a wire to take the place: TCP only needs to open.
 */
final class Opening extends ChannelInboundHandlerAdapter {
  private final WireLimits limits;
  private final ByteWire.Acceptor acceptor;

  Opening(WireLimits limits, ByteWire.Acceptor acceptor) {
    this.limits = limits;
    this.acceptor = acceptor;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    open(context, "tcp", List.of());
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
  private static String numeric(InetAddress address) {
    var text = address.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
    var _ = context.close();
  }
}
