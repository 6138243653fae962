package org.parley.mqtt.broker;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.parley.core.Ticker;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.session.LiveSession;
import org.parley.session.SessionDirectory;

/** What operators see of all MQTT sessions. Any thread may ask; nobody waits. */
public final class MqttSessions implements SessionDirectory.Source {
  /** Those who ask within this time get the same answer: it costs a look at every session. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  /**
   * All sessions summed up.
   *
   * @param connections that have a session, by version and transport; where there are none, nothing
   * @param inFlight deliveries with QoS 1 and 2 that were sent and are not acknowledged
   * @param largestQueue messages with QoS 1 and 2 of the session that has most of them
   * @param largestQueueBytes about how many bytes they have in the session that has most of these
   * @param waitingBytes what waits with QoS 0, for all peers; a message counts for each
   */
  public record Summary(
      Map<ProtocolVersion, Map<String, Integer>> connections,
      long inFlight,
      int largestQueue,
      long largestQueueBytes,
      long waitingBytes) {

    /** Returns how many connections of a version have a session. */
    public int connections(ProtocolVersion version) {
      return connections.getOrDefault(version, Map.of()).values().stream()
          .mapToInt(Integer::intValue)
          .sum();
    }
  }

  private record Dated(Summary summary, long nanos) {}

  private final MqttBroker broker;
  private final Ticker ticker;
  private volatile Dated latest;

  public MqttSessions(MqttBroker broker, Ticker ticker) {
    this.broker = broker;
    this.ticker = ticker;
    this.latest =
        new Dated(new Summary(Map.of(), 0, 0, 0, 0), ticker.nanos() - FRESH.toNanos() - 1);
  }

  @Override
  public Stream<LiveSession> live() {
    long now = ticker.nanos();
    return broker.live().stream()
        .map(MqttConnection::conversation)
        .filter(Objects::nonNull)
        .map(conversation -> conversation.live(now));
  }

  /** Returns the sums; they may be a second old. */
  public Summary summary() {
    long now = ticker.nanos();
    var known = latest;
    if (now - known.nanos > FRESH.toNanos()) {
      known = new Dated(sum(), now);
      latest = known;
    }
    return known.summary;
  }

  private Summary sum() {
    var connections = new EnumMap<ProtocolVersion, Map<String, Integer>>(ProtocolVersion.class);
    long inFlight = 0;
    long waitingBytes = 0;
    for (var connection : broker.live()) {
      var conversation = connection.conversation();
      if (conversation != null) {
        connections
            .computeIfAbsent(conversation.version(), _ -> new TreeMap<>())
            .merge(connection.peer().transport(), 1, Integer::sum);
        inFlight += conversation.inFlight();
      }
      waitingBytes += connection.backlog().bytes();
    }
    int largest = 0;
    long largestBytes = 0;
    for (var session : broker.state().sessions()) {
      largest = Math.max(largest, session.queued());
      largestBytes = Math.max(largestBytes, session.queuedBytes());
    }
    return new Summary(connections, inFlight, largest, largestBytes, waitingBytes);
  }
}
