package org.parley.transport;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/** The memory outside of the heap that wires take. */
public final class NetworkMemory {
  private NetworkMemory() {}

  /** Returns how much of what there may be is in buffers that are in use, from 0 to 1. */
  public static double share() {
    long most = PlatformDependent.maxDirectMemory();
    long used = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    return most > 0 && used > 0 ? (double) used / most : 0;
  }
}
