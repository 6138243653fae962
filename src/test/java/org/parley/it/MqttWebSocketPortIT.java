package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;

/** MQTT over WebSocket on ports of its own. */
class MqttWebSocketPortIT extends MqttWebSocketRules {
  @Override
  int securePort() {
    return MQTT_WSS_PORT;
  }

  @Override
  int plainPort() {
    return MQTT_WS_PORT;
  }

  @Override
  String counter() {
    return "connections-wss";
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/mqtt/", "/pcp2/agent", "/metrics", "/health", "/mqtt%2e", "*"})
  void givenOtherPath_whenAskedFor_then404(String path) throws IOException {
    var handshake = OpeningHandshake.of(path).subprotocol("mqtt");
    try (var socket = RawWebSocket.open(Wire.plain(MQTT_WS_PORT), handshake)) {
      PlainAnswer.check(socket.answer(), 404);
    }
  }

  /** No page comes from here: who says so has another name for this machine. */
  @Test
  @Tag("W17")
  void givenOriginOfThePortItself_whenAskedFor_then403() throws IOException {
    var handshake =
        OpeningHandshake.of("/mqtt")
            .subprotocol("mqtt")
            .with("Host", "evil.test:" + MQTT_WS_PORT)
            .header("Origin", "http://evil.test:" + MQTT_WS_PORT);
    try (var socket = RawWebSocket.open(Wire.plain(MQTT_WS_PORT), handshake)) {
      PlainAnswer.check(socket.answer(), 403);
    }
  }

  @Test
  void givenQueryBehindThePath_whenAskedFor_thenUpgraded() throws IOException {
    var handshake = OpeningHandshake.of("/mqtt?token=1").subprotocol("mqtt");
    try (var socket = RawWebSocket.open(Wire.plain(MQTT_WS_PORT), handshake)) {
      assertThat(socket.answer().status()).isEqualTo(101);
    }
  }
}
