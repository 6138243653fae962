package org.parley.mqtt.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A session as the standard has it, MQTT 5.0 section 4.1. */
final class ExpectedSession {
  /**
   * A subscription.
   *
   * @param pattern the filter, the share name taken away
   * @param options the byte of SUBSCRIBE
   */
  record Held(String filter, String pattern, int options, int id) {
    static Held of(Said.Wish wish, int id) {
      var filter = wish.filter();
      return new Held(
          filter,
          filter.startsWith("$share/") ? filter.substring(filter.indexOf('/', 7) + 1) : filter,
          wish.options(),
          id);
    }

    boolean isShared() {
      return !pattern.equals(filter);
    }

    int qos() {
      return options & 3;
    }

    boolean noLocal() {
      return (options & 4) != 0;
    }

    boolean retainAsPublished() {
      return (options & 8) != 0;
    }

    int retainHandling() {
      return options >> 4;
    }

    Set<Integer> ids() {
      return id == 0 ? Set.of() : Set.of(id);
    }
  }

  final String clientId;
  final TreeMap<String, Held> held = new TreeMap<>();

  /** What is owed with QoS 1 and 2. */
  final List<ExpectedCopy> copies = new ArrayList<>();

  /** Packet Identifiers of QoS 2 that wait for PUBREL. */
  final Set<Integer> inbound = new TreeSet<>();

  @Nullable ExpectedConnection connection;
  long expirySeconds;
  long endsAt = Long.MAX_VALUE;

  /** The place at which the connection before this one ended; 0 if there was none. */
  long formerEnd;

  Said.@Nullable Will waitingWill;
  long willDue;

  ExpectedSession(String clientId) {
    this.clientId = clientId;
  }

  boolean isOver(long now) {
    return connection == null && endsAt <= now;
  }

  void give(ExpectedCopy copy) {
    (copy.only == null ? copies : copy.only.fleeting).add(copy);
  }

  void forget(ExpectedCopy copy) {
    (copy.only == null ? copies : copy.only.fleeting).remove(copy);
  }
}
