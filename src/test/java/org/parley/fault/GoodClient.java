package org.parley.fault;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A client that does all as it should, and comes back whenever its connection is gone. */
abstract class GoodClient implements Runnable {
  /** So long after a disturbance its consequences may be felt. */
  private static final long AFTERMATH = TimeUnit.SECONDS.toNanos(60);

  final String name;
  final Cable cable;
  final Situation situation;
  final Random random;
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean connected;

  GoodClient(String name, Cable cable, Situation situation, long seed) {
    this.name = name;
    this.cable = cable;
    this.situation = situation;
    this.random = new Random(seed);
  }

  /** Connects and works until the connection ends, or nothing is left to do. */
  abstract void work() throws IOException;

  /** Returns whether nothing is left to do. */
  abstract boolean done();

  /** Called when the session stands: others may count on this client. */
  void standing() {
    connections.incrementAndGet();
    connected = true;
  }

  /** Returns which of its connections stands; 0 if none does. */
  int connection() {
    return connected ? connections.get() : 0;
  }

  @Override
  public void run() {
    while (!done()) {
      long begun = System.nanoTime();
      try {
        work();
      } catch (IOException e) {
        judge(begun, e.toString());
      } catch (RuntimeException | AssertionError e) {
        situation.findings().add(name + " cannot make sense of the broker: " + e);
      } finally {
        connected = false;
      }
      if (!done()) {
        situation.pause(200 + random.nextInt(1_500));
      }
    }
  }

  private void judge(long begun, String what) {
    if (!situation.isOver() && !excused(begun)) {
      situation.findings().add(name + " was disturbed: " + what);
    }
  }

  /** Returns whether something was done to it, or to the broker, that explains an end. */
  boolean excused(long begun) {
    long since = Math.max(begun - System.nanoTime(), -AFTERMATH) + System.nanoTime();
    return situation.away().touches(since) || cable.disturbedSince(since);
  }
}
