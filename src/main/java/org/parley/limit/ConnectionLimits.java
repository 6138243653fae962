package org.parley.limit;

import java.time.Duration;
import java.util.Optional;
import org.parley.limit.Excess.Limit;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.SessionLimits;
import org.parley.session.SessionRegistry;

/**
 * Whether one more peer may connect: how many are, how often, and whose URI it would take. The last
 * check before the upgrade.
 */
public final class ConnectionLimits {
  private static final Duration UNTIL_ONE_GOES = Duration.ofSeconds(5);

  private final SessionRegistry registry;
  private final SessionLimits limits;
  private final ConnectionRates rates;
  private final Duels duels;
  private final Flapping flapping;
  private final Shedding shedding;

  public ConnectionLimits(
      SessionRegistry registry,
      SessionLimits limits,
      ConnectionRates rates,
      Duels duels,
      Flapping flapping,
      Shedding shedding) {
    this.registry = registry;
    this.limits = limits;
    this.rates = rates;
    this.duels = duels;
    this.flapping = flapping;
    this.shedding = shedding;
  }

  /** Returns how many sessions there may be. */
  public SessionLimits sessions() {
    return limits;
  }

  /** Returns whether a client whose URI is not connected is refused, whoever it is. */
  public boolean full() {
    return limits.total() > 0 && registry.size() >= limits.total();
  }

  /**
   * Decides and counts one handshake. Those that race for the last place are all let in here; the
   * registry has the last word.
   *
   * @return the limit that it is over; empty: it may connect
   */
  public Optional<Excess> check(ClientUri uri, String remoteAddress) {
    var client = uri.toString();
    var excess =
        shedding
            .check()
            .or(() -> flapping.check(client, () -> client))
            .or(() -> counted(uri, remoteAddress));
    if (excess.isEmpty()) {
      flapping.connected(client);
    }
    return excess;
  }

  private Optional<Excess> counted(ClientUri uri, String remoteAddress) {
    var current = registry.find(uri);
    var excess =
        current.isPresent()
            ? duels.take(current.get(), remoteAddress)
            : registry
                .exceeded(uri, remoteAddress, limits)
                .map(which -> crowded(uri.toString(), which));
    return excess.isPresent() ? excess : rated(uri, remoteAddress, current);
  }

  /**
   * Decides and counts one handshake of a protocol in which a peer says its own name only later.
   * Who has proved nothing yet counts for its address alone, lest it use up what others need.
   *
   * @param commonName of its certificate; empty without one
   * @return the limit that it is over; empty: it may connect
   */
  public Optional<Excess> check(Optional<String> commonName, String remoteAddress) {
    var who = commonName.orElse("anonymous");
    var excess = shedding.check();
    if (excess.isPresent()) {
      return excess;
    }
    if (full()) {
      return Optional.of(crowded(who, SessionLimits.Which.TOTAL));
    }
    return commonName.isPresent()
        ? rates.take(commonName, who, remoteAddress)
        : rates.connect(remoteAddress);
  }

  private Optional<Excess> rated(
      ClientUri uri, String remoteAddress, Optional<ClientSession> current) {
    var excess = rates.take(uri, remoteAddress);
    if (excess.isPresent()) {
      current.ifPresent(duels::giveBack);
    }
    return excess;
  }

  private Excess crowded(String who, SessionLimits.Which which) {
    return switch (which) {
      case TOTAL ->
          new Excess(Limit.CONNECTIONS, UNTIL_ONE_GOES, who + ": limit of " + limits.total());
      case IDENTITY ->
          new Excess(
              Limit.IDENTITY_CONNECTIONS,
              UNTIL_ONE_GOES,
              who + ": limit of " + limits.perIdentity() + " of one identity");
      case ADDRESS ->
          new Excess(
              Limit.ADDRESS_CONNECTIONS,
              UNTIL_ONE_GOES,
              who + ": limit of " + limits.perAddress() + " from one address");
    };
  }
}
