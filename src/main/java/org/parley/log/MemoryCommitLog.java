package org.parley.log;

import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.StateMachine;

/**
 * A log that keeps nothing: a command is applied by the thread that brings it, and what came of it
 * is told before that call returns. What the listener submits itself comes after what it is being
 * told.
 */
public final class MemoryCommitLog implements CommitLog {
  private final StateMachine state;
  private final InstantSource clock;
  private final Listener listener;
  private final ReentrantLock lock = new ReentrantLock();

  /** With the others guarded by the lock. */
  private final Turns turns = new Turns(this::apply);

  private long now;
  private boolean closed;

  public MemoryCommitLog(StateMachine state, InstantSource clock, Listener listener) {
    this.state = state;
    this.clock = clock;
    this.listener = listener;
  }

  @Override
  public void submit(Command command) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      turns.submit(command);
    } finally {
      lock.unlock();
    }
  }

  private void apply(Command command) {
    now = Math.max(now, clock.millis()); // never backwards: what is due stays due
    listener.applied(command, state.apply(now, command));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      turns.clear();
    } finally {
      lock.unlock();
    }
  }
}
