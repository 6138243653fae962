package org.parley.mqtt.state;

import java.util.List;
import java.util.Optional;
import org.parley.mqtt.packet.QoS;

/**
 * A message for one session.
 *
 * @param qos of the delivery, the lesser of published and granted [MQTT-3.8.4-8]
 * @param retain the RETAIN flag as it is forwarded
 * @param replayed whether it is a retained message that a subscription has asked for
 * @param subscriptionIds of the receiving session's own subscriptions [MQTT-3.3.4-4]
 * @param publisher of a retained message: who is asked about before it is sent
 */
public record Delivery(
    Message message,
    QoS qos,
    boolean retain,
    boolean replayed,
    List<Integer> subscriptionIds,
    Optional<Owner> publisher) {

  /** A message that was published after the subscription was made. */
  public static Delivery live(
      Message message, QoS qos, boolean retain, List<Integer> subscriptionIds) {
    return new Delivery(message, qos, retain, false, subscriptionIds, Optional.empty());
  }

  /** A retained message for a subscription that is new [MQTT-3.3.1-8]. */
  public static Delivery replayed(
      RetainedMessage retained, QoS qos, List<Integer> subscriptionIds) {
    return new Delivery(retained.message(), qos, true, true, subscriptionIds, retained.publisher());
  }

  /** Returns the same with an equal publisher in the place of its own. */
  Delivery by(Optional<Owner> publisher) {
    return new Delivery(message, qos, retain, replayed, subscriptionIds, publisher);
  }
}
