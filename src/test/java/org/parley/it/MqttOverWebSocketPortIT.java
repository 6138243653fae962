package org.parley.it;

/** MQTT over WebSocket on a port of its own. */
class MqttOverWebSocketPortIT extends MqttOverWebSocketRules {
  @Override
  int securePort() {
    return MQTT_WSS_PORT;
  }

  @Override
  int plainPort() {
    return MQTT_WS_PORT;
  }
}
