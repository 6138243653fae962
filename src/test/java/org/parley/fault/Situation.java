package org.parley.fault;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What all clients of a run share: where the broker may be away, what was found, the end. */
record Situation(
    Findings findings, Window away, Window diskFull, CountDownLatch lastCall, CountDownLatch over) {

  static Situation begin() {
    return new Situation(
        new Findings(), new Window(), new Window(), new CountDownLatch(1), new CountDownLatch(1));
  }

  /** Returns whether clients begin nothing new. */
  boolean isLastCall() {
    return lastCall.getCount() == 0;
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** Waits; returns early at the end. */
  void pause(long millis) {
    try {
      var _ = over.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      over.countDown();
    }
  }
}
