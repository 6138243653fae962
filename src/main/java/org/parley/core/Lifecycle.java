package org.parley.core;

import java.util.concurrent.atomic.AtomicReference;

/** Where the broker is between start and stop. It goes forward, but for {@link #resume}. */
public final class Lifecycle {
  /** The states, in the order in which they are passed. */
  public enum State {
    STARTING,
    RUNNING,
    /** No new connection is taken; those that are open are being told. */
    DRAINING,
    STOPPED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);

  public State state() {
    return state.get();
  }

  public boolean running() {
    return state.get() == State.RUNNING;
  }

  /** Goes forward to {@code next}; does nothing when the broker is there or beyond. */
  public void advanceTo(State next) {
    state.accumulateAndGet(next, (now, wanted) -> wanted.compareTo(now) > 0 ? wanted : now);
  }

  /** Goes from draining back to running: it was not the stop. */
  public void resume() {
    state.compareAndSet(State.DRAINING, State.RUNNING);
  }
}
