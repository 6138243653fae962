package org.parley.log;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.parley.core.Ticker;

/** How the disk does: counted by the committer, for any thread to ask. */
public final class CommitMeter {
  /** Upper bounds of the buckets of write times in microseconds, ascending; one more is above. */
  private static final int[] BOUNDS_MICROS = {
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000
  };

  private static final int NANOS_A_MICRO = 1_000;

  private final Ticker ticker;
  private final LongAdder[] buckets =
      IntStream.rangeClosed(0, BOUNDS_MICROS.length)
          .mapToObj(_ -> new LongAdder())
          .toArray(LongAdder[]::new);
  private final LongAdder writes = new LongAdder();
  private final LongAdder syncs = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder told = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final AtomicLong largest = new AtomicLong();
  private volatile boolean writing;
  private volatile long begun;

  CommitMeter(Ticker ticker) {
    this.ticker = ticker;
  }

  /** A batch begins to be written. */
  void begin() {
    begun = ticker.nanos();
    writing = true;
  }

  /** A batch was written. */
  void end(long batchBytes, int commands, boolean sync) {
    long took = ticker.nanos() - begun;
    writing = false;
    int bucket = 0;
    while (bucket < BOUNDS_MICROS.length && took > (long) BOUNDS_MICROS[bucket] * NANOS_A_MICRO) {
      bucket++;
    }
    buckets[bucket].increment();
    nanos.add(took);
    writes.increment();
    bytes.add(batchBytes);
    told.add(commands);
    largest.accumulateAndGet(commands, Math::max);
    if (sync) {
      syncs.increment();
    }
  }

  /** Returns how long the write that is under way has taken so far; zero if there is none. */
  public Duration underWay() {
    long since = begun;
    return writing ? Duration.ofNanos(Math.max(0, ticker.nanos() - since)) : Duration.ZERO;
  }

  /** Returns how many batches were written. */
  public long writes() {
    return writes.sum();
  }

  /** Returns for how many of them the disk was waited for. */
  public long syncs() {
    return syncs.sum();
  }

  /** Returns how many bytes they had, about. */
  public long bytes() {
    return bytes.sum();
  }

  /** Returns how many commands waited for these batches. */
  public long commands() {
    return told.sum();
  }

  /** Returns the most commands that waited for one. */
  public long largestBatch() {
    return largest.get();
  }

  /** Returns how long all writes together took, nanoseconds. */
  public long nanos() {
    return nanos.sum();
  }

  /** Returns the upper bounds of {@link #counts()} in microseconds, but for the last. */
  public static int[] boundsMicros() {
    return BOUNDS_MICROS.clone();
  }

  /** Returns how many writes took so long: within each bound, and longer. */
  public long[] counts() {
    var counts = new long[buckets.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = buckets[i].sum();
    }
    return counts;
  }
}
