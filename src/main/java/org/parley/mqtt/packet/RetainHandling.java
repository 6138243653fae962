package org.parley.mqtt.packet;

/** When retained messages are sent for a subscription, MQTT 5.0 section 3.8.3.1. */
public enum RetainHandling {
  /** At each SUBSCRIBE [MQTT-3.3.1-9]. */
  SEND,
  /** Only if the session did not hold the subscription [MQTT-3.3.1-10]. */
  SEND_IF_NEW,
  /** Never [MQTT-3.3.1-11]. */
  DO_NOT_SEND;

  private static final RetainHandling[] BY_VALUE = values();

  /** Returns the handling of a value, 0 to 2. */
  public static RetainHandling of(int value) {
    return BY_VALUE[value];
  }
}
