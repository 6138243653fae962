package org.parley.edge.metrics;

import static org.parley.edge.metrics.Metric.counter;
import static org.parley.edge.metrics.Metric.gauge;
import static org.parley.edge.metrics.Metric.histogram;
import static org.parley.edge.metrics.Metric.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.parley.mqtt.broker.Latency;
import org.parley.mqtt.broker.MqttBroker;
import org.parley.mqtt.broker.MqttCounters;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.broker.MqttCounters.Drop;
import org.parley.mqtt.broker.MqttSessions;
import org.parley.mqtt.packet.PacketType;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.ReasonCode.Place;

/** The metrics of MQTT. */
public final class MqttMetrics {
  private static final List<String> TRANSPORTS = List.of("tcp", "tls", "ws", "wss");
  private static final double NANOS_A_SECOND = 1e9;

  private final MqttBroker broker;
  private final MqttCounters counters;
  private final MqttSessions sessions;
  private final List<Metric> all = new ArrayList<>();

  private MqttMetrics(MqttBroker broker, MqttCounters counters, MqttSessions sessions) {
    this.broker = broker;
    this.counters = counters;
    this.sessions = sessions;
  }

  /** Returns them, in the order of the reference. */
  public static List<Metric> of(MqttBroker broker, MqttCounters counters, MqttSessions sessions) {
    var metrics = new MqttMetrics(broker, counters, sessions);
    metrics.connections();
    metrics.packets();
    metrics.faults();
    metrics.queues();
    return List.copyOf(metrics.all);
  }

  private void connections() {
    var state = broker.state();
    all.add(
        gauge(
            "parley_mqtt_sessions",
            List.of("state"),
            "Sessions with a connection (online) and without (offline).",
            sink -> {
              int online = state.onlineCount();
              sink.value(online, "online");
              sink.value(Math.max(0, state.sessionCount() - online), "offline");
            }));
    all.add(
        gauge(
            "parley_mqtt_connections",
            List.of("protocol", "transport"),
            "Connections that have a session.",
            sink -> {
              var known = sessions.summary().connections();
              for (var version : ProtocolVersion.values()) {
                var byTransport = known.getOrDefault(version, Map.of());
                for (var transport : TRANSPORTS) {
                  sink.value(byTransport.getOrDefault(transport, 0), version.label(), transport);
                }
              }
            }));
    all.add(
        gauge(
            "parley_mqtt_network_connections",
            "Connections, those without a session too.",
            broker::connections));
    count("network_connections_opened", "Connections opened.", Count.CONNECTIONS_OPENED);
    count("network_connections_closed", "Connections that have ended.", Count.CONNECTIONS_CLOSED);
    count("connects_accepted", "CONNECTs that were accepted.", Count.CONNECTS_ACCEPTED);
    byReason("connects_refused", "CONNECTs that were refused.", Place.CONNACK, counters::refusals);
    byReason(
        "disconnects",
        "Connections that the broker has ended, after CONNACK.",
        Place.DISCONNECT_OF_SERVER,
        counters::disconnects);
    count("takeovers", "Sessions that another connection has taken over.", Count.TAKEOVERS);
  }

  private void packets() {
    all.add(
        counter(
            "parley_mqtt_packets_total",
            List.of("type", "direction"),
            "Packets from (in) and to (out) clients.",
            sink -> {
              for (var type : PacketType.values()) {
                sink.value(counters.packetsIn(type), text(type), "in");
                sink.value(counters.packetsOut(type), text(type), "out");
              }
            }));
    all.add(
        counter(
            "parley_mqtt_packet_bytes_total",
            List.of("type", "direction"),
            "Bytes of packets from and to clients.",
            sink -> {
              for (var type : PacketType.values()) {
                sink.value(counters.bytesIn(type), text(type), "in");
                sink.value(counters.bytesOut(type), text(type), "out");
              }
            }));
    all.add(
        counter(
            "parley_mqtt_bytes_total",
            List.of("direction"),
            "Bytes from and to the wires, without TLS and WebSocket.",
            sink -> {
              sink.value(counters.of(Count.BYTES_IN), "in");
              sink.value(counters.of(Count.BYTES_OUT), "out");
            }));
    all.add(
        histogram(
            "parley_mqtt_delivery_latency_seconds",
            "From the arrival of a PUBLISH to the last subscriber, sampled.",
            this::latency));
  }

