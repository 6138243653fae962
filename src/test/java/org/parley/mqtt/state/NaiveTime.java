package org.parley.mqtt.state;

import java.util.ArrayList;
import java.util.Comparator;

/** What happens by itself for the model: the first that is due, then all is looked at again. */
final class NaiveTime {
  /** Something that is due; the kinds are in the order of their names' numbers. */
  private record Due(long at, int kind, String id) {}

  private NaiveTime() {}

  static void pass(NaiveBroker broker) {
    while (true) {
      var due = new ArrayList<Due>();
      for (var session : broker.sessions.values()) {
        if (session.online) {
          continue;
        }
        if (session.waitingWill != null) {
          due.add(new Due(session.willDue, 0, session.clientId));
        }
        due.add(new Due(session.endsAt, 1, session.clientId));
        for (var entry : session.unsent()) {
          due.add(new Due(entry.message.expiresAt(), 2, session.clientId));
        }
      }
      broker.retained.forEach(
          (topic, retained) -> due.add(new Due(retained.message().expiresAt(), 3, topic)));
      var first =
          due.stream()
              .filter(each -> each.at <= broker.now)
              .min(
                  Comparator.comparingLong(Due::at)
                      .thenComparingInt(Due::kind)
                      .thenComparing(Due::id));
      if (first.isEmpty()) {
        return;
      }
      handle(broker, first.get());
    }
  }

  private static void handle(NaiveBroker broker, Due due) {
    var session = broker.sessions.get(due.id);
    if (due.kind == 3) {
      broker.retained.remove(due.id);
    } else if (session != null && due.kind == 0) {
      broker.tellWillIfDue(session);
    } else if (session != null && due.kind == 1) {
      broker.remove(session);
    } else if (session != null) {
      broker.removeExpired(session);
    }
  }
}
