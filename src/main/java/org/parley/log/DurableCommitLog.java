package org.parley.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.parley.core.Ticker;
import org.parley.log.Store.Batch;
import org.parley.log.Store.StoreException;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Event;
import org.parley.mqtt.state.Session;
import org.parley.mqtt.state.StateMachine;

/**
 * A log whose commands are on the disk before anybody is told what came of them. The thread that
 * brings a command applies it; what it changes is collected, and one thread, the committer, writes
 * all that is there in one step, waits for the disk, and tells then. While it waits the next batch
 * gathers: nobody lingers for it.
 *
 * <p>A command that changes nothing that outlives a restart is told at once, unless one of its
 * sessions has something to be told that waits for the disk: what a session is told is always in
 * the order in which it came about.
 *
 * <p>When a write fails the log stops for good: what the state has by then may be more than the
 * disk has, so that nothing more can be promised.
 */
public final class DurableCommitLog implements CommitLog {
  private static final Logger LOG = System.getLogger(DurableCommitLog.class.getName());

  /** Told without giving others a turn. */
  private static final int TURN = 256;

  /**
   * What the operator decides.
   *
   * @param sync whether to wait for the disk, and not only for the operating system
   * @param pressureBytes collected and not written: with more, publishers should slow down
   * @param patience how long {@link #close()} waits for the last write
   */
  public record Options(boolean sync, long pressureBytes, Duration patience) {}

  private record Told(Command command, List<Event> events) {}

  private final StateMachine state;
  private final Store store;
  private final InstantSource clock;
  private final Listener listener;
  private final Options options;
  private final CommitMeter meter;
  private final Thread committer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();

  // -- guarded by the lock

  private final Turns turns = new Turns(this::apply);

  /** To be told when what is collected is written. */
  private List<Told> open = new ArrayList<>();

  /** The sessions of these, and of those that are being written. */
  private Set<Session> openSessions = identitySet();

  private Set<Session> writingSessions = identitySet();
  private long now;
  private boolean wanted;
  private volatile boolean closed;
  private volatile boolean failed;
  private volatile boolean full;

  public DurableCommitLog(
      StateMachine state,
      Store store,
      InstantSource clock,
      Ticker ticker,
      Listener listener,
      Options options) {
    this.state = state;
    this.store = store;
    this.clock = clock;
    this.listener = listener;
    this.options = options;
    this.meter = new CommitMeter(ticker);
    this.now = store.lastTime();
    this.committer = new Thread(this::commit, "parley-committer");
    committer.setDaemon(true);
    committer.setContextClassLoader(DurableCommitLog.class.getClassLoader());
  }

  private static Set<Session> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** Begins to write. */
  public void start() {
    committer.start();
    submit(new Command.Restart());
  }

  /** Returns what the disk does. */
  public CommitMeter meter() {
    return meter;
  }

  @Override
  public boolean failed() {
    return failed;
  }

  @Override
  public boolean full() {
    return full;
  }

  /** Says whether the disk is nearly full. */
  public void full(boolean nearly) {
    full = nearly;
  }

  @Override
  public boolean pressed() {
    return store.collectedBytes() > options.pressureBytes;
  }

  // -- applying

  @Override
  public void submit(Command command) {
    lock.lock();
    try {
      if (closed || failed) {
        return;
      }
      turns.submit(command);
    } finally {
      lock.unlock();
    }
  }

  private void apply(Command command) {
    now = Math.max(now, clock.millis()); // never backwards: what is due stays due
    long before = store.changed();
    var events = state.apply(now, command);
    boolean changed = store.changed() != before;
    if ((changed && isPromise(events)) || isBehind(events)) {
      open.add(new Told(command, events));
      for (var event : events) {
        var session = event.session();
        if (session != null) {
          openSessions.add(session);
        }
      }
      want();
    } else {
      if (changed && !(command instanceof Command.Acknowledge)) {
        want();
      }
      listener.applied(command, events);
    }
  }

