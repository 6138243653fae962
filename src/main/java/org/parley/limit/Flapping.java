package org.parley.limit;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.parley.core.Ticker;
import org.parley.limit.Excess.Limit;

/**
 * Keeps those out for a while who come and go without end: a PCP client by its URI, an MQTT client
 * by what it has proved to be and its Client Identifier. Who is connected when the ban begins stays
 * connected.
 *
 * <p>Nothing that a peer only says is a key by itself: nobody can have another kept out.
 */
public final class Flapping {
  private static final Logger LOG = System.getLogger(Flapping.class.getName());

  /**
   * How much, and what then.
   *
   * @param connects of one client; unlimited: nobody is kept out
   * @param ban how long a client is kept out that is over it
   * @param mostKeys how many clients, and how many that are kept out, are remembered
   */
  public record Options(Rate connects, Duration ban, int mostKeys) {}

  private final Options options;
  private final Ticker ticker;
  private final TokenBuckets connects;

  /** When each ban has begun, by client. */
  private final RecentlyUsed<String, Long> begun;

  private final LongAdder bans = new LongAdder();

  public Flapping(Options options, Ticker ticker) {
    this.options = options;
    this.ticker = ticker;
    this.connects = new TokenBuckets(options.connects, options.mostKeys, ticker);
    this.begun = new RecentlyUsed<>(options.mostKeys, _ -> ticker.nanos());
  }

  /** Returns whether there is anything to ask. */
  public boolean limited() {
    return options.connects.limited();
  }

  /**
   * Asks before a client is let in, and counts nothing.
   *
   * @param who for the log, escaped
   * @return why it is kept out; empty: it is not
   */
  public Optional<Excess> check(String client, Supplier<String> who) {
    if (!limited()) {
      return Optional.empty();
    }
    var left = left(client);
    if (left.isZero() && connects.untilNext(client).isPositive()) {
      begin(client, who);
      left = options.ban;
    }
    return left.isPositive()
        ? Optional.of(new Excess(Limit.FLAPPING, left, who.get() + ": comes and goes too often"))
        : Optional.empty();
  }

  /** Once for a ban, also when many connects of the client are over it together. */
  private synchronized void begin(String client, Supplier<String> who) {
    if (begun.find(client) == null) {
      begun.of(client);
      bans.increment();
      LOG.log(
          Level.INFO,
          () -> who.get() + " comes and goes: kept out for " + options.ban.toSeconds() + " s");
    }
  }

  /** Returns how much of its ban is left. */
  private synchronized Duration left(String client) {
    var since = begun.find(client);
    if (since == null) {
      return Duration.ZERO;
    }
    long left = options.ban.toNanos() - (ticker.nanos() - since);
    if (left > 0) {
      return Duration.ofNanos(left);
    }
    begun.forget(client);
    return Duration.ZERO;
  }

  /** A client was let in. Of many at once all count, so that the rate holds in the long run. */
  public void connected(String client) {
    connects.owe(client);
  }

  /** Returns how many bans have begun since the start. */
  public long bans() {
    return bans.sum();
  }
}
