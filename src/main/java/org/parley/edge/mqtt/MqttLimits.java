package org.parley.edge.mqtt;

import java.time.Duration;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.MqttSettings;
import org.parley.edge.settings.SettingException;
import org.parley.transport.WireLimits;

/** What one wire may hold, from the settings. */
public final class MqttLimits {
  /** How long a client may take to close after the broker has said its last (MQTT 5.0 4.13.1). */
  private static final Duration FINISH = Duration.ofSeconds(2);

  private MqttLimits() {}

  /**
   * Reads them.
   *
   * @throws SettingException if they contradict each other
   */
  public static WireLimits of(Configuration configuration) {
    long low = configuration.get(MqttSettings.OUTBOUND_LOW);
    long high = configuration.get(MqttSettings.OUTBOUND_HIGH);
    long most = configuration.get(MqttSettings.OUTBOUND_MAX);
    if (low > high || high > most) {
      throw new SettingException(
          "%s, %s and %s are %d, %d and %d bytes: give them in rising order."
              .formatted(
                  MqttSettings.OUTBOUND_LOW.key(),
                  MqttSettings.OUTBOUND_HIGH.key(),
                  MqttSettings.OUTBOUND_MAX.key(),
                  low,
                  high,
                  most));
    }
    return new WireLimits(Math.toIntExact(low), Math.toIntExact(high), most, FINISH);
  }
}
