package org.parley.limit;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.parley.core.Ticker;
import org.parley.limit.Excess.Limit;
import org.parley.session.PeerNetwork;

/**
 * How often logins may fail: those from one address, and those under one user name. Who is over a
 * rate is refused unheard, so that guessing costs time and little of the processor. A user who has
 * logged in from an address lately has a rate there of his own, whatever others do there or guess
 * elsewhere.
 */
public final class LoginFailures {
  /** Characters of a user name; a longer one is nobody's. */
  private static final int LONGEST = 255;

  /**
   * The rates.
   *
   * @param mostKeys how many addresses, user names, and pairs of them are remembered
   */
  public record Rates(Rate perAddress, Rate perUser, int mostKeys) {}

  private final Rates rates;
  private final Predicate<String> shared;
  private final TokenBuckets addresses;
  private final TokenBuckets users;
  private final TokenBuckets pairs;

  /** Pairs that have logged in. */
  private final RecentlyUsed<String, Boolean> known;

  public LoginFailures(Rates rates, Ticker ticker) {
    this(rates, _ -> false, ticker);
  }

  /**
   * @param shared whether a user name is everybody's: failures under it count for their address
   *     alone, else one could keep out all
   */
  public LoginFailures(Rates rates, Predicate<String> shared, Ticker ticker) {
    this.rates = rates;
    this.shared = shared;
    addresses = new TokenBuckets(rates.perAddress, rates.mostKeys, ticker);
    users = new TokenBuckets(rates.perUser, rates.mostKeys, ticker);
    pairs = new TokenBuckets(rates.perUser, rates.mostKeys, ticker);
    known = new RecentlyUsed<>(rates.mostKeys, _ -> true);
  }

  /** Returns the rate that one more login would be over, if it is; counts nothing. */
  public Optional<Excess> check(Optional<String> userName, String remoteAddress) {
    var network = PeerNetwork.of(remoteAddress);
    var user = countable(userName);
    var pair = user.map(name -> pair(name, network));
    if (pair.isPresent() && known.find(pair.get()) != null) {
      return over(pairs.untilNext(pair.get()), "too many of its logins have failed here");
    }
    return over(addresses.untilNext(network), "too many logins have failed from its address")
        .or(
            () ->
                over(
                    user.map(users::untilNext).orElse(Duration.ZERO),
                    "too many logins have failed under its user name"));
  }

  /** A login has failed. Of many at once all count, so that a rate holds in the long run. */
  public void failed(Optional<String> userName, String remoteAddress) {
    var network = PeerNetwork.of(remoteAddress);
    var user = countable(userName);
    var pair = user.map(name -> pair(name, network));
    if (pair.isPresent() && known.find(pair.get()) != null) {
      pairs.owe(pair.get());
    } else {
      addresses.owe(network);
      user.ifPresent(users::owe);
    }
  }

  /** A user has logged in. */
  public void succeeded(Optional<String> userName, String remoteAddress) {
    if (rates.perUser.limited() || rates.perAddress.limited()) {
      countable(userName).ifPresent(name -> known.of(pair(name, PeerNetwork.of(remoteAddress))));
    }
  }

  private Optional<String> countable(Optional<String> userName) {
    return userName.filter(name -> name.length() <= LONGEST && !shared.test(name));
  }

  /** No address has a space in it. */
  private static String pair(String userName, String network) {
    return network + ' ' + userName;
  }

  private static Optional<Excess> over(Duration wait, String detail) {
    return wait.isPositive()
        ? Optional.of(new Excess(Limit.LOGINS, wait, detail))
        : Optional.empty();
  }
}
