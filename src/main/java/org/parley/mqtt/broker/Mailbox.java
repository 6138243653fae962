package org.parley.mqtt.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
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

  private static final AtomicIntegerFieldUpdater<Mailbox> SCHEDULED =
      AtomicIntegerFieldUpdater.newUpdater(Mailbox.class, "scheduled");

  private final Queue<Object> items = new ConcurrentLinkedQueue<>();

  /** 1 while a turn is to come; no object of its own, for there are as many as connections. */
  private volatile int scheduled;

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
    if (scheduled == 0 && SCHEDULED.compareAndSet(this, 0, 1)) {
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
    scheduled = 0;
    turn.run();
    if (!items.isEmpty() && SCHEDULED.compareAndSet(this, 0, 1)) {
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
