package org.parley.log;

import java.time.InstantSource;
import java.util.ArrayDeque;
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

  /** What was submitted by the listener; with the others guarded by the lock. */
  private final ArrayDeque<Command> waiting = new ArrayDeque<>();

  private long now;
  private boolean applying;
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
      waiting.add(command);
      if (!applying) {
        applyWaiting();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * A listener that fails for one command, be it for want of memory, does not keep the others from
   * being applied, now or later.
   */
  private void applyWaiting() {
    Throwable fault = null;
    applying = true;
    var command = waiting.poll();
    while (command != null) {
      try {
        listener.applied(command, state.apply(advance(), command));
      } catch (RuntimeException | Error failed) {
        fault = failed;
      }
      command = waiting.poll();
    }
    applying = false;
    switch (fault) {
      case null -> {}
      case Error error -> throw error;
      case RuntimeException exception -> throw exception;
      default -> throw new IllegalStateException(fault);
    }
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
      if (closed || applying || !state.due(advance())) {
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
      waiting.clear();
    } finally {
      lock.unlock();
    }
  }
}
