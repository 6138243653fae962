package org.parley.transport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;

/** How this machine does network input and output: Linux's epoll, or the JDK's selectors. */
enum SocketKind {
  EPOLL {
    @Override
    IoHandlerFactory ioHandlers() {
      return EpollIoHandler.newFactory();
    }

    @Override
    ServerSocketChannel bind(InetSocketAddress address, int backlog) throws IOException {
      var socket = Socket.newSocketStream();
      try {
        socket.setReuseAddress(true);
        socket.bind(address);
        socket.listen(backlog);
      } catch (IOException | RuntimeException e) {
        socket.close();
        throw e;
      }
      return new EpollServerSocketChannel(socket.intValue());
    }
  },

  NIO {
    @Override
    IoHandlerFactory ioHandlers() {
      return NioIoHandler.newFactory();
    }

    @Override
    ServerSocketChannel bind(InetSocketAddress address, int backlog) throws IOException {
      var socket = java.nio.channels.ServerSocketChannel.open();
      try {
        socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        socket.bind(address, backlog);
      } catch (IOException | RuntimeException e) {
        socket.close();
        throw e;
      }
      return new NioServerSocketChannel(socket);
    }
  };

  /** Returns the best that works here. */
  static SocketKind best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  abstract IoHandlerFactory ioHandlers();

  /**
   * Binds and begins to listen, on the calling thread: who starts a listener learns here that the
   * port is taken, without waiting for another thread.
   *
   * @param backlog connections that may wait to be accepted
   */
  abstract ServerSocketChannel bind(InetSocketAddress address, int backlog) throws IOException;
}
