package org.parley.it;

/**
 * A message as a client sends or gets it.
 *
 * @param qos 0 to 2; of one that arrived, the QoS of its delivery
 * @param retain of one that arrived: whether it was retained before the subscription
 */
record ClientMessage(String topic, String payload, int qos, boolean retain) {
  static ClientMessage of(String topic, String payload, int qos) {
    return new ClientMessage(topic, payload, qos, false);
  }

  ClientMessage retained() {
    return new ClientMessage(topic, payload, qos, true);
  }
}
