package org.parley.mqtt.routing;

import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.SubscriptionOptions;

/**
 * What one session holds for one filter.
 *
 * @param options as asked for; the maximum QoS as granted
 * @param subscriptionId 1 to 268435455; 0 for none
 */
public record Subscription(
    Subscriber subscriber, TopicFilter filter, SubscriptionOptions options, int subscriptionId) {

  public QoS grantedQos() {
    return options.maximumQos();
  }
}
