package org.parley.pcp.broker;

import java.time.Duration;
import org.parley.core.Ticker;

/**
 * Whether the broker is of use to clients: with controllers configured, only while one is connected
 * (section 2.5). Without any it always is. Time alone moves it on; any thread may ask.
 */
public final class ControllerAvailability {
  /** What can be said of all controllers together. */
  public enum State {
    /** None is configured. */
    UNNEEDED,
    /** None has connected since the start; the grace period has not passed. */
    AWAITED,
    /** At least one is connected. */
    PRESENT,
    /** The last one was lost; the grace period has not passed. */
    MISSING,
    /** None is connected and the grace period has passed. */
    GONE
  }

  /**
   * Since when it is as it is.
   *
   * @param ever whether a controller has been connected since the start
   */
  private record Phase(boolean connected, boolean ever, long sinceNanos) {}

  private final int configured;
  private final Duration grace;
  private final Ticker ticker;
  private volatile Phase phase;

  /**
   * @param configured how many controllers the broker dials
   * @param grace how long clients stay connected without any of them
   */
  public ControllerAvailability(int configured, Duration grace, Ticker ticker) {
    this.configured = configured;
    this.grace = grace;
    this.ticker = ticker;
    this.phase = new Phase(false, false, ticker.nanos());
  }

  /**
   * Says how many controllers are connected now. One thread at a time calls it.
   *
   * @return whether that changes what clients get
   */
  boolean connected(int controllers) {
    var before = phase;
    boolean any = controllers > 0;
    if (before.connected == any) {
      return false;
    }
    phase = new Phase(any, true, ticker.nanos());
    return true;
  }

  /** Returns how it is at this moment. */
  public State state() {
    var now = phase;
    if (configured == 0) {
      return State.UNNEEDED;
    }
    if (now.connected) {
      return State.PRESENT;
    }
    if (ticker.nanos() - now.sinceNanos >= grace.toNanos()) {
      return State.GONE;
    }
    return now.ever ? State.MISSING : State.AWAITED;
  }

  /** Returns whether new clients are let in. */
  public boolean admits() {
    return switch (state()) {
      case UNNEEDED, PRESENT -> true;
      case AWAITED, MISSING, GONE -> false;
    };
  }

  /** Returns how many controllers the broker dials. */
  public int configured() {
    return configured;
  }
}
