package org.parley.transport;

import java.net.InetSocketAddress;
import java.util.Optional;

/** What the first bytes of a connection are to the PROXY protocol, version 2. */
sealed interface ProxyHeader {
  /**
   * A whole header.
   *
   * @param source whose connection the proxy passes on; empty: it is the proxy's own (LOCAL)
   * @param length bytes of the header; what follows is the connection's
   */
  record Complete(Optional<InetSocketAddress> source, int length) implements ProxyHeader {}

  /** The bytes are the beginning of one. */
  record NeedMore() implements ProxyHeader {}

  /** The bytes are no header that is taken here, whatever follows. */
  record Rejected(ProxyRefusal reason) implements ProxyHeader {}
}
