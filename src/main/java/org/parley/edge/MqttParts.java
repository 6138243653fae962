package org.parley.edge;

import java.time.Duration;
import org.parley.edge.mqtt.MqttListeners;
import org.parley.edge.mqtt.MqttService;
import org.parley.mqtt.broker.MqttBroker;
import org.parley.mqtt.broker.SysTopics;

/** MQTT's ways in, as one thing that starts and stops with the broker. */
final class MqttParts {
  /** As often as the server looks at its key stores. */
  private static final Duration KEY_STORES_CHECK = Duration.ofSeconds(2);

  /** How often the disk is looked at, and what nobody waits for is written. */
  private static final Duration STORE_CHECK = Duration.ofSeconds(1);

  /** How often deadlines of clients are looked at. */
  private static final Duration TICK = Duration.ofMillis(500);

  private final MqttState state;
  private final MqttBroker broker;
  private final MqttService service;
  private final MqttListeners listeners;
  private final ListenerTls tls;
  private final PasswordWorkers workers;
  private final TokenParts tokens;
  private final SysTopics topics;
  private final Duration topicsInterval;

  /**
   * @param topicsInterval how often the broker tells of itself; zero: never
   */
  MqttParts(
      MqttState state,
      MqttBroker broker,
      MqttService service,
      MqttListeners listeners,
      ListenerTls tls,
      PasswordWorkers workers,
      TokenParts tokens,
      SysTopics topics,
      Duration topicsInterval) {
    this.state = state;
    this.topics = topics;
    this.topicsInterval = topicsInterval;
    this.broker = broker;
    this.workers = workers;
    this.tokens = tokens;
    this.service = service;
    this.listeners = listeners;
    this.tls = tls;
  }

  /** Takes the ports, and takes up what was kept. */
  void start() {
    if (listeners.servesTls()) {
      tls.start();
    }
    listeners.start();
    state.start();
  }

  /** Begins to take connections. */
  void accept(Timers timers) {
    tokens.start(timers);
    timers.every(KEY_STORES_CHECK, tls::poll);
    timers.every(TICK, broker::tick);
    timers.every(STORE_CHECK, state::tick);
    state.tick();
    if (topicsInterval.isPositive()) {
      topics.publish();
      timers.every(topicsInterval, topics::publish);
    }
    broker.start();
    listeners.accept();
  }

  /** Takes no more connections, and tells every client of the stop. */
  void drain() {
    listeners.stopAccepting();
    service.farewell().run();
  }

  /** Takes connections again. */
  void resume() {
    broker.start();
    listeners.resume();
  }

  /** Closes what is left. */
  void stop() {
    listeners.stop();
    workers.stop();
    tokens.stop();
    state.stop();
  }

  /** Policy, users or revocations have changed: who is connected is judged again. */
  void rightsChanged() {
    broker.rightsChanged();
  }
}
