package org.parley.edge;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * How full the memory is: the heap or what is outside of it, whichever is fuller. Of the heap what
 * the last collections have left counts; what was allocated since may be garbage. With G1 that is
 * known once marking begins, which is at half of the heap or earlier.
 */
final class MemoryReading implements DoubleSupplier {
  private final MemoryMXBean heap = ManagementFactory.getMemoryMXBean();
  private final List<MemoryPoolMXBean> pools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .toList();
  private final DoubleSupplier outside;

  /**
   * @param outside of the heap: the share in use
   */
  MemoryReading(DoubleSupplier outside) {
    this.outside = outside;
  }

  @Override
  public double getAsDouble() {
    return Math.max(heap(), outside.getAsDouble());
  }

  /** What is in use now is never less than what is no garbage, but may be newer. */
  private double heap() {
    long left = 0;
    for (var pool : pools) {
      var collected = pool.getCollectionUsage();
      left += collected == null ? 0 : collected.getUsed();
    }
    var now = heap.getHeapMemoryUsage();
    return now.getMax() > 0 ? (double) Math.min(left, now.getUsed()) / now.getMax() : 0;
  }
}
