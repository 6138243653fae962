package org.parley.edge.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.parley.edge.mqtt.MqttListeners;
import org.parley.edge.mqtt.MqttSockets;

/** Ready while every MQTT listener that is configured takes connections. */
@Readiness
@ApplicationScoped
public class MqttListenersCheck implements HealthCheck {
  @Inject MqttListeners listeners;
  @Inject MqttSockets sockets;

  @Override
  public HealthCheckResponse call() {
    var response =
        HealthCheckResponse.named("parley-mqtt-listeners")
            .status(listeners.accepting())
            .withData("connections-websocket", sockets.connections());
    for (var state : listeners.states()) {
      response
          .withData(state.name(), state.address().isPresent() ? "listening" : "closed")
          .withData("connections-" + state.name(), state.connections())
          .withData("acceptedSinceStart-" + state.name(), state.accepted())
          .withData("refusedSinceStart-" + state.name(), state.refused())
          .withData("failedHandshakesSinceStart-" + state.name(), state.failedHandshakes());
    }
    return response.build();
  }
}
