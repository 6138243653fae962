package org.parley.mqtt.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.routing.TopicFilter;

/** What a session is for the model: plain lists, looked through from end to end. */
final class NaiveSession {
  /** One subscription. */
  record Held(TopicFilter filter, Command.Subscribe.Request request, int id) {
    boolean hears(String topic) {
      return NaiveTopics.matches(filter.pattern(), topic);
    }
  }

  /** One message in the queue. */
  static final class Entry {
    final long sequence;
    final Message message;
    final QoS qos;
    final boolean retain;
    final List<Integer> ids;
    final @Nullable String group;
    final Optional<Owner> publisher;
    boolean released;

    Entry(
        long sequence,
        Message message,
        QoS qos,
        boolean retain,
        List<Integer> ids,
        @Nullable String group,
        Optional<Owner> publisher) {
      this.sequence = sequence;
      this.message = message;
      this.qos = qos;
      this.retain = retain;
      this.ids = ids;
      this.group = group;
      this.publisher = publisher;
    }

    Entry at(long place) {
      return new Entry(place, message, qos, retain, ids, group, publisher);
    }

    String copy() {
      return EventText.delivery(message, qos, retain, ids, publisher);
    }

    String text() {
      return EventText.entry(sequence, copy(), released, group);
    }
  }

  final String clientId;
  final TreeMap<String, Held> held = new TreeMap<>();
  final List<Entry> queue = new ArrayList<>();
  final TreeMap<Integer, ReasonCode> inbound = new TreeMap<>();
  boolean online;
  boolean ending;
  long epoch;
  long connection;
  long expirySeconds;
  long endsAt = Long.MAX_VALUE;
  int receiveMaximum;
  long nextSequence;

  /** It outlives a restart. */
  boolean kept;

  /** What it was when a connection came or went. */
  long recordedNext;

  /** All before it may have been sent. */
  long window;

  Optional<Will> will = Optional.empty();
  @Nullable WillId waitingWill;
  long willDue;

  NaiveSession(String clientId) {
    this.clientId = clientId;
  }

  /** What is read back after a restart: sequences may come again whose messages are done with. */
  void restart() {
    nextSequence =
        queue.isEmpty() ? recordedNext : Math.max(recordedNext, queue.getLast().sequence + 1);
  }

  /** Returns how many may be on their way. */
  int inFlight() {
    int count = 0;
    for (var entry : queue) {
      count += entry.sequence < window && !entry.released ? 1 : 0;
    }
    return count;
  }

  boolean hasRoom() {
    return !ending && inFlight() < receiveMaximum;
  }

  void widen() {
    int count = inFlight();
    for (var entry : queue) {
      if (entry.sequence >= window && count < receiveMaximum) {
        window = entry.sequence + 1;
        count++;
      }
    }
  }

  @Nullable Entry find(long sequence) {
    for (var entry : queue) {
      if (entry.sequence == sequence) {
        return entry;
      }
    }
    return null;
  }

  /** Returns a copy of what was certainly not sent. */
  List<Entry> unsent() {
    return queue.stream().filter(entry -> entry.sequence >= window).toList();
  }
}