  private void latency(Metric.Sink sink) {
    var latency = broker.latency();
    double sum = latency.sumNanos() / NANOS_A_SECOND;
    long count = 0;
    for (int i = 0; i < Latency.bounds(); i++) {
      count += latency.count(i);
      sink.bucket(Latency.boundNanos(i) / NANOS_A_SECOND, count);
    }
    count += latency.count(Latency.bounds());
    sink.bucket(Double.POSITIVE_INFINITY, count);
    sink.total(sum, count);
  }

  private void faults() {
    all.add(
        counter(
            "parley_mqtt_dropped_total",
            List.of("reason"),
            "Deliveries that were dropped.",
            sink -> {
              for (var reason : Drop.values()) {
                sink.value(counters.drops(reason), text(reason));
              }
            }));
    count(
        "authentication_failures",
        "CONNECTs refused for who the client is, or is not.",
        Count.AUTHENTICATION_FAILURES);
    count(
        "not_authorized",
        "Wills, publications and subscriptions that policy denied.",
        Count.NOT_AUTHORIZED);
    count(
        "keep_alive_timeouts",
        "Connections ended because nothing was heard for too long.",
        Count.KEEP_ALIVE_TIMEOUTS);
    count(
        "connect_timeouts",
        "Connections ended because their CONNECT did not come in time.",
        Count.CONNECT_TIMEOUTS);
    count(
        "publishes_over_limit",
        "PUBLISHes refused because queues or retained messages are as many as there may be.",
        Count.PUBLISHES_OVER_LIMIT);
    count(
        "subscriptions_over_limit",
        "Subscriptions refused because their session has as many as it may.",
        Count.SUBSCRIPTIONS_OVER_LIMIT);
    count(
        "unexpected_acknowledgements",
        "Acknowledgements that nobody waited for.",
        Count.UNEXPECTED_ACKNOWLEDGEMENTS);
    count(
        "publisher_holds",
        "Times that a publisher was not read for a moment, because a subscriber was behind.",
        Count.PUBLISHER_HOLDS);
    count("internal_errors", "Connections ended by a fault of Parley's.", Count.INTERNAL_ERRORS);
  }

  private void queues() {
    var state = broker.state();
    all.add(
        gauge(
            "parley_mqtt_queued_messages",
            "Deliveries with QoS 1 and 2 that sessions are owed.",
            state::queuedCount));
    all.add(
        gauge(
            "parley_mqtt_queued_bytes",
            "Bytes of the queued messages, about; a message that many are owed counts once.",
            state::queuedBytes));
    all.add(
        gauge(
            "parley_mqtt_largest_queue_messages",
            "Deliveries in the largest queue.",
            () -> sessions.summary().largestQueue()));
    all.add(
        gauge(
            "parley_mqtt_largest_queue_bytes",
            "Bytes of the largest queue, about.",
            () -> sessions.summary().largestQueueBytes()));
    all.add(
        gauge(
            "parley_mqtt_in_flight_messages",
            "Deliveries that were sent and are not acknowledged.",
            () -> sessions.summary().inFlight()));
    all.add(
        gauge(
            "parley_mqtt_waiting_bytes",
            "Bytes with QoS 0 that wait for peers; a message counts for each.",
            () -> sessions.summary().waitingBytes()));
    all.add(
        gauge(
            "parley_mqtt_waiting_charged_bytes",
            "Bytes charged to the budget of what waits for all slow peers.",
            () -> broker.waiting().usedBytes()));
    all.add(
        gauge(
            "parley_mqtt_waiting_limit_bytes",
            "The budget of what waits for all slow peers.",
            () -> broker.waiting().limitBytes()));
    all.add(gauge("parley_mqtt_subscriptions", "Subscriptions.", state::subscriptionCount));
    all.add(gauge("parley_mqtt_retained_messages", "Retained messages.", state::retainedCount));
    all.add(
        gauge(
            "parley_mqtt_retained_bytes",
            "Bytes of the retained messages, about.",
            state::retainedBytes));
  }

  private void count(String name, String help, Count what) {
    all.add(counter("parley_mqtt_" + name + "_total", help, () -> counters.of(what)));
  }

  /** Every reason that can be, from the start on; another one, by a fault, with its first case. */
  private void byReason(String name, String help, Place place, ToLongFunction<ReasonCode> counts) {
    all.add(
        counter(
            "parley_mqtt_" + name + "_total",
            List.of("reason"),
            help,
            sink -> {
              for (var reason : ReasonCode.values()) {
                long count = counts.applyAsLong(reason);
                if (count > 0 || (reason.isFailure() && reason.mayStandIn(place))) {
                  sink.value(count, text(reason));
                }
              }
            }));
  }
}
