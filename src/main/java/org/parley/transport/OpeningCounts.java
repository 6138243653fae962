package org.parley.transport;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what becomes of connections before they are wires, and of those that are for its rules.
 */
final class OpeningCounts {
  private final LongAdder failedHandshakes = new LongAdder();
  private final LongAdder failedOpenings = new LongAdder();
  private final LongAdder violations = new LongAdder();
  private final LongAdder banned = new LongAdder();
  private final LongAdder proxied = new LongAdder();
  private final Map<ProxyRefusal, LongAdder> refused = new ConcurrentHashMap<>();

  void handshakeFailed() {
    failedHandshakes.increment();
  }

  /** An opening handshake of WebSocket was malformed, or not whole in time. */
  void openingFailed() {
    failedOpenings.increment();
  }

  /** A WebSocket ends since its peer breaks a rule of RFC 6455, or a limit. */
  void violated() {
    violations.increment();
  }

  void proxied() {
    proxied.increment();
  }

  void banned() {
    banned.increment();
  }

  void refused(ProxyRefusal reason) {
    counter(reason).increment();
  }

  private LongAdder counter(ProxyRefusal reason) {
    return refused.computeIfAbsent(reason, _ -> new LongAdder());
  }

  long failedHandshakes() {
    return failedHandshakes.sum();
  }

  long failedOpenings() {
    return failedOpenings.sum();
  }

  long violations() {
    return violations.sum();
  }

  long bannedConnections() {
    return banned.sum();
  }

  long proxiedConnections() {
    return proxied.sum();
  }

  Map<ProxyRefusal, Long> refusedHeaders() {
    var sums = new EnumMap<ProxyRefusal, Long>(ProxyRefusal.class);
    for (var reason : ProxyRefusal.values()) {
      sums.put(reason, counter(reason).sum());
    }
    return Collections.unmodifiableMap(sums);
  }
}
