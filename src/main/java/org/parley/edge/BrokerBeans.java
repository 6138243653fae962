package org.parley.edge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;
import org.parley.core.ByteBudget;
import org.parley.core.Lifecycle;
import org.parley.core.OutboundQueue;
import org.parley.core.Ticker;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.Settings;
import org.parley.identity.IdentityRule;
import org.parley.identity.Revocations;
import org.parley.pcp.broker.Inventory;
import org.parley.pcp.broker.PcpBroker;
import org.parley.pcp.broker.PcpCounters;
import org.parley.pcp.broker.PolicyWatch;
import org.parley.pcp.broker.Replies;
import org.parley.pcp.broker.Router;
import org.parley.pcp.broker.WireWatch;
import org.parley.pcp.codec.InventoryCodec;
import org.parley.pcp.codec.PcpV2Codec;
import org.parley.pcp.message.BrokerMessages;
import org.parley.pcp.message.MessageId;
import org.parley.policy.BuiltInPolicy;
import org.parley.session.ConcurrentSessionRegistry;
import org.parley.session.SessionRegistry;

/** The composition root: makes the parts of the broker and joins them. */
@ApplicationScoped
public class BrokerBeans {
  /** For so long after a change of the policy, what was allowed before it may still come up. */
  private static final Duration POLICY_AFTERCARE = Duration.ofSeconds(5);

  @Produces
  @Singleton
  Configuration configuration() {
    var config = ConfigProvider.getConfig();
    return Configuration.read(
        config.getPropertyNames(), key -> config.getOptionalValue(key, String.class));
  }

  @Produces
  @Singleton
  Lifecycle lifecycle() {
    return new Lifecycle();
  }

  @Produces
  @Singleton
  InstantSource clock() {
    return InstantSource.system();
  }

  @Produces
  @Singleton
  Ticker ticker() {
    return System::nanoTime;
  }

  /** The registry itself, for the parts of the broker: their threads have no CDI context. */
  @Produces
  @Singleton
  @Typed(ConcurrentSessionRegistry.class)
  ConcurrentSessionRegistry liveRegistry(Configuration configuration) {
    return new ConcurrentSessionRegistry(configuration.get(Settings.PCP_INVENTORY_JOURNAL));
  }

  /** The registry as everything else of the application sees it. */
  @Produces
  @ApplicationScoped
  SessionRegistry sessionRegistry(ConcurrentSessionRegistry registry) {
    return registry;
  }

  @Produces
  @Singleton
  PolicyFile policyFile(Configuration configuration) {
    return new PolicyFile(
        Optional.of(configuration.get(Settings.POLICY))
            .filter(path -> !path.isEmpty())
            .map(path -> new PolicyPath(Path.of(path))),
        new BuiltInPolicy(configuration.get(Settings.PCP_CONTROLLERS)));
  }

  @Produces
  @Singleton
  KeyStores keyStores(Configuration configuration) {
    return new KeyStores(configuration);
  }

  @Produces
  @Singleton
  BrokerCertificate brokerCertificate(KeyStores keyStores, InstantSource clock) {
    return new BrokerCertificate(keyStores, clock);
  }

  @Produces
  @Singleton
  RevocationFile revocationFile(
      Configuration configuration, KeyStores keyStores, InstantSource clock) {
    return new RevocationFile(
        Optional.of(configuration.get(Settings.CRL)).filter(path -> !path.isEmpty()).map(Path::of),
        keyStores::authorities,
        configuration.get(Settings.CRL_HARD_FAIL)
            ? Revocations.Mode.HARD_FAIL
            : Revocations.Mode.SOFT_FAIL,
        clock);
  }

  @Produces
  @Singleton
  Admission admission(
      Configuration configuration,
      Lifecycle lifecycle,
      RevocationFile revocations,
      PolicyFile policy,
      ConcurrentSessionRegistry registry,
      InstantSource clock) {
    return new Admission(
        lifecycle,
        new IdentityRule(configuration.get(Settings.IDENTITY_PATTERN)),
        revocations,
        policy,
        registry,
        configuration.get(Settings.MAX_CONNECTIONS),
        configuration.get(Settings.ORIGINS),
        clock);
  }

