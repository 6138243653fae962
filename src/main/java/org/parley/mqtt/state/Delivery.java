package org.parley.mqtt.state;

import java.util.List;
import org.parley.mqtt.packet.QoS;

/**
 * A message for one session.
 *
 * @param qos of the delivery, the lesser of published and granted [MQTT-3.8.4-8]
 * @param retain the RETAIN flag as it is forwarded
 * @param subscriptionIds of the receiving session's own subscriptions [MQTT-3.3.4-4]
 */
public record Delivery(Message message, QoS qos, boolean retain, List<Integer> subscriptionIds) {}
