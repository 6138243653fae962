package org.parley.it;

import java.io.IOException;
import java.util.List;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.PcpTestClient;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;

/** How cpp-pcp-client, and pxp-agent with it, connects. */
final class Agent {
  private Agent() {}

  /** Its opening handshake: these headers and no others. */
  static OpeningHandshake handshake(String path) {
    var handshake = OpeningHandshake.of(path);
    for (var name : List.of("Host", "Upgrade", "Connection", "Sec-WebSocket-Key")) {
      handshake.without(name);
    }
    return handshake
        .without("Sec-WebSocket-Version")
        .header("Connection", "Upgrade")
        .header("Host", "localhost:" + ServerUnderTest.HTTPS_PORT)
        .header("Sec-WebSocket-Key", "x3JJHMbDL1EzLkh9GBhXDw==")
        .header("Sec-WebSocket-Version", "13")
        .header("Upgrade", "websocket")
        .header("User-Agent", "WebSocket++/0.8.2");
  }

  /** TLS 1.2 with one cipher suite, and its own certificate without its issuers. */
  private static Wire wire(String commonName) {
    return ServerUnderTest.wire(ServerUnderTest.PKI.client(commonName).leafOnly())
        .versions("TLSv1.2")
        .cipherSuites("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
  }

  /** Tries to connect; the answer tells what came of it. */
  static RawWebSocket open(String commonName, String path) throws IOException {
    return RawWebSocket.open(wire(commonName), handshake(path));
  }

  /** Connects; anything but 101 fails the test. */
  static PcpTestClient connect(String commonName, String path) throws IOException {
    return PcpTestClient.connect(wire(commonName), handshake(path));
  }
}