  @Produces
  @Singleton
  SocketConnections connections(Configuration configuration, InstantSource clock, Ticker ticker) {
    long heap = Runtime.getRuntime().maxMemory();
    return new SocketConnections(
        new OutboundQueue.Bounds(
            configuration.get(Settings.PCP_QUEUE_MESSAGES),
            configuration.get(Settings.PCP_QUEUE_BYTES)),
        new ByteBudget(heap / 100 * configuration.get(Settings.OUTBOUND_SHARE)),
        clock,
        ticker);
  }

  @Produces
  @Singleton
  PcpCounters pcpCounters() {
    return new PcpCounters();
  }

  @Produces
  @Singleton
  PcpV2Codec pcpV2Codec(Configuration configuration) {
    return new PcpV2Codec(configuration.get(Settings.PCP_MAX_DEPTH));
  }

  @Produces
  @Singleton
  BrokerMessages brokerMessages() {
    return new BrokerMessages(MessageId::random);
  }

  @Produces
  @Singleton
  Replies replies(
      Configuration configuration,
      PcpV2Codec codec,
      BrokerMessages messages,
      PcpCounters counters) {
    return new Replies(codec, messages, configuration.get(Settings.PCP_UNAUTHORIZED), counters);
  }

  @Produces
  @Singleton
  Inventory inventory(
      Configuration configuration,
      ConcurrentSessionRegistry registry,
      BrokerMessages messages,
      Replies replies) {
    return new Inventory(
        registry,
        new InventoryCodec(configuration.get(Settings.PCP_INVENTORY_QUERY)),
        messages,
        replies,
        Math.toIntExact(configuration.get(Settings.PCP_INVENTORY_UPDATE)));
  }

  @Produces
  @Singleton
  PcpBroker pcpBroker(
      Configuration configuration,
      ConcurrentSessionRegistry registry,
      Lifecycle lifecycle,
      PolicyFile policy,
      PcpV2Codec codec,
      Replies replies,
      Inventory inventory,
      PcpCounters counters,
      BrokerCertificate certificate) {
    var router =
        new Router(registry, policy, inventory, codec, replies, counters, certificate.name());
    return new PcpBroker(
        registry,
        lifecycle,
        codec,
        router,
        replies,
        inventory,
        counters,
        new PcpBroker.Options(certificate.name(), configuration.get(Settings.MAX_CONNECTIONS)));
  }

  @Produces
  @Singleton
  PolicyWatch policyWatch(
      Configuration configuration,
      ConcurrentSessionRegistry registry,
      Inventory inventory,
      PolicyFile policy,
      PcpBroker broker) {
    long rounds = POLICY_AFTERCARE.dividedBy(configuration.get(Settings.POLICY_CHECK)) + 2;
    return new PolicyWatch(registry, inventory, policy, broker, Math.toIntExact(rounds));
  }

  @Produces
  @Singleton
  WireWatch wireWatch(
      Configuration configuration,
      ConcurrentSessionRegistry registry,
      PcpBroker broker,
      InstantSource clock,
      Ticker ticker) {
    return new WireWatch(
        registry,
        new WireWatch.Timing(
            configuration.get(Settings.PCP_PING_INTERVAL),
            configuration.get(Settings.PCP_PONG_TIMEOUT),
            configuration.get(Settings.PCP_IDLE_TIMEOUT)),
        broker,
        clock,
        ticker);
  }

  @Produces
  @Singleton
  BrokerService brokerService(
      Configuration configuration,
      Lifecycle lifecycle,
      ConcurrentSessionRegistry registry,
      PcpBroker broker,
      Inventory inventory,
      WireWatch wires,
      RevocationFile revocations,
      PolicyFile policy,
      PolicyWatch policyWatch,
      BrokerCertificate certificate) {
    return new BrokerService(
        configuration,
        lifecycle,
        registry,
        broker,
        inventory,
        wires,
        revocations,
        () -> policyWatch.check(policy.poll()),
        certificate);
  }
}
