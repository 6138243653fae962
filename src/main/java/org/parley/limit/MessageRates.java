package org.parley.limit;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.parley.core.Ticker;

/**
 * How often peers may send: each session, and all sessions of an identity together. A message over
 * the rate is not lost: its reader is held until it is due, so TCP holds the peer. A ping behind it
 * waits with it.
 */
public final class MessageRates {
  /**
   * The rates.
   *
   * @param longestHold of one message; then it goes on, due or not
   * @param mostKeys how many identities are remembered
   */
  public record Rates(Rate perSession, Rate perIdentity, Duration longestHold, int mostKeys) {}

  private final Rates rates;
  private final TokenBuckets identities;
  private final Ticker ticker;
  private final LongAdder held = new LongAdder();
  private final AtomicInteger holding = new AtomicInteger();

  public MessageRates(Rates rates, Ticker ticker) {
    this.rates = rates;
    this.identities = new TokenBuckets(rates.perIdentity, rates.mostKeys, ticker);
    this.ticker = ticker;
  }

  /** Waits for a while, or returns sooner when the wait is no longer of use. */
  @FunctionalInterface
  public interface Pause {
    void hold(Duration duration);
  }

  /** Returns whether there is any rate. */
  public boolean limited() {
    return rates.perSession.limited() || rates.perIdentity.limited();
  }

  /** Returns what a new session of an identity pays. */
  public Toll toll(String commonName) {
    return toll(Optional.of(commonName));
  }

  /**
   * Returns what a new session pays.
   *
   * @param identity empty: it has none, and pays for itself alone
   */
  public Toll toll(Optional<String> identity) {
    var session =
        rates.perSession.limited()
            ? Stream.of(TokenBuckets.bucket(rates.perSession, ticker))
            : Stream.<Bucket>of();
    var shared =
        rates.perIdentity.limited() ? identity.map(identities::of).stream() : Stream.<Bucket>of();
    return new Toll(Stream.concat(session, shared).toList());
  }

  /** Returns how many messages were held since start. */
  public long held() {
    return held.sum();
  }

  /** Returns how many readers are held now. */
  public int holding() {
    return holding.get();
  }

  /** One session's part. */
  public final class Toll {
    private final List<Bucket> buckets;

    private Toll(List<Bucket> buckets) {
      this.buckets = buckets;
    }

    /** Pays for one message, and holds its reader until it is due. */
    public void pay(Pause pause) {
      var wait = pay();
      if (wait.isPositive()) {
        holding.incrementAndGet();
        try {
          pause.hold(wait);
        } finally {
          holding.decrementAndGet();
        }
      }
    }

    /**
     * Pays for one message; returns how long its reader is to be held, zero if it is due. Nobody
     * owes more than the longest hold.
     */
    public Duration pay() {
      long longest = rates.longestHold.toNanos();
      long nanos = 0;
      for (var bucket : buckets) {
        long owed = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        nanos = Math.max(nanos, owed >= longest ? longest : bucket.consumeIgnoringRateLimits(1));
      }
      if (nanos == 0) {
        return Duration.ZERO;
      }
      held.increment();
      return Duration.ofNanos(Math.min(nanos, longest));
    }
  }
}
