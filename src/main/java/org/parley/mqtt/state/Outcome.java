package org.parley.mqtt.state;

import java.util.ArrayList;
import java.util.List;

/** What the command at work brings about, and the time that it was given. */
final class Outcome {
  private List<Event> events = new ArrayList<>();
  private long now;

  /** Milliseconds of the epoch. */
  long now() {
    return now;
  }

  void begin(long nowMillis) {
    now = nowMillis;
    if (!events.isEmpty()) { // what came before a fault of our own is told by nobody
      events = new ArrayList<>();
    }
  }

  void add(Event event) {
    events.add(event);
  }

  List<Event> take() {
    if (events.isEmpty()) {
      return List.of();
    }
    var taken = events;
    events = new ArrayList<>();
    return taken;
  }
}
