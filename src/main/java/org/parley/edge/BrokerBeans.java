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
import org.parley.edge.auditlog.AuditTrail;
import org.parley.edge.controller.ControllerLinks;
import org.parley.edge.controller.LinkLimits;
import org.parley.edge.controller.LinkTls;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.ProtectionSettings;
import org.parley.edge.settings.Settings;
import org.parley.edge.status.PcpMeters;
import org.parley.edge.status.StatusDocument;
import org.parley.edge.status.Version;
import org.parley.identity.IdentityRule;
import org.parley.identity.RevocationCheck;
import org.parley.identity.Revocations;
import org.parley.limit.ConnectionLimits;
import org.parley.limit.MessageRates;
import org.parley.limit.Shedding;
import org.parley.pcp.broker.BrokerStatus;
import org.parley.pcp.broker.ControllerAvailability;
import org.parley.pcp.broker.Controllers;
import org.parley.pcp.broker.Inventory;
import org.parley.pcp.broker.PcpBroker;
import org.parley.pcp.broker.PcpCounters;
import org.parley.pcp.broker.PolicyWatch;
import org.parley.pcp.broker.WireWatch;
import org.parley.policy.BanList;
import org.parley.policy.BanningPolicy;
import org.parley.policy.Bans;
import org.parley.policy.BuiltInPolicy;
import org.parley.policy.file.PolicyReader;
import org.parley.session.ConcurrentSessionRegistry;
import org.parley.session.SessionLimits;
import org.parley.session.SessionRegistry;