  /** What the disk has to have first: a promise to a peer, or a message that has its identifier. */
  private static boolean isPromise(List<Event> events) {
    for (var event : events) {
      if (event.promises()) {
        return true;
      }
    }
    return false;
  }

  /** Something that was told to one of these sessions is not on the disk yet. */
  private boolean isBehind(List<Event> events) {
    if (openSessions.isEmpty() && writingSessions.isEmpty()) {
      return false;
    }
    for (var event : events) {
      var session = event.session();
      if (session != null
          && (openSessions.contains(session) || writingSessions.contains(session))) {
        return true;
      }
    }
    return false;
  }

  private void want() {
    if (!wanted) {
      wanted = true;
      work.signal();
    }
  }

  /**
   * Has what was acknowledged written, too, and sees whether the store has failed while nothing was
   * written, or a write waits; to be called about once a second.
   */
  public void flush() {
    boolean broken;
    lock.lock();
    try {
      if (closed) {
        return; // the store may be, too
      }
      if (store.collectedBytes() > 0) {
        want();
      }
      broken = !failed && store.broken();
    } finally {
      lock.unlock();
    }
    if (broken) {
      fail(new StoreException("the store cannot put in order what was written", null));
    }
  }

  // -- writing

  /** What is written in one step, and told then. */
  private record Work(Batch batch, List<Told> told, long time) {}

  private void commit() {
    try {
      for (var next = next(); next != null && !failed; next = next()) {
        write(next);
        tell(next.told);
      }
    } catch (StoreException | RuntimeException | Error e) {
      fail(e);
    }
  }

  /** Waits until there is something to write; null if there never will be. */
  private @Nullable Work next() {
    lock.lock();
    try {
      while (!wanted && !closed) {
        work.awaitUninterruptibly();
      }
      if (!wanted && store.collectedBytes() == 0) {
        return null;
      }
      wanted = false;
      var next = new Work(store.take(), open, now);
      open = new ArrayList<>();
      writingSessions = openSessions;
      openSessions = identitySet();
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void write(Work next) throws StoreException {
    if (next.batch.isEmpty()) {
      return;
    }
    boolean sync = options.sync && (closed || !next.told.isEmpty());
    long bytes = next.batch.bytes();
    meter.begin();
    store.write(next.batch, next.time, sync);
    meter.end(bytes, next.told.size(), sync);
  }

  /** Tells all, with a turn for others now and then. */
  private void tell(List<Told> told) {
    for (int from = 0; from < told.size(); from += TURN) {
      tell(told.subList(from, Math.min(told.size(), from + TURN)), from + TURN >= told.size());
    }
  }

  private void tell(List<Told> part, boolean last) {
    lock.lock();
    try {
      if (failed) {
        return; // the write came to an end after all, but nobody reckons with it any more
      }
      turns.between(
          () -> {
            part.forEach(this::tell);
            if (last) {
              writingSessions = identitySet();
            }
          });
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "what was submitted while others were told has failed", e);
    } finally {
      lock.unlock();
    }
  }

  /** An error of ours while one is told does not keep the others from being told. */
  private void tell(Told told) {
    try {
      listener.applied(told.command, told.events);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "what came of a command could not be told", e);
    }
  }

  private void fail(Throwable fault) {
    lock.lock();
    try {
      if (failed) {
        return;
      }
      failed = true;
      turns.clear();
      open.clear();
    } finally {
      lock.unlock();
    }
    LOG.log(Level.ERROR, "the store has failed: nothing is acknowledged until a restart", fault);
    listener.failed();
  }

  /** Writes what was collected, and ends; the store is closed. Once more does nothing more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signal();
    } finally {
      lock.unlock();
    }
    if (committer.getState() != Thread.State.NEW && !join()) {
      LOG.log(Level.ERROR, "the store does not answer: what was not acknowledged may be lost");
      return; // it is in use
    }
    store.close();
  }

  private boolean join() {
    try {
      return committer.join(options.patience);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
