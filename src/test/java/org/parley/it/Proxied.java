package org.parley.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.parley.testing.ProxyHeaders;
import org.parley.testing.Wire;
import org.parley.testing.mqtt.Peer;

/** Connections that a proxy on this machine passes on. */
final class Proxied {
  /** Where the tests' server looks for proxies. */
  private static final String PROXY = "127.0.0.77";

  private Proxied() {}

  /** A client by TLS, of which the proxy says where it comes from. */
  static Peer passedOn(int port, String commonName, String source) throws IOException {
    var tcp = connect(port, ProxyHeaders.from(source, 4711));
    var pki = ServerProcess.PKI;
    var sockets = pki.sslContext(pki.client(commonName)).getSocketFactory();
    return Peer.on(sockets.createSocket(tcp, "localhost", port, true));
  }

  /** A connection of the proxy, which says this first. */
  static Socket connect(int port, byte... first) throws IOException {
    var tcp = Wire.plain(port).from(InetAddress.ofLiteral(PROXY)).connect().socket();
    tcp.getOutputStream().write(first);
    return tcp;
  }
}
