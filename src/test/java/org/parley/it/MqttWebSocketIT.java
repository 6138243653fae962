package org.parley.it;

/** MQTT over WebSocket on the server's own ports, by the engine that PCP has too. */
class MqttWebSocketIT extends MqttWebSocketRules {
  @Override
  int securePort() {
    return HTTPS_PORT;
  }

  @Override
  int plainPort() {
    return HTTP_PORT;
  }

  @Override
  String counter() {
    return "connections-websocket";
  }
}
