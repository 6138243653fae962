package org.parley.limit;

import java.time.Duration;
import java.util.Optional;
import org.parley.core.Ticker;
import org.parley.limit.Excess.Limit;
import org.parley.session.PeerNetwork;

/**
 * How often logins may fail: those from one address, and those under one user name. Who is over a
 * rate is refused unheard, so that guessing costs time and no processor. Whoever has logged in from
 * an address lately is not kept out there by what others guess elsewhere.
 */
public final class LoginFailures {
  /**
   * The rates.
   *
   * @param mostKeys how many addresses, user names, and pairs of them are remembered
   */
  public record Rates(Rate perAddress, Rate perUser, int mostKeys) {}

  /** What is known of one who has logged in. */
  private static final class Known {
    private volatile boolean since;
  }

  private final Rates rates;
  private final TokenBuckets addresses;
  private final TokenBuckets users;
  private final RecentlyUsed<String, Known> known;

  public LoginFailures(Rates rates, Ticker ticker) {
    this.rates = rates;
    addresses = new TokenBuckets(rates.perAddress, rates.mostKeys, ticker);
    users = new TokenBuckets(rates.perUser, rates.mostKeys, ticker);
    known = new RecentlyUsed<>(rates.mostKeys, _ -> new Known());
  }

  /** Returns the rate that one more login would be over, if it is; counts nothing. */
  public Optional<Excess> check(Optional<String> userName, String remoteAddress) {
    var network = PeerNetwork.of(remoteAddress);
    var wait = addresses.untilNext(network);
    if (wait.isPositive()) {
      return over(wait, "too many logins have failed from its address");
    }
    wait = userName.map(users::untilNext).orElse(Duration.ZERO);
    return wait.isPositive() && !known.of(pair(userName, network)).since
        ? over(wait, "too many logins have failed under its user name")
        : Optional.empty();
  }

  /** A login has failed. */
  public void failed(Optional<String> userName, String remoteAddress) {
    addresses.take(PeerNetwork.of(remoteAddress));
    userName.ifPresent(users::take);
  }

  /** A user has logged in. */
  public void succeeded(Optional<String> userName, String remoteAddress) {
    if (userName.isPresent() && rates.perUser.limited()) {
      known.of(pair(userName, PeerNetwork.of(remoteAddress))).since = true;
    }
  }

  /** A user name has no control characters. */
  private static String pair(Optional<String> userName, String network) {
    return network + '\n' + userName.orElse("");
  }

  private static Optional<Excess> over(Duration wait, String detail) {
    return Optional.of(new Excess(Limit.LOGINS, wait, detail));
  }
}
