package org.parley.mqtt.packet;

/** When retained messages are sent for a subscription, MQTT 5.0 section 3.8.3.1. */
public enum RetainHandling {
  /** At each SUBSCRIBE [MQTT-3.3.1-9]. */
  SEND(0),
  /** Only if the session did not hold the subscription [MQTT-3.3.1-10]. */
  SEND_IF_NEW(1),
  /** Never [MQTT-3.3.1-11]. */
  DO_NOT_SEND(2);

  private static final RetainHandling[] BY_VALUE = values();

  private final int value;

  RetainHandling(int value) {
    this.value = value;
  }

  /** Returns 0, 1 or 2. */
  public int value() {
    return value;
  }

  /** Returns the handling of a value, 0 to 2. */
  public static RetainHandling of(int value) {
    return BY_VALUE[value];
  }
}
