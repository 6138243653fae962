package org.parley.mqtt.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What others have for the owner of a connection. Any thread puts in; the owner takes out, by a
 * task that is scheduled when there is something. Bounded by what the connection may be owed: see
 * {@link Backlog} and the limits of the state.
 */
final class Mailbox {
  private static final Logger LOG = System.getLogger(Mailbox.class.getName());

  /** Handled before others of the same thread have their turn. */
  private static final int TURN = 10_000;

  private final Queue<Object> items = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Executor owner;
  private final Runnable turn;

  /**
   * @param turn handles what is there, by {@link #handle}; run by the owner
   */
  Mailbox(Executor owner, Runnable turn) {
    this.owner = owner;
    this.turn = turn;
  }

  void put(Object item) {
    items.add(item);
    wake();
  }

  /** Gives the owner a turn, be there something or not. */
  void wake() {
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      schedule();
    }
  }

  private void schedule() {
    try {
      owner.execute(this::run);
    } catch (RejectedExecutionException _) {
      LOG.log(Level.DEBUG, "the owner has stopped");
    }
  }

  private void run() {
    scheduled.set(false);
    turn.run();
    if (!items.isEmpty() && scheduled.compareAndSet(false, true)) {
      schedule();
    }
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** Hands over what is there, but no more than one turn may take. */
  void handle(Consumer<Object> handler) {
    int left = TURN;
    for (var item = items.poll(); item != null; item = items.poll()) {
      handler.accept(item);
      if (--left == 0) {
        return;
      }
    }
  }
}
