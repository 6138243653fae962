package org.parley.mqtt.packet;

/** How often a message is delivered, MQTT 5.0 section 4.3. */
public enum QoS {
  AT_MOST_ONCE(0),
  AT_LEAST_ONCE(1),
  EXACTLY_ONCE(2);

  private static final QoS[] BY_VALUE = values();

  private final int value;

  QoS(int value) {
    this.value = value;
  }

  /** Returns 0, 1 or 2. */
  public int value() {
    return value;
  }

  /** Returns the QoS of a value, 0 to 2. */
  public static QoS of(int value) {
    return BY_VALUE[value];
  }

  /** Returns the lesser of the two [MQTT-3.8.4-8]. */
  public QoS min(QoS other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /** Returns the greater of the two [MQTT-3.3.4-2]. */
  public QoS max(QoS other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
