package org.parley.edge.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.parley.core.Lifecycle;
import org.parley.edge.Admission;
import org.parley.edge.MqttState;
import org.parley.limit.MessageRates;
import org.parley.mqtt.broker.MqttCounters;
import org.parley.mqtt.broker.MqttSessions;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.pcp.broker.Inventory;
import org.parley.pcp.broker.PcpCounters;
import org.parley.pcp.broker.WireWatch;
import org.parley.session.Protocol;
import org.parley.session.SessionRegistry;

/** Ready while new peers are let in. Reads counters only: never blocks, names nobody. */
@Readiness
@ApplicationScoped
public class ConnectionsCheck implements HealthCheck {
  @Inject Lifecycle lifecycle;
  @Inject Admission admission;
  @Inject SessionRegistry registry;
  @Inject PcpCounters counters;
  @Inject Inventory inventory;
  @Inject WireWatch wires;
  @Inject MessageRates rates;
  @Inject MqttSessions mqtt;
  @Inject MqttState mqttState;
  @Inject MqttCounters mqttCounters;

  @Override
  public HealthCheckResponse call() {
    var summary = wires.summary();
    var response =
        HealthCheckResponse.named("parley-connections")
            .status(lifecycle.running() && !admission.full())
            .withData("state", lifecycle.state().name())
            .withData("connectionsOpen", registry.size())
            .withData("connectionsLimit", admission.maxConnections());
    for (var protocol : Protocol.values()) {
      response.withData("sessions-" + protocol.label(), sessions(protocol, summary));
    }
    response
        .withData(
            "mqttSessionsOffline",
            Math.max(0, mqttState.machine().sessionCount() - mqttState.machine().onlineCount()))
        .withData("mqttMessagesQueued", mqttState.machine().queuedCount())
        .withData("mqttDroppedSinceStart", mqttCounters.drops())
        .withData("associatedSinceStart", counters.associations())
        .withData("supersededSinceStart", counters.supersessions())
        .withData("refusedSinceStart", admission.refusedInAll())
        .withData("longestSilenceSeconds", summary.longestSilence().toSeconds())
        .withData("queuesOverHalfFull", summary.congested())
        .withData("messagesHeldSinceStart", rates.held())
        .withData("readersHeld", rates.holding())
        .withData("inventorySubscriptions", inventory.subscriptions());
    admission
        .refused()
        .forEach((refusal, count) -> response.withData("refused-" + refusal.label(), count));
    return response.build();
  }

  private int sessions(Protocol protocol, WireWatch.Summary pcp) {
    return switch (protocol) {
      case PCP_V1, PCP_V2 -> pcp.sessions().getOrDefault(protocol, 0);
      case MQTT_V3_1 -> mqtt.summary().connections(ProtocolVersion.V3_1);
      case MQTT_V3_1_1 -> mqtt.summary().connections(ProtocolVersion.V3_1_1);
      case MQTT_V5 -> mqtt.summary().connections(ProtocolVersion.V5);
    };
  }
}
