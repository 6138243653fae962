package org.parley.edge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.parley.core.Ticker;
import org.parley.edge.auditlog.AuditTrail;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.MqttProtocolSettings;
import org.parley.edge.settings.MqttSettings;
import org.parley.edge.settings.Setting;
import org.parley.edge.settings.Settings;
import org.parley.identity.IdentityRule;
import org.parley.identity.authentication.AnonymousAccess;
import org.parley.identity.authentication.AuthenticationMethods;
import org.parley.identity.authentication.PasswordAuthentication;
import org.parley.identity.authentication.PeerAuthentication;
import org.parley.limit.ConnectionRates;
import org.parley.limit.Flapping;
import org.parley.limit.LogThrottle;
import org.parley.limit.LoginFailures;
import org.parley.limit.MessageRates;
import org.parley.limit.OpenConnections;
import org.parley.limit.Shedding;
import org.parley.mqtt.broker.LimitedAuthentication;
import org.parley.mqtt.broker.MqttBroker;
import org.parley.mqtt.broker.MqttCounters;
import org.parley.mqtt.broker.MqttOptions;
import org.parley.mqtt.broker.PolicyAuthentication;
import org.parley.mqtt.state.Session;
import org.parley.mqtt.state.StateLimits;
import org.parley.policy.BanningPolicy;

/** The MQTT broker, made from its settings. */
@ApplicationScoped
public class MqttBrokerBeans {
  /** How long a publisher over its rate is not read at a time. */
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(20);

  @Produces
  @Singleton
  MqttCounters mqttCounters() {
    return new MqttCounters();
  }

  @Produces
  @Singleton
  MqttState mqttState(Configuration configuration) {
    return MqttState.open(
        configuration,
        new StateLimits(
            configuration.get(MqttProtocolSettings.SESSIONS),
            configuration.get(MqttProtocolSettings.QUEUE_MESSAGES),
            configuration.get(MqttProtocolSettings.QUEUE_BYTES),
            configuration.get(MqttProtocolSettings.QUEUE_OVERFLOW),
            configuration.get(MqttProtocolSettings.SUBSCRIPTIONS),
            configuration.get(MqttProtocolSettings.RETAINED_MESSAGES),
            configuration.get(MqttProtocolSettings.RETAINED_BYTES),
            share(configuration, MqttProtocolSettings.QUEUE_SHARE),
            configuration.get(MqttProtocolSettings.ALL_SUBSCRIPTIONS)));
  }

  @Produces
  @Singleton
  PasswordWorkers passwordWorkers(Configuration configuration) {
    return new PasswordWorkers(configuration.get(MqttSettings.USERS_WAITING));
  }

  @Produces
  @Singleton
  PolicyAuthentication policyAuthentication(
      Configuration configuration,
      RevocationFile revocations,
      PasswordAuthentication passwords,
      TokenParts tokens,
      AuthenticationMethods methods,
      UsersFile users,
      BanningPolicy policy,
      PasswordWorkers workers,
      LogThrottle throttle,
      InstantSource clock,
      BrokerCertificate certificate) {
    var identities =
        new IdentityRule(
            configuration.get(Settings.IDENTITY_PATTERN), configuration.get(MqttSettings.IDENTITY));
    return new PolicyAuthentication(
        new PeerAuthentication(
            identities,
            revocations,
            passwords,
            tokens.authentication(),
            anonymousAccess(configuration),
            clock),
        methods,
        identities,
        revocations,
        name -> users.get().has(name),
        policy,
        workers,
        throttle,
        clock,
        certificate.name());
  }

  @Produces
  @Singleton
  LimitedAuthentication limitedAuthentication(
      Configuration configuration,
      PolicyAuthentication authentication,
      MqttState state,
      Flapping flapping,
      Shedding shedding,
      LogThrottle throttle,
      Ticker ticker) {
    return new LimitedAuthentication(
        authentication,
        new ConnectionRates(LimitBeans.connectionRates(configuration), ticker),
        new LoginFailures(
            loginFailures(configuration),
            name -> TokenParts.sharedName(configuration).equals(Optional.of(name)),
            ticker),
        new OpenConnections(
            configuration.get(Settings.MAX_PER_IDENTITY),
            configuration.get(Settings.MAX_PER_ADDRESS)),
        new MessageRates(messageRates(configuration), ticker),
        flapping,
        shedding,
        clientId -> isOnline(state.machine().session(clientId)),
        throttle);
  }

  private static boolean isOnline(@Nullable Session session) {
    return session != null && session.online();
  }

