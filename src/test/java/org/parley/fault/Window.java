package org.parley.fault;

/**
 * A time in which clients bear what they would not bear else, such as a restart. It comes again and
 * again; asked for is the last one alone.
 */
final class Window {
  private volatile boolean open;
  private volatile long ended = System.nanoTime() - Long.MAX_VALUE / 2;

  void begin() {
    open = true;
  }

  void end() {
    ended = System.nanoTime();
    open = false;
  }

  /** Returns whether it is open, or was at this time of {@link System#nanoTime()} or later. */
  boolean touches(long since) {
    return open || ended - since >= 0;
  }
}
