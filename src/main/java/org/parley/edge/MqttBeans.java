package org.parley.edge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import org.parley.core.Lifecycle;
import org.parley.edge.auditlog.AuditTrail;
import org.parley.edge.mqtt.MqttLimits;
import org.parley.edge.mqtt.MqttListeners;
import org.parley.edge.mqtt.MqttService;
import org.parley.edge.mqtt.MqttSockets;
import org.parley.edge.mqtt.Proxies;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.MqttProtocolSettings;
import org.parley.edge.settings.MqttSettings;
import org.parley.edge.settings.Settings;
import org.parley.identity.IdentityRule;
import org.parley.limit.ConnectionLimits;
import org.parley.limit.LogThrottle;
import org.parley.mqtt.broker.MqttBroker;
import org.parley.mqtt.broker.SysTopics;
import org.parley.policy.Bans;
import org.parley.transport.WebSocketOptions;
import org.parley.websocket.protocol.FrameRules;

/** The parts of MQTT, made and joined. */
@ApplicationScoped
public class MqttBeans {
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  @Produces
  @Singleton
  MqttService mqttService(MqttBroker broker) {
    return new MqttService(broker, () -> broker.stop(FAREWELL));
  }

  @Produces
  @Singleton
  ListenerTls listenerTls(KeyStores keyStores, AuditTrail audit) {
    return new ListenerTls(keyStores, audit);
  }

  @Produces
  @Singleton
  MqttListeners mqttListeners(
      Configuration configuration,
      MqttService service,
      ListenerTls tls,
      LogThrottle throttle,
      Bans bans,
      Admission admission,
      AuditTrail audit) {
    return new MqttListeners(
        configuration,
        service.acceptor(),
        tls,
        Proxies.of(configuration, throttle),
        address -> bans.ofAddress(address).isPresent(),
        new WebSocketOptions(
            frameRules(configuration),
            new MqttGate(admission, new HandshakeRefusals(throttle, audit)),
            configuration.get(MqttSettings.TLS_HANDSHAKE)));
  }

  /** The limits are those of all WebSockets, but never less than one packet of MQTT. */
  private static FrameRules frameRules(Configuration configuration) {
    long message =
        Math.max(
            configuration.get(Settings.PCP_MAX_MESSAGE),
            configuration.get(MqttProtocolSettings.PACKET_MAX));
    return new FrameRules(message, message, configuration.get(Settings.MAX_FRAGMENTS), false, true);
  }

  @Produces
  @Singleton
  MqttSockets mqttSockets(Configuration configuration, MqttService service) {
    return new MqttSockets(
        service, MqttLimits.of(configuration), configuration.get(MqttSettings.MAX_CONNECTIONS));
  }

  @Produces
  @Singleton
  MqttParts mqttParts(
      Configuration configuration,
      MqttState state,
      MqttBroker broker,
      MqttService service,
      MqttListeners listeners,
      ListenerTls tls,
      PasswordWorkers workers,
      TokenParts tokens,
      SysTopics topics) {
    return new MqttParts(
        state,
        broker,
        service,
        listeners,
        tls,
        workers,
        tokens,
        topics,
        configuration.get(MqttProtocolSettings.SYS_INTERVAL));
  }

  @Produces
  @Singleton
  MqttAdmission mqttAdmission(
      Configuration configuration,
      Lifecycle lifecycle,
      RevocationFile revocations,
      Bans bans,
      ConnectionLimits limits,
      MqttSockets sockets,
      InstantSource clock) {
    return new MqttAdmission(
        new MqttAdmission.Rules(
            MqttBrokerBeans.admitsWithoutCertificate(configuration),
            configuration.get(MqttSettings.LEGACY_SUBPROTOCOL)),
        lifecycle,
        new IdentityRule(
            configuration.get(Settings.IDENTITY_PATTERN), configuration.get(MqttSettings.IDENTITY)),
        revocations,
        bans,
        limits,
        sockets::full,
        clock);
  }
}
