package org.parley.edge;

import java.time.Duration;
import org.parley.edge.mqtt.MqttListeners;
import org.parley.edge.mqtt.MqttService;

/** MQTT's ways in, as one thing that starts and stops with the broker. */
final class MqttParts {
  /** As often as the server looks at its key stores. */
  private static final Duration KEY_STORES_CHECK = Duration.ofSeconds(2);

  private final MqttService service;
  private final MqttListeners listeners;
  private final ListenerTls tls;

  MqttParts(MqttService service, MqttListeners listeners, ListenerTls tls) {
    this.service = service;
    this.listeners = listeners;
    this.tls = tls;
  }

  /** Takes the ports. */
  void start() {
    if (listeners.servesTls()) {
      tls.start();
    }
    listeners.start();
  }

  /** Begins to take connections. */
  void accept(Timers timers) {
    timers.every(KEY_STORES_CHECK, tls::poll);
    listeners.accept();
  }

  /** Takes no more connections, and tells every client of the stop. */
  void drain() {
    listeners.stopAccepting();
    service.farewell().run();
  }

  /** Takes connections again. */
  void resume() {
    listeners.resume();
  }

  /** Closes what is left. */
  void stop() {
    listeners.stop();
  }
}
