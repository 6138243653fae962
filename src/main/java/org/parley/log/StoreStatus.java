package org.parley.log;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a store does, for operators.
 *
 * @param meter what the disk does; empty if nothing is kept
 * @param failed whether a write has failed: nothing is acknowledged until a restart
 * @param full whether so little is left on the disk that nothing more is kept
 * @param freeBytes what is left on the disk; empty if nothing is kept or it is not known
 * @param waitingBytes changes that are not written yet, about
 * @param damagedRows rows that could not be read and were put aside, now or at an earlier start
 */
public record StoreStatus(
    Optional<CommitMeter> meter,
    boolean failed,
    boolean full,
    OptionalLong freeBytes,
    long waitingBytes,
    long damagedRows) {

  /** For state that is not kept. */
  public static final StoreStatus NOTHING_KEPT =
      new StoreStatus(Optional.empty(), false, false, OptionalLong.empty(), 0, 0);
}
