package org.parley.limit;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.parley.core.Ticker;

/** A token bucket for each of many keys, all of one rate. */
final class TokenBuckets {
  private final Rate rate;
  private final RecentlyUsed<String, Bucket> buckets;

  /**
   * @param mostKeys how many keys are remembered
   */
  TokenBuckets(Rate rate, int mostKeys, Ticker ticker) {
    this.rate = rate;
    var meter = new Meter(ticker);
    this.buckets = new RecentlyUsed<>(mostKeys, _ -> bucket(rate, meter));
  }

  /** Makes a full bucket. */
  static Bucket bucket(Rate rate, Ticker ticker) {
    return bucket(rate, new Meter(ticker));
  }

  private static Bucket bucket(Rate rate, Meter meter) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(rate.burst()).refillGreedy(rate.events(), rate.period()))
        .withCustomTimePrecision(meter)
        .build();
  }

  /**
   * Takes a token.
   *
   * @return zero if there was one, else after how long there will be one
   */
  Duration take(String key) {
    if (!rate.limited()) {
      return Duration.ZERO;
    }
    var probe = buckets.of(key).tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(1, probe.getNanosToWaitForRefill()));
  }

  /**
   * Returns after how long there will be a token; zero if there is one. Takes none, and remembers
   * no key that is new.
   */
  Duration untilNext(String key) {
    var bucket = rate.limited() ? buckets.find(key) : null;
    return bucket == null
        ? Duration.ZERO
        : Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
  }

  /** Takes a token, whether there is one or not: up to a burst of them is owed. */
  void owe(String key) {
    if (rate.limited()) {
      var bucket = buckets.of(key);
      if (bucket.getAvailableTokens() > -rate.burst()) {
        bucket.consumeIgnoringRateLimits(1);
      }
    }
  }

  /** Gives a token back that was taken for what did not happen. */
  void giveBack(String key) {
    if (rate.limited()) {
      buckets.of(key).addTokens(1);
    }
  }

  /** Returns the bucket of a key. */
  Bucket of(String key) {
    return buckets.of(key);
  }

  private record Meter(Ticker ticker) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return ticker.nanos();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
