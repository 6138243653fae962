package org.parley.mqtt.packet;

/**
 * The options byte of a subscription, MQTT 5.0 section 3.8.3.1. Before 5.0 only the QoS is chosen.
 *
 * @param maximumQos what the client asks for
 * @param noLocal nothing of what the session's own client publishes
 * @param retainAsPublished the RETAIN flag is forwarded as it was published
 */
public record SubscriptionOptions(
    QoS maximumQos, boolean noLocal, boolean retainAsPublished, RetainHandling retainHandling) {

  /** Returns what a subscription of MQTT 3.1.1 stands for. */
  public static SubscriptionOptions of(QoS maximumQos) {
    return new SubscriptionOptions(maximumQos, false, false, RetainHandling.SEND);
  }
}
