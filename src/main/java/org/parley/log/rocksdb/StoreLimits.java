package org.parley.log.rocksdb;

/**
 * What a store may take up, about.
 *
 * @param memoryBytes written and not in a file of rows yet; at least 128 KiB
 * @param logBytes log files that are needed after a crash; at most one and a half times as much is
 *     kept to be written over
 */
public record StoreLimits(long memoryBytes, long logBytes) {
  private static final long MIB = 1L << 20;

  /** Quick for any load that two processors bring. */
  public static final StoreLimits DEFAULT = new StoreLimits(64 * MIB, 128 * MIB);
}
