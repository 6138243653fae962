package org.parley.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts the bytes that something takes from the heap, given back or not. */
public final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /** Returns how many bytes the calling thread has taken so far. */
  public static long soFar() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }
}
