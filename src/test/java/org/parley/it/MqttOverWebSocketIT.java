package org.parley.it;

/** MQTT over WebSocket on the server's own port. */
class MqttOverWebSocketIT extends MqttOverWebSocketRules {
  @Override
  int securePort() {
    return HTTPS_PORT;
  }

  @Override
  int plainPort() {
    return HTTP_PORT;
  }
}
