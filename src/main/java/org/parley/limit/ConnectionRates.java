package org.parley.limit;

import java.time.Duration;
import java.util.Optional;
import org.parley.core.Ticker;
import org.parley.limit.Excess.Limit;
import org.parley.session.ClientUri;
import org.parley.session.PeerNetwork;

/**
 * How often peers may connect: each identity, each address, all together. Only a handshake that
 * nothing else refuses counts, so nobody without a good certificate uses up what others need, and
 * one that is refused here takes nothing from any of the three.
 */
public final class ConnectionRates {
  /**
   * The rates.
   *
   * @param mostKeys how many identities, and how many addresses, are remembered
   */
  public record Rates(Rate total, Rate perIdentity, Rate perAddress, int mostKeys) {}

  private static final String ALL = "";

  private final TokenBuckets total;
  private final TokenBuckets identities;
  private final TokenBuckets addresses;

  public ConnectionRates(Rates rates, Ticker ticker) {
    total = new TokenBuckets(rates.total, 1, ticker);
    identities = new TokenBuckets(rates.perIdentity, rates.mostKeys, ticker);
    addresses = new TokenBuckets(rates.perAddress, rates.mostKeys, ticker);
  }

  /** Counts one handshake of a peer that has a URI, as below. */
  Optional<Excess> take(ClientUri uri, String remoteAddress) {
    return take(Optional.of(uri.commonName()), uri.toString(), remoteAddress);
  }

  /**
   * Counts one handshake; returns the rate that it is over, if it is, and counts nothing then.
   *
   * @param identity empty: it has none, and no rate of its own
   * @param who for the log
   */
  Optional<Excess> take(Optional<String> identity, String who, String remoteAddress) {
    var network = PeerNetwork.of(remoteAddress);
    var wait = identity.map(identities::take).orElse(Duration.ZERO);
    if (wait.isPositive()) {
      return over(Limit.IDENTITY_RATE, wait, who + ": its identity connects too often");
    }
    wait = addresses.take(network);
    if (wait.isPositive()) {
      identity.ifPresent(identities::giveBack);
      return over(Limit.ADDRESS_RATE, wait, who + ": its address connects too often");
    }
    wait = total.take(ALL);
    if (wait.isPositive()) {
      identity.ifPresent(identities::giveBack);
      addresses.giveBack(network);
      return over(Limit.RATE, wait, who + ": too many connect");
    }
    return Optional.empty();
  }

  /** Counts a connect of somebody who has not said who it is, for its address alone. */
  public Optional<Excess> connect(String remoteAddress) {
    var wait = addresses.take(PeerNetwork.of(remoteAddress));
    return wait.isPositive()
        ? over(Limit.ADDRESS_RATE, wait, "its address connects too often")
        : Optional.empty();
  }

  /** Counts that connect for the rest, when the peer has proved who it is. */
  public Optional<Excess> proved(Optional<String> identity) {
    var wait = identity.map(identities::take).orElse(Duration.ZERO);
    if (wait.isPositive()) {
      return over(Limit.IDENTITY_RATE, wait, "its identity connects too often");
    }
    wait = total.take(ALL);
    if (wait.isPositive()) {
      identity.ifPresent(identities::giveBack);
      return over(Limit.RATE, wait, "too many connect");
    }
    return Optional.empty();
  }

  private static Optional<Excess> over(Limit limit, Duration wait, String detail) {
    return Optional.of(new Excess(limit, wait, detail));
  }
}
