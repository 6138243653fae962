package org.parley.mqtt.packet;

/** The versions of MQTT that are spoken, by the protocol name and level of CONNECT. */
public enum ProtocolVersion {
  /** {@code MQIsdp}, level 3. */
  V3_1(3, "mqtt-v3.1"),
  /** {@code MQTT}, level 4. */
  V3_1_1(4, "mqtt-v3.1.1"),
  /** {@code MQTT}, level 5. */
  V5(5, "mqtt-v5");

  private final int level;
  private final String label;

  ProtocolVersion(int level, String label) {
    this.level = level;
    this.label = label;
  }

  /** Returns the protocol level as it stands in CONNECT. */
  public int level() {
    return level;
  }

  /** Returns the name used in logs, health data and metrics. */
  public String label() {
    return label;
  }

  /** Returns whether packets have properties and reason codes. */
  public boolean hasProperties() {
    return this == V5;
  }
}
