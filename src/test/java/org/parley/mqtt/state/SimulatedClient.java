package org.parley.mqtt.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.state.Command.Acknowledge.Kind;

/**
 * A client and its connection as the server has it: sends what it is told within its Receive
 * Maximum, passes over what has expired, and answers by chance. It watches what it gets: never
 * twice with QoS 2, never out of order.
 */
final class SimulatedClient {
  final String clientId;
  private final Random random;
  private final int receiveMaximum;

  /** Who has been sent which message with QoS 2 for which group; of all clients together. */
  private final Map<String, String> startedForGroups;

  private Event.@Nullable Attached attached;
  private final TreeMap<Long, QueueEntry> waiting = new TreeMap<>();
  private final TreeMap<Long, QueueEntry> inFlight = new TreeMap<>();

  /** Exchanges whose PUBREL an earlier connection owed already: they take nothing of the quota. */
  private final Set<Long> inherited = new HashSet<>();

  private final Set<String> received = new HashSet<>();
  private long lastSent = -1;
  private int lastPlain = -1;

  SimulatedClient(String clientId, Random random, Map<String, String> startedForGroups) {
    this.clientId = clientId;
    this.random = random;
    this.receiveMaximum = 1 + random.nextInt(4);
    this.startedForGroups = startedForGroups;
  }

  int receiveMaximum() {
    return receiveMaximum;
  }

  boolean isAttached() {
    return attached != null;
  }

  /** The epoch of its connection; now and then, or without a connection, one that is over. */
  long epoch() {
    var now = attached;
    return now == null ? 1 : now.epoch() - (random.nextInt(50) == 0 ? 1 : 0);
  }

  void tell(Event event, long now, List<Command> answers) {
    switch (event) {
      case Event.Attached told when told.session().clientId().equals(clientId) -> begin(told);
      case Event.Displaced(var connection, var reason)
          when attached != null && attached.connection() == connection ->
          end();
      case Event.Enqueued(var session, var entry) when session.clientId().equals(clientId) -> {
        assertThat(attached).isNotNull();
        waiting.put(entry.sequence(), entry);
      }
      case Event.Removed(var session, var entry, var reason)
          when session.clientId().equals(clientId) ->
          waiting.remove(entry.sequence());
      default -> {}
    }
    send(now, answers);
  }

  private void begin(Event.Attached told) {
    end();
    attached = told;
    if (!told.sessionPresent()) {
      received.clear();
      lastSent = -1;
      lastPlain = -1;
    }
    for (var entry : told.queue()) {
      if (entry.released()) {
        inFlight.put(entry.sequence(), entry);
        inherited.add(entry.sequence());
      } else {
        waiting.put(entry.sequence(), entry);
      }
    }
  }

  /** The connection of this epoch is gone. */
  void end(long epoch) {
    if (attached != null && attached.epoch() == epoch) {
      end();
    }
  }

  /** The server has started again and owes these; what it does not owe is done with. */
  void restart(List<QueueEntry> owed, long nextSequence) {
    end();
    received.retainAll(owed.stream().map(entry -> entry.sequence() + "").toList());
    lastSent = Math.min(lastSent, nextSequence - 1);
  }

  private void end() {
    attached = null;
    waiting.clear();
    inFlight.clear();
    inherited.clear();
  }

  private void send(long now, List<Command> answers) {
    var session = attached;
    while (session != null && !waiting.isEmpty()) {
      if (inFlight.size() - inherited.size() >= receiveMaximum) {
        return;
      }
      var entry = waiting.pollFirstEntry().getValue();
      var message = entry.delivery().message();
      boolean again = entry.sequence() < session.sentBefore();
      if (!again && message.isExpired(now) && !message.isImmediate()) {
        answers.add(answer(entry.sequence(), Kind.PUBACK));
      } else {
        inFlight.put(entry.sequence(), entry);
        sent(entry, again);
      }
    }
  }

  private void sent(QueueEntry entry, boolean again) {
    var payload = EventText.payload(entry.delivery().message());
    if (entry.sequence() > lastSent) {
      lastSent = entry.sequence();
      boolean live =
          !entry.delivery().retain()
              && entry.group().isEmpty()
              && !payload.isEmpty() // removes what is retained
              && payload.charAt(0) != 'w'; // numbered when the will was made
      int number = live ? Integer.parseInt(payload) : lastPlain;
      assertThat(number).as("order of publishing").isGreaterThanOrEqualTo(lastPlain);
      lastPlain = number;
    } else {
      assertThat(again).as("sent again, and known to be").isTrue();
    }
    if (entry.delivery().qos() == QoS.EXACTLY_ONCE
        && entry.group().isPresent()
        && !payload.isEmpty()) {
      var first = startedForGroups.putIfAbsent(payload + entry.group().get(), clientId);
      assertThat(first == null || first.equals(clientId)).as("[MQTT-4.8.2-5]").isTrue();
    }
  }

  /** Answers something that it has, or has not. */
  @Nullable Command answerSomething() {
    if (inFlight.isEmpty()) {
      return random.nextInt(20) == 0 ? answer(random.nextInt(30), Kind.PUBCOMP) : null;
    }
    var all = new ArrayList<>(inFlight.values());
    var entry = all.get(random.nextInt(all.size()));
    long sequence = entry.sequence();
    if (entry.released()) {
      inFlight.remove(sequence);
      inherited.remove(sequence);
      return answer(sequence, Kind.PUBCOMP);
    }
    if (entry.delivery().qos() == QoS.AT_LEAST_ONCE) {
      inFlight.remove(sequence);
      return answer(sequence, Kind.PUBACK);
    }
    assertThat(received.add(sequence + "")).as("received twice").isTrue();
    if (random.nextInt(10) == 0) {
      inFlight.remove(sequence);
      return answer(sequence, Kind.PUBREC_FAILURE);
    }
    inFlight.put(sequence, entry.withReleased());
    return answer(sequence, Kind.PUBREC);
  }

  private Command answer(long sequence, Kind kind) {
    return new Command.Acknowledge(
        clientId, attached == null ? 1 : attached.epoch(), sequence, kind);
  }
}
