package org.parley.mqtt.state;

import java.util.Comparator;

/** One will: of a client, and of the epoch of the connection that brought it. */
public record WillId(String clientId, long epoch) implements Comparable<WillId> {
  private static final Comparator<WillId> ORDER =
      Comparator.comparing(WillId::clientId).thenComparingLong(WillId::epoch);

  @Override
  public int compareTo(WillId other) {
    return ORDER.compare(this, other);
  }
}
