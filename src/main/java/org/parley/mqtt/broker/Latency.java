package org.parley.mqtt.broker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.parley.core.Ticker;
import org.parley.mqtt.state.Message;

/**
 * How long messages take from the arrival of their PUBLISH until they are written to the last
 * subscriber that is online. A sample of them: one in {@link #INTERVAL_NANOS} at the most, and no
 * more than {@link #SLOTS} at a time; the others cost the look at one number. Any thread may call.
 */
public final class Latency {
  /** Upper bounds of the buckets in nanoseconds, ascending; one more bucket is above them. */
  private static final long[] BOUNDS_NANOS =
      IntStream.of(
              50,
              100,
              250,
              500,
              1_000,
              2_500,
              5_000,
              10_000,
              25_000,
              50_000,
              100_000,
              250_000,
              500_000,
              1_000_000,
              2_500_000,
              5_000_000,
              10_000_000)
          .mapToLong(TimeUnit.MICROSECONDS::toNanos)
          .toArray();

  /** A sample that has not ended by then counts as longer than all bounds. */
  private static final long PATIENCE_NANOS = BOUNDS_NANOS[BOUNDS_NANOS.length - 1];

  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int SLOTS = 4;

  /** A message under observation; counts what is to be written, and one for its publisher. */
  private static final class Sample {
    private final Message message;
    private final long startNanos;
    private final AtomicInteger open = new AtomicInteger(1);
    private volatile boolean heard;

    Sample(Message message, long startNanos) {
      this.message = message;
      this.startNanos = startNanos;
    }

    /** The very object: an equal message is another one. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Message other) {
      return message == other;
    }
  }

  private final Ticker ticker;
  private final AtomicReferenceArray<@Nullable Sample> slots = new AtomicReferenceArray<>(SLOTS);
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicLong lastStart;
  private final LongAdder[] counts = new LongAdder[BOUNDS_NANOS.length + 1];
  private final LongAdder sumNanos = new LongAdder();

  Latency(Ticker ticker) {
    this.ticker = ticker;
    this.lastStart = new AtomicLong(ticker.nanos() - INTERVAL_NANOS);
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /**
   * A PUBLISH has come in; {@link #published} has to follow.
   *
   * @param arrivedNanos when its bytes were read
   */
  void arrived(Message message, long arrivedNanos) {
    long last = lastStart.getOpaque();
    if (arrivedNanos - last < INTERVAL_NANOS || !lastStart.compareAndSet(last, arrivedNanos)) {
      return;
    }
    var sample = new Sample(message, arrivedNanos);
    for (int i = 0; i < SLOTS; i++) {
      if (slots.get(i) == null && slots.compareAndSet(i, null, sample)) {
        active.incrementAndGet();
        return;
      }
    }
  }

  /** The message is on its way to one more peer. */
  void onItsWay(Message message) {
    var sample = find(message);
    if (sample != null) {
      sample.heard = true;
      sample.open.incrementAndGet();
    }
  }

  /** The message was written to a peer, or will not be. */
  void done(Message message) {
    var sample = find(message);
    if (sample != null) {
      close(sample);
    }
  }

  /** All peers that the message goes to at once are known. */
  void published(Message message) {
    done(message);
  }

  private @Nullable Sample find(Message message) {
    if (active.getOpaque() == 0) {
      return null;
    }
    for (int i = 0; i < SLOTS; i++) {
      var sample = slots.get(i);
      if (sample != null && sample.isOf(message)) {
        return sample;
      }
    }
    return null;
  }

  private void close(Sample sample) {
    if (sample.open.decrementAndGet() == 0 && free(sample) && sample.heard) {
      record(ticker.nanos() - sample.startNanos);
    }
  }

  private boolean free(Sample sample) {
    for (int i = 0; i < SLOTS; i++) {
      if (slots.compareAndSet(i, sample, null)) {
        active.decrementAndGet();
        return true;
      }
    }
    return false;
  }

  /** Ends what has lasted too long; called regularly. */
  void tick() {
    for (int i = 0; i < SLOTS; i++) {
      var sample = slots.get(i);
      if (sample != null
          && ticker.nanos() - sample.startNanos > PATIENCE_NANOS
          && free(sample)
          && sample.heard) {
        record(ticker.nanos() - sample.startNanos);
      }
    }
  }

  private void record(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sumNanos.add(nanos);
  }

  /** Returns how many buckets have an upper bound; there is one more. */
  public static int bounds() {
    return BOUNDS_NANOS.length;
  }

  /** Returns the upper bound of a bucket in nanoseconds. */
  public static long boundNanos(int bucket) {
    return BOUNDS_NANOS[bucket];
  }

  /** Returns how many samples are in a bucket, those of lower buckets not included. */
  public long count(int bucket) {
    return counts[bucket].sum();
  }

  /** Returns the nanoseconds of all samples together. */
  public long sumNanos() {
    return sumNanos.sum();
  }
}
