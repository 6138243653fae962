package org.parley.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

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
  static Schedule of(long seed, int seconds, Set<Fault> kinds) {
    var random = new Random(seed);
    var events = new ArrayList<Event>();
    var bag = new ArrayList<Fault>();
    for (int second = random.nextInt(GAP_SECONDS); second < seconds; ) {
      if (bag.isEmpty()) {
        kinds.stream().filter(fault -> !fault.restarts()).forEach(bag::add);
        Collections.shuffle(bag, random);
      }
      events.add(new Event(second, bag.removeLast(), random.nextLong()));
      second += 2 + random.nextInt(GAP_SECONDS);
    }
    var restarting = EnumSet.noneOf(Fault.class);
    kinds.stream().filter(Fault::restarts).forEach(restarting::add);
    for (var fault : restarting) {
      for (int i = 0; i < Math.max(1, seconds / 2 / SECONDS_A_RESTART); i++) {
        int second = seconds / 10 + random.nextInt(Math.max(1, seconds * 4 / 10));
        events.add(new Event(second, fault, random.nextLong()));
      }
    }
    events.sort(Comparator.comparingInt(Event::second));
    return new Schedule(List.copyOf(events));
  }
}
