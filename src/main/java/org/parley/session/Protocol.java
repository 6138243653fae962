package org.parley.session;

/** What a session speaks. */
public enum Protocol {
  PCP_V1("pcp-v1"),
  PCP_V2("pcp-v2"),
  MQTT_V3_1("mqtt-v3.1"),
  MQTT_V3_1_1("mqtt-v3.1.1"),
  MQTT_V5("mqtt-v5");

  private final String label;

  Protocol(String label) {
    this.label = label;
  }

  /** Returns the name used in logs, health data and metrics. */
  public String label() {
    return label;
  }
}
