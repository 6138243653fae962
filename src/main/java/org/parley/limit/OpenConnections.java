package org.parley.limit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.parley.limit.Excess.Limit;
import org.parley.session.PeerNetwork;

/** How many connections there are of each identity, and from each address. */
public final class OpenConnections {
  private static final Duration UNTIL_ONE_GOES = Duration.ofSeconds(5);

  private final int perIdentity;
  private final int perAddress;
  private final ConcurrentHashMap<String, Integer> identities = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Integer> addresses = new ConcurrentHashMap<>();

  /**
   * @param perIdentity at a time; 0 is unlimited
   * @param perAddress at a time from one {@link PeerNetwork}; 0 is unlimited
   */
  public OpenConnections(int perIdentity, int perAddress) {
    this.perIdentity = perIdentity;
    this.perAddress = perAddress;
  }

  /**
   * Counts one more, exactly also when many come at once.
   *
   * @param identity empty: it has none
   * @param replaces whether one of them goes for it: then it is never refused
   * @return the limit that it is over, and it is not counted then
   */
  public Optional<Excess> open(Optional<String> identity, String remoteAddress, boolean replaces) {
    if (identity.isPresent() && !add(identities, identity.get(), replaces ? 0 : perIdentity)) {
      return over(
          Limit.IDENTITY_CONNECTIONS, "limit of " + perIdentity + " connections of its identity");
    }
    if (!add(addresses, PeerNetwork.of(remoteAddress), replaces ? 0 : perAddress)) {
      identity.ifPresent(name -> remove(identities, name));
      return over(
          Limit.ADDRESS_CONNECTIONS, "limit of " + perAddress + " connections from its address");
    }
    return Optional.empty();
  }

  /** One that was counted is gone. */
  public void closed(Optional<String> identity, String remoteAddress) {
    identity.ifPresent(name -> remove(identities, name));
    remove(addresses, PeerNetwork.of(remoteAddress));
  }

  /** Returns of how many identities and addresses there are connections. */
  public int size() {
    return identities.size() + addresses.size();
  }

  private static boolean add(ConcurrentHashMap<String, Integer> counts, String key, int limit) {
    var added = new boolean[1];
    counts.compute(
        key,
        (_, count) -> {
          int now = count == null ? 0 : count;
          added[0] = limit == 0 || now < limit;
          return added[0] ? Integer.valueOf(now + 1) : count;
        });
    return added[0];
  }

  private static void remove(ConcurrentHashMap<String, Integer> counts, String key) {
    counts.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
  }

  private static Optional<Excess> over(Limit limit, String detail) {
    return Optional.of(new Excess(limit, UNTIL_ONE_GOES, detail));
  }
}
