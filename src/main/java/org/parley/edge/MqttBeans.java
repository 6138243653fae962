package org.parley.edge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import org.parley.core.ByteWire;
import org.parley.core.Lifecycle;
import org.parley.edge.mqtt.MqttLimits;
import org.parley.edge.mqtt.MqttListeners;
import org.parley.edge.mqtt.MqttService;
import org.parley.edge.mqtt.MqttSockets;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.MqttSettings;
import org.parley.edge.settings.Settings;
import org.parley.identity.IdentityRule;
import org.parley.limit.ConnectionLimits;

/** The parts of MQTT, made and joined. */
@ApplicationScoped
public class MqttBeans {
  /** There is no MQTT broker yet: every wire is ended as soon as it says something. */
  @Produces
  @Singleton
  MqttService mqttService() {
    return new MqttService(Ending::new, () -> {});
  }

  /** Stands for the broker until it is there. */
  private record Ending(ByteWire wire) implements ByteWire.Handler {
    @Override
    public void received(ByteBuffer bytes) {
      wire.finish();
    }

    @Override
    public void receivedAll() {}

    @Override
    public void writable() {}

    @Override
    public void closed() {}
  }

  @Produces
  @Singleton
  ListenerTls listenerTls(KeyStores keyStores) {
    return new ListenerTls(keyStores);
  }

  @Produces
  @Singleton
  MqttListeners mqttListeners(Configuration configuration, MqttService service, ListenerTls tls) {
    return new MqttListeners(configuration, service.acceptor(), tls);
  }

  @Produces
  @Singleton
  MqttSockets mqttSockets(Configuration configuration, MqttService service) {
    return new MqttSockets(
        service, MqttLimits.of(configuration), configuration.get(MqttSettings.MAX_CONNECTIONS));
  }

  @Produces
  @Singleton
  MqttParts mqttParts(MqttService service, MqttListeners listeners, ListenerTls tls) {
    return new MqttParts(service, listeners, tls);
  }

  @Produces
  @Singleton
  MqttAdmission mqttAdmission(
      Configuration configuration,
      Lifecycle lifecycle,
      RevocationFile revocations,
      ConnectionLimits limits,
      MqttSockets sockets,
      InstantSource clock) {
    return new MqttAdmission(
        new MqttAdmission.Rules(
            admitsWithoutCertificate(), configuration.get(MqttSettings.LEGACY_SUBPROTOCOL)),
        lifecycle,
        new IdentityRule(configuration.get(Settings.IDENTITY_PATTERN)),
        revocations,
        limits,
        sockets::full,
        clock);
  }

  /** Nobody can log in by user name yet, and nobody may stay anonymous. */
  private static boolean admitsWithoutCertificate() {
    return false;
  }
}
