package org.parley.transport;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Which peers are proxies that pass on connections of others, and say whose by the PROXY protocol,
 * version 2. Of these a header is required, of all others none is taken.
 *
 * @param listed says whether an address is that of such a proxy
 * @param mostHeaderBytes of a header
 * @param limit after so long without a whole header, and the TLS handshake that follows, a
 *     connection is closed
 * @param onRefused told of each proxy whose connection is closed for its header
 */
public record ProxyOptions(
    Predicate<InetAddress> listed,
    int mostHeaderBytes,
    Duration limit,
    BiConsumer<InetAddress, ProxyRefusal> onRefused) {
  public ProxyOptions {
    if (mostHeaderBytes < ProxyHeaderReader.FIXED_BYTES) {
      throw new IllegalArgumentException(mostHeaderBytes + " bytes are no header");
    }
  }
}
