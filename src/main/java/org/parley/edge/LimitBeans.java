package org.parley.edge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.parley.core.Ticker;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.ProtectionSettings;
import org.parley.edge.settings.Setting;
import org.parley.edge.settings.Settings;
import org.parley.limit.ConnectionLimits;
import org.parley.limit.ConnectionRates;
import org.parley.limit.Duels;
import org.parley.limit.Flapping;
import org.parley.limit.LogThrottle;
import org.parley.limit.MessageRates;
import org.parley.limit.Rate;
import org.parley.limit.Shedding;
import org.parley.session.ConcurrentSessionRegistry;
import org.parley.session.SessionLimits;
import org.parley.transport.NetworkMemory;

/** The limits, made from their settings. */
@ApplicationScoped
public class LimitBeans {
  private static final Duration LOG_PERIOD = Duration.ofMinutes(1);

  @Produces
  @Singleton
  SessionLimits sessionLimits(Configuration configuration) {
    return new SessionLimits(
        configuration.get(Settings.MAX_CONNECTIONS),
        configuration.get(Settings.MAX_PER_IDENTITY),
        configuration.get(Settings.MAX_PER_ADDRESS));
  }

  @Produces
  @Singleton
  ConnectionLimits connectionLimits(
      Configuration configuration,
      ConcurrentSessionRegistry registry,
      SessionLimits limits,
      Flapping flapping,
      Shedding shedding,
      Ticker ticker) {
    return new ConnectionLimits(
        registry,
        limits,
        new ConnectionRates(connectionRates(configuration), ticker),
        new Duels(
            duelRate(configuration),
            configuration.get(Settings.DUEL_PROBE),
            configuration.get(Settings.LIMITS_TRACKED),
            ticker),
        flapping,
        shedding);
  }

  @Produces
  @Singleton
  Shedding shedding(Configuration configuration) {
    return new Shedding(
        configuration.get(ProtectionSettings.SHED_PERCENT),
        new MemoryReading(NetworkMemory::share));
  }

  /** By both protocols: no URI is what an MQTT client is known by. */
  @Produces
  @Singleton
  Flapping flapping(Configuration configuration, Ticker ticker) {
    return new Flapping(
        new Flapping.Options(
            rate(
                configuration, ProtectionSettings.FLAPPING_RATE, ProtectionSettings.FLAPPING_BURST),
            configuration.get(ProtectionSettings.FLAPPING_BAN),
            configuration.get(Settings.LIMITS_TRACKED)),
        ticker);
  }

  static ConnectionRates.Rates connectionRates(Configuration configuration) {
    return new ConnectionRates.Rates(
        rate(configuration, Settings.CONNECTION_RATE, Settings.CONNECTION_BURST),
        rate(configuration, Settings.IDENTITY_RATE, Settings.IDENTITY_BURST),
        rate(configuration, Settings.ADDRESS_RATE, Settings.ADDRESS_BURST),
        configuration.get(Settings.LIMITS_TRACKED));
  }

  private static Rate duelRate(Configuration configuration) {
    int burst = configuration.get(Settings.DUEL_BURST);
    return burst == 0
        ? Rate.UNLIMITED
        : new Rate(1, configuration.get(Settings.DUEL_INTERVAL), burst);
  }

  @Produces
  @Singleton
  MessageRates messageRates(Configuration configuration, Ticker ticker) {
    return new MessageRates(
        new MessageRates.Rates(
            rate(configuration, Settings.MESSAGE_RATE, Settings.MESSAGE_BURST),
            rate(configuration, Settings.IDENTITY_MESSAGE_RATE, Settings.IDENTITY_MESSAGE_BURST),
            configuration.get(Settings.MESSAGE_HOLD),
            configuration.get(Settings.LIMITS_TRACKED)),
        ticker);
  }

  /** Returns a rate and its burst, which are two settings. */
  static Rate rate(Configuration configuration, Setting<Rate> rate, Setting<Integer> burst) {
    return configuration.get(rate).withBurst(configuration.get(burst));
  }

  @Produces
  @Singleton
  LogThrottle logThrottle(Configuration configuration, Ticker ticker) {
    return new LogThrottle(LOG_PERIOD, configuration.get(Settings.LIMITS_TRACKED), ticker);
  }
}
