package org.parley.mqtt.broker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.parley.core.Ticker;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.PacketType;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.state.Message;

/**
 * What the broker tells of itself by MQTT: retained messages with QoS 0 below {@code $SYS/broker/},
 * by the names and in the units that mosquitto uses. A value that is the same as before is not
 * published again. Used by one thread at a time.
 */
public final class SysTopics {
  private static final String PREFIX = "$SYS/broker/";
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

  private final MqttBroker broker;
  private final MqttCounters counters;
  private final MqttSessions sessions;
  private final String version;
  private final LongSupplier heapUsed;
  private final Ticker ticker;
  private final long startNanos;
  private final List<Load> loads;
  private final Map<String, String> published = new HashMap<>();
  private long publishedNanos;
  private long mostClients;
  private long mostHeap;

  /**
   * @param version of the broker, with its name
   * @param heapUsed bytes that are used now
   */
  public SysTopics(
      MqttBroker broker,
      MqttCounters counters,
      MqttSessions sessions,
      String version,
      LongSupplier heapUsed,
      Ticker ticker) {
    this.broker = broker;
    this.counters = counters;
    this.sessions = sessions;
    this.heapUsed = heapUsed;
    this.ticker = ticker;
    this.startNanos = ticker.nanos();
    this.publishedNanos = startNanos;
    this.loads =
        List.of(
            new Load("messages/received", counters::packetsIn),
            new Load("messages/sent", counters::packetsOut),
            new Load("publish/received", () -> counters.packetsIn(PacketType.PUBLISH)),
            new Load("publish/sent", () -> counters.packetsOut(PacketType.PUBLISH)),
            new Load("publish/dropped", counters::drops),
            new Load("bytes/received", () -> counters.of(Count.BYTES_IN)),
            new Load("bytes/sent", () -> counters.of(Count.BYTES_OUT)),
            new Load("sockets", () -> counters.of(Count.CONNECTIONS_OPENED)),
            new Load("connections", () -> counters.of(Count.CONNECTS_ACCEPTED)));
    this.version = version;
  }

  /** Publishes what is so now; called at regular intervals. */
  public void publish() {
    long now = ticker.nanos();
    tell("version", version);
    tell("uptime", Duration.ofNanos(now - startNanos).toSeconds() + " seconds");
    clients();
    messages();
    stores();
    long elapsed = now - publishedNanos;
    if (elapsed > 0) {
      publishedNanos = now;
      for (var load : loads) {
        load.add(elapsed);
        for (var average : load.averages) {
          tell("load/" + load.name + "/" + average.minutes + "min", average.text());
        }
      }
    }
    long heap = heapUsed.getAsLong();
    mostHeap = Math.max(mostHeap, heap);
    tell("heap/current", heap);
    tell("heap/maximum", mostHeap);
  }

  private void clients() {
    var state = broker.state();
    long connected = state.onlineCount();
    long total = state.sessionCount();
    long disconnected = Math.max(0, total - connected);
    mostClients = Math.max(mostClients, connected);
    tell("clients/total", total);
    tell("clients/maximum", mostClients);
    tell("clients/connected", connected);
    tell("clients/active", connected);
    tell("clients/disconnected", disconnected);
    tell("clients/inactive", disconnected);
  }

  private void messages() {
    tell("messages/received", counters.packetsIn());
    tell("messages/sent", counters.packetsOut());
    tell("messages/inflight", sessions.summary().inFlight());
    tell("publish/messages/received", counters.packetsIn(PacketType.PUBLISH));
    tell("publish/messages/sent", counters.packetsOut(PacketType.PUBLISH));
    tell("publish/messages/dropped", counters.drops());
    tell("publish/bytes/received", counters.bytesIn(PacketType.PUBLISH));
    tell("publish/bytes/sent", counters.bytesOut(PacketType.PUBLISH));
    tell("bytes/received", counters.of(Count.BYTES_IN));
    tell("bytes/sent", counters.of(Count.BYTES_OUT));
  }

  private void stores() {
    var state = broker.state();
    long stored = state.queuedCount() + state.retainedCount();
    tell("subscriptions/count", state.subscriptionCount());
    tell("retained messages/count", state.retainedCount());
    tell("messages/stored", stored);
    tell("store/messages/count", stored);
    tell("store/messages/bytes", state.queuedBytes() + state.retainedBytes());
  }

  private void tell(String name, long value) {
    tell(name, Long.toString(value));
  }

  private void tell(String name, String value) {
    if (!value.equals(published.put(name, value))) {
      broker.publish(
          Message.received(
              "",
              TopicName.of(PREFIX + name),
              QoS.AT_MOST_ONCE,
              true,
              MessageProperties.NONE,
              BinaryData.of(value.getBytes(StandardCharsets.UTF_8)),
              broker.now()));
    }
  }

  /** How often something happens in a minute, of late. */
  private static final class Load {
    private final String name;
    private final LongSupplier count;
    private final List<Average> averages = List.of(new Average(1), new Average(5), new Average(15));
    private long counted;

    Load(String name, LongSupplier count) {
      this.name = name;
      this.count = count;
      this.counted = count.getAsLong();
    }

    void add(long elapsedNanos) {
      long now = count.getAsLong();
      double minutes = (double) elapsedNanos / MINUTE_NANOS;
      for (var average : averages) {
        average.add((now - counted) / minutes, minutes);
      }
      counted = now;
    }
  }

  /** A moving average that forgets exponentially, as those of a Unix load; from zero on. */
  private static final class Average {
    private final int minutes;
    private double perMinute;

    Average(int minutes) {
      this.minutes = minutes;
    }

    void add(double latest, double elapsedMinutes) {
      double kept = Math.exp(-elapsedMinutes / minutes);
      perMinute = latest + kept * (perMinute - latest);
    }

    String text() {
      return String.format(Locale.ROOT, "%.2f", perMinute);
    }
  }
}
