package org.parley.mqtt.routing;

import java.util.ArrayList;
import java.util.List;
import org.parley.mqtt.packet.QoS;

/**
 * One copy of a message: to whom, and how. Where several subscriptions of a session match, this is
 * what they come to together, MQTT 5.0 section 3.3.4.
 *
 * @param grantedQos the highest of those that match [MQTT-3.3.4-2]
 * @param retainAsPublished whether any of them asked for it
 * @param subscriptionIds all, each as often as it matched [MQTT-3.3.4-4]
 */
public record Target(
    Subscriber subscriber,
    QoS grantedQos,
    boolean retainAsPublished,
    List<Integer> subscriptionIds) {

  static Target of(Subscription subscription) {
    return new Target(
        subscription.subscriber(),
        subscription.grantedQos(),
        subscription.options().retainAsPublished(),
        subscription.subscriptionId() == 0 ? List.of() : List.of(subscription.subscriptionId()));
  }

  /** Returns the QoS of the delivery [MQTT-3.8.4-8]. */
  public QoS qos(QoS published) {
    return published.min(grantedQos);
  }

  /** Returns the RETAIN flag of a live message [MQTT-3.3.1-12] [MQTT-3.3.1-13]. */
  public boolean retain(boolean published) {
    return published && retainAsPublished;
  }

  /** Returns copies for the same session as one. */
  static Target of(List<Target> copies) {
    var grantedQos = QoS.AT_MOST_ONCE;
    boolean retainAsPublished = false;
    var ids = new ArrayList<Integer>();
    for (var copy : copies) {
      grantedQos = grantedQos.max(copy.grantedQos);
      retainAsPublished |= copy.retainAsPublished;
      ids.addAll(copy.subscriptionIds);
    }
    return new Target(
        copies.getFirst().subscriber, grantedQos, retainAsPublished, List.copyOf(ids));
  }
}
