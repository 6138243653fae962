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
    listener.applied(command, state.apply(advance(), command));
  }

  /** The clock, but never backwards: what is due stays due. */
  private long advance() {
    now = Math.max(now, clock.millis());
    return now;
  }

  /**
   * Lets what is due happen; to be called about once a second. Others get their turn after each
   * part of it.
   */
  public void tick() {
    boolean more;
    do {
      more = tickOnce();
    } while (more);
  }

  private boolean tickOnce() {
    lock.lock();
    try {
      if (closed || turns.working() || !state.due(advance())) {
        return false;
      }
      submit(new Command.Tick());
      return true;
    } finally {
      lock.unlock();
    }
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
