package org.parley.it;

import java.util.Optional;

/**
 * With what a client connects that stays and reads one topic with QoS 2.
 *
 * @param clientId at most 23 characters, the greatest length of MQTT 3.1
 * @param kept whether the session is to outlive the connection; it is resumed if it is there
 */
record Subscription(String clientId, String topic, boolean kept, Optional<ClientMessage> will) {
  /** How long a kept session lasts by MQTT 5.0. */
  static final int EXPIRY_SECONDS = 3600;

  static Subscription of(String clientId, String topic) {
    return new Subscription(clientId, topic, false, Optional.empty());
  }

  Subscription keep() {
    return new Subscription(clientId, topic, true, will);
  }

  Subscription withWill(ClientMessage message) {
    return new Subscription(clientId, topic, kept, Optional.of(message));
  }
}
