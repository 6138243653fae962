package org.parley.session;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many sessions each identity and each network has. One thread at a time changes it, together
 * with the sessions; any thread reads.
 */
final class SessionTally {
  private final Map<String, Integer> byIdentity = new ConcurrentHashMap<>();
  private final Map<String, Integer> byNetwork = new ConcurrentHashMap<>();

  void add(ClientSession session) {
    byIdentity.merge(session.uri().commonName(), 1, Integer::sum);
    byNetwork.merge(network(session), 1, Integer::sum);
  }

  void remove(ClientSession session) {
    byIdentity.computeIfPresent(session.uri().commonName(), (_, count) -> oneLess(count));
    byNetwork.computeIfPresent(network(session), (_, count) -> oneLess(count));
  }

  private static @Nullable Integer oneLess(int count) {
    return count > 1 ? count - 1 : null;
  }

  private static String network(ClientSession session) {
    return PeerNetwork.of(session.connection().remoteAddress());
  }

  int ofIdentity(String commonName) {
    return byIdentity.getOrDefault(commonName, 0);
  }

  int ofAddress(String remoteAddress) {
    return byNetwork.getOrDefault(PeerNetwork.of(remoteAddress), 0);
  }

  /** Returns whether nobody is counted, which is so when there is no session. */
  boolean isEmpty() {
    return byIdentity.isEmpty() && byNetwork.isEmpty();
  }

  /** Returns the first limit that leaves no room for a new session. */
  Optional<SessionLimits.Which> reached(
      int total, String commonName, String remoteAddress, SessionLimits limits) {
    if (SessionLimits.reached(limits.total(), total)) {
      return Optional.of(SessionLimits.Which.TOTAL);
    }
    if (SessionLimits.reached(limits.perIdentity(), ofIdentity(commonName))) {
      return Optional.of(SessionLimits.Which.IDENTITY);
    }
    return SessionLimits.reached(limits.perAddress(), ofAddress(remoteAddress))
        ? Optional.of(SessionLimits.Which.ADDRESS)
        : Optional.empty();
  }
}
