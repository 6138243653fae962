package org.parley.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.parley.core.ByteWire;

/** A listener on a free port of loopback; its event loops serve all tests. */
final class TcpFixture implements AutoCloseable {
  static final WireLimits LIMITS =
      new WireLimits(16 * 1024, 64 * 1024, 1 << 20, Duration.ofMillis(500));

  private static final Map<SocketKind, EventLoops> LOOPS = new ConcurrentHashMap<>();

  private final EventLoops loops;
  private final TcpListener listener;

  private TcpFixture(EventLoops loops, TcpListener listener) {
    this.loops = loops;
    this.listener = listener;
  }

  static TcpFixture open(ByteWire.Acceptor acceptor) throws IOException {
    return open(SocketKind.best(), options(LIMITS, 100), acceptor);
  }

  static TcpFixture open(SocketKind kind, TcpListener.Options options, ByteWire.Acceptor acceptor)
      throws IOException {
    var loops = LOOPS.computeIfAbsent(kind, TcpFixture::start);
    return new TcpFixture(loops, accepting(TcpListener.bind(loops, options, acceptor)));
  }

  private static TcpListener accepting(TcpListener bound) {
    bound.accept();
    return bound;
  }

  static EventLoops start(SocketKind kind) {
    return EventLoops.start(kind, 2, TcpFixture.class.getClassLoader());
  }

  static TcpListener.Options options(WireLimits limits, int mostWires) {
    return new TcpListener.Options(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        128,
        mostWires,
        limits,
        Optional.empty(),
        Optional.empty());
  }

  static TcpListener.Options options(TlsOptions tls) {
    var plain = options(LIMITS, 100);
    return new TcpListener.Options(
        plain.address(),
        plain.backlog(),
        plain.mostWires(),
        plain.wire(),
        Optional.of(tls),
        Optional.empty());
  }

  static TcpListener.Options options(Optional<TlsOptions> tls, ProxyOptions proxies) {
    var plain = options(LIMITS, 100);
    return new TcpListener.Options(
        plain.address(),
        plain.backlog(),
        plain.mostWires(),
        plain.wire(),
        tls,
        Optional.of(proxies));
  }

  int port() {
    return listener.address().getPort();
  }

  TcpListener listener() {
    return listener;
  }

  EventLoops loops() {
    return loops;
  }

  Socket connect() throws IOException {
    return connect(0);
  }

  /** Connects with a small receive buffer; 0: the system's own. */
  Socket connect(int receiveBufferBytes) throws IOException {
    var socket = new Socket();
    if (receiveBufferBytes > 0) {
      socket.setReceiveBufferSize(receiveBufferBytes);
    }
    socket.setSoTimeout(Math.toIntExact(WireRecorder.SOON.toMillis()));
    socket.setTcpNoDelay(true);
    socket.connect(listener.address());
    return socket;
  }

  @Override
  public void close() {
    listener.stopAccepting();
  }
}
