package org.parley.fault;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What a run has found that must not be, and what it tells meanwhile. */
final class Findings {
  private static final int EXAMPLES = 60;

  private final long begun = System.nanoTime();
  private final ConcurrentLinkedQueue<String> examples = new ConcurrentLinkedQueue<>();
  private final AtomicLong count = new AtomicLong();

  /** Tells what happens, with the second of the run. */
  void say(String text) {
    System.out.printf(
        "%5d s  %s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun), text);
  }

  /** Keeps a finding; one beyond the first of them is counted alone. */
  void add(String what) {
    if (count.incrementAndGet() <= EXAMPLES) {
      examples.add(what);
      say("FINDING: " + what);
    }
  }

  long count() {
    return count.get();
  }

  List<String> examples() {
    return List.copyOf(examples);
  }
}
