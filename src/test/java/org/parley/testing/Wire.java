package org.parley.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** How to reach a port of this machine: plain or TLS, with chosen versions, ciphers and ALPN. */
public final class Wire {
  private final int port;
  private final Optional<SSLContext> tls;
  private InetAddress address = InetAddress.getLoopbackAddress();
  private Optional<InetAddress> from = Optional.empty();
  private List<String> versions = List.of();
  private List<String> cipherSuites = List.of();
  private List<String> applicationProtocols = List.of();
  private int receiveBufferBytes;
  private Duration deadline = Duration.ofSeconds(10);

  private Wire(int port, Optional<SSLContext> tls) {
    this.port = port;
    this.tls = tls;
  }

  /** TCP only. */
  public static Wire plain(int port) {
    return new Wire(port, Optional.empty());
  }

  /** TLS; see {@link TestPki#sslContext} and {@link TestPki#anonymousContext}. */
  public static Wire tls(int port, SSLContext context) {
    return new Wire(port, Optional.of(context));
  }

  /** Connects to another address of this machine than loopback. */
  public Wire address(InetAddress address) {
    this.address = address;
    return this;
  }

  /** Connects from another address of this machine, such as 127.0.0.2. */
  public Wire from(InetAddress own) {
    from = Optional.of(own);
    return this;
  }

  /** Offers only these TLS versions, such as {@code TLSv1.2}. */
  public Wire versions(String... names) {
    versions = List.of(names);
    return this;
  }

  /** Offers only these cipher suites. */
  public Wire cipherSuites(String... names) {
    cipherSuites = List.of(names);
    return this;
  }

  /** Offers these protocols by ALPN. */
  public Wire applicationProtocols(String... names) {
    applicationProtocols = List.of(names);
    return this;
  }

  /** Keeps the receive buffer small, so that a client that stops reading is soon felt. */
  public Wire receiveBuffer(int bytes) {
    receiveBufferBytes = bytes;
    return this;
  }

  /** Limits connecting, the TLS handshake and every wait that names no limit of its own. */
  public Wire deadline(Duration limit) {
    deadline = limit;
    return this;
  }

  Duration deadline() {
    return deadline;
  }

  /**
   * Connects and ends the TLS handshake. With TLS 1.3 a server's refusal of the client certificate
   * comes with the first read only.
   */
  public Connected connect() throws IOException {
    var tcp = new Socket();
    try {
      if (receiveBufferBytes > 0) {
        tcp.setReceiveBufferSize(receiveBufferBytes);
      }
      tcp.setTcpNoDelay(true);
      tcp.setSoTimeout(Math.toIntExact(deadline.toMillis()));
      if (from.isPresent()) {
        tcp.bind(new InetSocketAddress(from.get(), 0));
      }
      tcp.connect(new InetSocketAddress(address, port), Math.toIntExact(deadline.toMillis()));
      return new Connected(tcp, tls.isPresent() ? handshake(tcp, tls.get()) : tcp);
    } catch (IOException | RuntimeException e) {
      tcp.close();
      throw e;
    }
  }

  private SSLSocket handshake(Socket tcp, SSLContext context) throws IOException {
    var socket = (SSLSocket) context.getSocketFactory().createSocket(tcp, "localhost", port, true);
    var parameters = socket.getSSLParameters();
    if (!versions.isEmpty()) {
      parameters.setProtocols(versions.toArray(String[]::new));
    }
    if (!cipherSuites.isEmpty()) {
      parameters.setCipherSuites(cipherSuites.toArray(String[]::new));
    }
    parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** The TCP socket, and the socket to talk through: the same, or TLS over it. */
  public record Connected(Socket tcp, Socket socket) {}
}
