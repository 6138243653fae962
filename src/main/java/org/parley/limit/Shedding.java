package org.parley.limit;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import org.parley.limit.Excess.Limit;

/**
 * Lets nobody new in while memory is nearly full, so that those who are connected can be served: a
 * broker that is out of it loses them all. Begins at a mark, and ends well below it.
 */
public final class Shedding {
  private static final Logger LOG = System.getLogger(Shedding.class.getName());
  private static final Duration UNTIL_THERE_IS_ROOM = Duration.ofSeconds(10);

  /** Of the mark: where it ends. */
  private static final double WELL_BELOW = 0.95;

  private static final double PERCENT = 100;

  private final double mark;
  private final DoubleSupplier reading;
  private final LongAdder refused = new LongAdder();
  private volatile boolean active;
  private volatile double share;

  /**
   * @param percent of the memory at which it begins; 0: never
   * @param reading tells how much of the memory is in use that is no garbage, from 0 to 1
   */
  public Shedding(int percent, DoubleSupplier reading) {
    this.mark = percent / PERCENT;
    this.reading = reading;
  }

  /** Looks at the memory. A timer calls it, one thread at a time. */
  public void look() {
    double now = reading.getAsDouble();
    share = now;
    if (!active && mark > 0 && now >= mark) {
      active = true;
      LOG.log(Level.WARNING, () -> "memory is " + percent(now) + " % full: nobody new is let in");
    } else if (active && now < mark * WELL_BELOW) {
      active = false;
      LOG.log(Level.INFO, () -> "memory is " + percent(now) + " % full: clients are let in again");
    }
  }

  private static long percent(double share) {
    return Math.round(share * PERCENT);
  }

  /** Decides, and counts, one newcomer: also one that has been here before. */
  public Optional<Excess> check() {
    if (!active) {
      return Optional.empty();
    }
    refused.increment();
    return Optional.of(new Excess(Limit.MEMORY, UNTIL_THERE_IS_ROOM, "memory is nearly full"));
  }

  /** Returns whether nobody new is let in. */
  public boolean active() {
    return active;
  }

  /** Returns how much of the memory was in use at the last look, from 0 to 1. */
  public double share() {
    return share;
  }

  /** Returns how many newcomers were refused since the start. */
  public long refused() {
    return refused.sum();
  }
}