  private static MessageRates.Rates messageRates(Configuration configuration) {
    return new MessageRates.Rates(
        LimitBeans.rate(
            configuration, MqttProtocolSettings.MESSAGE_RATE, MqttProtocolSettings.MESSAGE_BURST),
        LimitBeans.rate(
            configuration,
            MqttProtocolSettings.IDENTITY_MESSAGE_RATE,
            MqttProtocolSettings.IDENTITY_MESSAGE_BURST),
        LONGEST_HOLD,
        configuration.get(Settings.LIMITS_TRACKED));
  }

  private static LoginFailures.Rates loginFailures(Configuration configuration) {
    return new LoginFailures.Rates(
        LimitBeans.rate(
            configuration,
            MqttSettings.FAILURES_PER_ADDRESS,
            MqttSettings.FAILURES_PER_ADDRESS_BURST),
        LimitBeans.rate(
            configuration, MqttSettings.FAILURES_PER_USER, MqttSettings.FAILURES_PER_USER_BURST),
        configuration.get(Settings.LIMITS_TRACKED));
  }

  /** Returns where nobody needs to be somebody. */
  static AnonymousAccess anonymousAccess(Configuration configuration) {
    var ownMachine = isLoopback(configuration.get(MqttSettings.HOST));
    return new AnonymousAccess(
        configuration.get(MqttSettings.ALLOW_ANONYMOUS),
        ownMachine ? Set.of("tcp", "ws") : Set.of());
  }

  private static boolean isLoopback(String host) {
    try {
      return !host.equals("*") && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false; // the listener says what is wrong with it
    }
  }

  @Produces
  @Singleton
  MqttBroker mqttBroker(
      Configuration configuration,
      MqttState state,
      LimitedAuthentication authentication,
      AuditTrail audit,
      MqttCounters counters,
      Timers timers,
      InstantSource clock,
      Ticker ticker) {
    return new MqttBroker(
        options(configuration),
        state.machine(),
        (time, told) -> state.log(time, ticker, told),
        authentication,
        audit,
        counters,
        clock,
        ticker,
        timers::after,
        new SecureRandom());
  }

  private static MqttOptions options(Configuration configuration) {
    return new MqttOptions(
        Math.toIntExact(configuration.get(MqttProtocolSettings.PACKET_MAX)),
        Math.toIntExact(configuration.get(MqttProtocolSettings.CONNECT_MAX)),
        configuration.get(MqttProtocolSettings.RECEIVE_MAXIMUM),
        configuration.get(MqttProtocolSettings.TOPIC_ALIASES),
        Math.toIntExact(configuration.get(MqttProtocolSettings.KEEP_ALIVE).toSeconds()),
        configuration.get(MqttProtocolSettings.SESSION_EXPIRY).toSeconds(),
        configuration.get(MqttProtocolSettings.CONNECT_TIMEOUT),
        configuration.get(MqttProtocolSettings.MAXIMUM_QOS),
        configuration.get(MqttProtocolSettings.RETAIN),
        configuration.get(MqttProtocolSettings.WILDCARDS),
        configuration.get(MqttProtocolSettings.SHARED),
        configuration.get(MqttProtocolSettings.SUBSCRIPTION_IDS),
        configuration.get(MqttProtocolSettings.STRICT_TEXT),
        configuration.get(MqttProtocolSettings.PAYLOAD_FORMAT),
        configuration.get(MqttProtocolSettings.CLIENT_ID_LENGTH),
        configuration.get(MqttProtocolSettings.QOS0_BYTES),
        configuration.get(MqttProtocolSettings.REPLAY),
        configuration.get(MqttProtocolSettings.PUBLISHER_HOLD),
        configuration.get(MqttProtocolSettings.AUTHENTICATION_ROUNDS),
        configuration.get(MqttProtocolSettings.RESPONSE_PREFIX),
        configuration.get(MqttProtocolSettings.SERVER_REFERENCE),
        share(configuration, MqttProtocolSettings.WAITING_SHARE),
        share(configuration, Settings.INBOUND_SHARE));
  }

  /** Returns the bytes of a share of the heap. */
  private static long share(Configuration configuration, Setting<Integer> percent) {
    return Runtime.getRuntime().maxMemory() / 100 * configuration.get(percent);
  }

  /** Returns whether a client may come by TLS without a certificate. */
  static boolean admitsWithoutCertificate(Configuration configuration) {
    return !configuration.get(MqttSettings.USERS).isEmpty()
        || TokenParts.areTaken(configuration)
        || configuration.get(MqttSettings.ALLOW_ANONYMOUS).equals(Optional.of(true));
  }
}
