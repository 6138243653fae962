package org.parley.edge.metrics;

import static org.parley.edge.metrics.Metric.counter;
import static org.parley.edge.metrics.Metric.gauge;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.parley.edge.mqtt.MqttListeners;
import org.parley.websocket.WebSocketStatistics;

/** The metrics of the ways in: the ports of MQTT, and WebSockets of both protocols. */
public final class ListenerMetrics {
  private ListenerMetrics() {}

  /**
   * Returns them, in the order of the reference.
   *
   * @param listeners of MQTT
   * @param webSockets empty as long as there are none
   */
  public static List<Metric> of(
      Supplier<List<MqttListeners.State>> listeners,
      Supplier<Optional<WebSocketStatistics>> webSockets) {
    return List.of(
        gauge(
            "parley_mqtt_listener_connections",
            List.of("listener"),
            "Connections of a port of MQTT, those in their TLS handshake too.",
            sink -> listeners.get().forEach(one -> sink.value(one.connections(), one.name()))),
        listener(listeners, "accepted", "Connections taken.", MqttListeners.State::accepted),
        listener(
            listeners,
            "refused",
            "Connections closed at once, because there were as many as there may be.",
            MqttListeners.State::refused),
        listener(
            listeners,
            "banned",
            "Connections closed at once, because their address is banned.",
            MqttListeners.State::banned),
        listener(
            listeners,
            "failed_handshakes",
            "TLS handshakes that failed.",
            MqttListeners.State::failedHandshakes),
        listener(
            listeners,
            "failed_openings",
            "Opening handshakes of WebSocket that were malformed, or not whole in time.",
            MqttListeners.State::failedOpenings),
        listener(
            listeners,
            "protocol_errors",
            "WebSockets closed because the peer broke RFC 6455, or sent too much at once.",
            MqttListeners.State::violations),
        listener(
            listeners,
            "proxied",
            "Connections that a proxy has passed on, or made, with a good PROXY header.",
            MqttListeners.State::proxied),
        counter(
            "parley_mqtt_listener_proxy_refused_total",
            List.of("listener", "reason"),
            "Connections of proxies closed for their PROXY header.",
            sink -> listeners.get().forEach(one -> refused(one, sink))),
        gauge(
            "parley_websocket_connections",
            "WebSockets of PCP and MQTT on the server's ports.",
            () -> webSockets.get().map(WebSocketStatistics::open).orElse(0L)),
        webSocket(webSockets, "upgrades", "WebSockets opened.", WebSocketStatistics::upgrades),
        webSocket(
            webSockets,
            "protocol_errors",
            "WebSockets closed because the peer broke RFC 6455.",
            WebSocketStatistics::protocolErrors),
        webSocket(
            webSockets,
            "too_big",
            "WebSockets closed because a frame or message was too big.",
            WebSocketStatistics::tooBig),
        webSocket(
            webSockets,
            "write_timeouts",
            "WebSockets cut because a write made no progress.",
            WebSocketStatistics::writeTimeouts),
        webSocket(
            webSockets,
            "message_timeouts",
            "WebSockets closed because a message took too long to come in.",
            WebSocketStatistics::messageTimeouts),
        webSocket(
            webSockets,
            "aborts",
            "WebSockets that ended without a closing handshake.",
            WebSocketStatistics::aborts),
        webSocket(
            webSockets,
            "budget_closes",
            "WebSockets closed because unfinished messages of all held too much.",
            WebSocketStatistics::budgetCloses));
  }

  private static Metric listener(
      Supplier<List<MqttListeners.State>> listeners,
      String name,
      String help,
      ToLongFunction<MqttListeners.State> count) {
    return counter(
        "parley_mqtt_listener_" + name + "_total",
        List.of("listener"),
        help,
        sink -> listeners.get().forEach(one -> sink.value(count.applyAsLong(one), one.name())));
  }

  private static void refused(MqttListeners.State listener, Metric.Sink sink) {
    listener
        .refusedHeaders()
        .forEach(
            (reason, count) ->
                sink.value(count, listener.name(), reason.name().toLowerCase(Locale.ROOT)));
  }

  private static Metric webSocket(
      Supplier<Optional<WebSocketStatistics>> webSockets,
      String name,
      String help,
      ToLongFunction<WebSocketStatistics> count) {
    return counter(
        "parley_websocket_" + name + "_total",
        help,
        () -> webSockets.get().map(count::applyAsLong).orElse(0L));
  }
}
