package org.parley.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;

/** When which fault is due, by a seed. */
record Schedule(List<Event> events) {
  private static final int GAP_SECONDS = 8;
  private static final int SECONDS_A_RESTART = 300;

  /**
   * One fault.
   *
   * @param second of the run; it may be late, as faults wait for each other
   * @param seed of what it decides
   */
  record Event(int second, Fault fault, long seed) {}

  /**
   * Each kind comes up before any comes again, but those that restart the broker: they come every
   * five minutes, at least once, and all in the first half, so that the last process lives long.
   */
  static Schedule of(long seed, int seconds, EnumSet<Fault> kinds) {
    var random = new Random(seed);
    var events = new ArrayList<Event>();
    var bag = new ArrayList<Fault>();
    var common = kinds.stream().filter(fault -> !fault.restarts()).toList();
    for (int second = random.nextInt(GAP_SECONDS); second < seconds && !common.isEmpty(); ) {
      if (bag.isEmpty()) {
        bag.addAll(common);
        Collections.shuffle(bag, random);
      }
      events.add(new Event(second, bag.removeLast(), random.nextLong()));
      second += 2 + random.nextInt(GAP_SECONDS);
    }
    for (var fault : kinds.stream().filter(Fault::restarts).toList()) {
      for (int i = 0; i < Math.max(1, seconds / 2 / SECONDS_A_RESTART); i++) {
        int second = seconds / 10 + random.nextInt(Math.max(1, seconds * 4 / 10));
        events.add(new Event(second, fault, random.nextLong()));
      }
    }
    events.sort(Comparator.comparingInt(Event::second));
    return new Schedule(List.copyOf(events));
  }
}