/** The composition root: makes the parts of the broker and joins them. */
@ApplicationScoped
public class BrokerBeans {
  /** For so long after a change of the policy, a subscription allowed before it may come up. */
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
  Timers timers() {
    return new Timers();
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
            .map(path -> new WatchedPath(Path.of(path), PolicyReader.MAX_BYTES)),
        new BuiltInPolicy(configuration.get(Settings.PCP_CONTROLLERS)));
  }

  @Produces
  @Singleton
  Bans bans(InstantSource clock) {
    return new Bans(clock);
  }

  @Produces
  @Singleton
  BansFile bansFile(Configuration configuration, Bans bans) {
    return new BansFile(
        Optional.of(configuration.get(ProtectionSettings.BANS))
            .filter(path -> !path.isEmpty())
            .map(path -> new WatchedPath(Path.of(path), BanList.MAX_BYTES)),
        bans);
  }

  @Produces
  @Singleton
  @Typed(BanningPolicy.class)
  BanningPolicy policy(PolicyFile file, Bans bans) {
    return new BanningPolicy(file, bans);
  }

  @Produces
  @Singleton
  KeyStores keyStores(Configuration configuration) {
    return new KeyStores(configuration);
  }

  @Produces
  @Singleton
  BrokerCertificate brokerCertificate(KeyStores keyStores, InstantSource clock, AuditTrail audit) {
    return new BrokerCertificate(keyStores, clock, audit);
  }

  @Produces
  @Singleton
  RevocationFile revocationFile(
      Configuration configuration, KeyStores keyStores, InstantSource clock) {
    return new RevocationFile(
        Optional.of(configuration.get(Settings.CRL)).filter(path -> !path.isEmpty()).map(Path::of),
        keyStores.authorities(),
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
      BanningPolicy policy,
      Bans bans,
      ConnectionLimits limits,
      ControllerAvailability controllers,
      InstantSource clock,
      MqttAdmission mqtt) {
    return new Admission(
        lifecycle,
        new IdentityRule(configuration.get(Settings.IDENTITY_PATTERN)),
        revocations,
        policy,
        bans,
        limits,
        controllers,
        configuration.get(Settings.ORIGINS),
        clock,
        mqtt);
  }

  @Produces
  @Singleton
  SocketConnections connections(
      Configuration configuration, MessageRates rates, InstantSource clock, Ticker ticker) {
    long heap = Runtime.getRuntime().maxMemory();
    return new SocketConnections(
        new OutboundQueue.Bounds(
            configuration.get(Settings.PCP_QUEUE_MESSAGES),
            configuration.get(Settings.PCP_QUEUE_BYTES)),
        new ByteBudget(heap / 100 * configuration.get(Settings.OUTBOUND_SHARE)),
        rates,
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
  PcpMeters pcpMeters(ConcurrentSessionRegistry registry, PcpCounters counters, Ticker ticker) {
    return new PcpMeters(registry, counters, ticker);
  }

  @Produces
  @Singleton
  StatusDocument statusDocument(PcpMeters meters, MqttState mqtt) {
    return new StatusDocument(Version.read(), meters, mqtt.machine()::onlineCount);
  }

  @Produces
  @Singleton
  MessageWatch messageWatch(Configuration configuration, PcpMeters meters, InstantSource clock) {
    return MessageWatch.open(configuration, System.getenv(), meters, clock);
  }

  @Produces
  @Singleton
  PcpParts pcpParts(
      Configuration configuration,
      ConcurrentSessionRegistry registry,
      Lifecycle lifecycle,
      ControllerAvailability controllers,
      BanningPolicy policy,
      PcpCounters counters,
      BrokerCertificate certificate,
      SessionLimits limits,
      MessageWatch messages,
      AuditTrail audit,
      InstantSource clock) {
    return PcpParts.join(
        configuration,
        registry,
        lifecycle,
        controllers,
        policy,
        counters,
        certificate.name(),
        limits,
        messages,
        audit,
        clock);
  }

  @Produces
  @Singleton
  Inventory inventory(PcpParts parts) {
    return parts.inventory();
  }

  @Produces
  @Singleton
  PcpBroker pcpBroker(PcpParts parts) {
    return parts.broker();
  }

  @Produces
  @Singleton
  PolicyWatch policyWatch(
      Configuration configuration,
      ConcurrentSessionRegistry registry,
      Inventory inventory,
      PcpBroker broker) {
    long rounds = POLICY_AFTERCARE.dividedBy(configuration.get(Settings.POLICY_CHECK)) + 2;
    return new PolicyWatch(registry, inventory, broker, Math.toIntExact(rounds));
  }

  @Produces
  @Singleton
  Controllers controllers(PcpParts parts) {
    return parts.controllers();
  }

  @Produces
  @Singleton
  ControllerAvailability controllerAvailability(Configuration configuration, Ticker ticker) {
    return new ControllerAvailability(
        configuration.get(Settings.CONTROLLER_URIS).size(),
        configuration.get(Settings.CONTROLLER_GRACE),
        ticker);
  }

  @Produces
  @Singleton
  BrokerStatus brokerStatus(Lifecycle lifecycle, ControllerAvailability controllers) {
    return new BrokerStatus(lifecycle, controllers);
  }

  @Produces
  @Singleton
  ControllerLinks controllerLinks(
      Configuration configuration,
      Controllers controllers,
      KeyStores keyStores,
      RevocationFile revocations,
      SocketConnections connections) {
    return new ControllerLinks(
        configuration.get(Settings.CONTROLLER_URIS),
        controllers,
        new LinkTls(keyStores::stores),
        certificate -> revocations.check(certificate) == RevocationCheck.Answer.GOOD,
        new LinkLimits(
            connections.bounds(),
            connections.budget(),
            configuration.get(Settings.CONTROLLER_PING_INTERVAL),
            configuration.get(Settings.CONTROLLER_PONG_TIMEOUT),
            configuration.get(Settings.CONTROLLER_CONNECT_TIMEOUT),
            configuration.get(Settings.CLOSE_TIMEOUT),
            configuration.get(Settings.PCP_MAX_MESSAGE),
            connections.clock(),
            connections.ticker()));
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
      Controllers controllers,
      ControllerLinks links,
      WireWatch wires,
      RevocationFile revocations,
      PolicyFile policy,
      BansFile bans,
      PolicyWatch policyWatch,
      UsersFile users,
      BrokerCertificate certificate,
      MessageWatch messages,
      AuditTrail audit,
      Shedding shedding,
      MqttParts mqtt,
      Timers timers) {
    var policyAudit =
        new FileAudit(
            audit, Settings.POLICY, policy::problem, () -> policy.rules() + " rules in force");
    var bansAudit =
        new FileAudit(audit, ProtectionSettings.BANS, bans::problem, () -> "other bans in force");
    return new BrokerService(
        configuration,
        lifecycle,
        registry,
        broker,
        inventory,
        controllers,
        links,
        wires,
        revocations,
        () -> {
          boolean otherRules = policyAudit.looked(policy.poll());
          boolean changed = bansAudit.looked(bans.poll()) || otherRules;
          policyWatch.check(changed);
          if (changed) {
            mqtt.rightsChanged();
          }
        },
        users,
        certificate,
        messages,
        audit,
        shedding,
        mqtt,
        timers);
  }
}
