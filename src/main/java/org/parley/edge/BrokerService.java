package org.parley.edge;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import jakarta.servlet.ServletContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditResult;
import org.parley.core.CloseReason;
import org.parley.core.Lifecycle;
import org.parley.edge.auditlog.AuditTrail;
import org.parley.edge.controller.ControllerLinks;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.MqttSettings;
import org.parley.edge.settings.Settings;
import org.parley.edge.status.PcpMeters;
import org.parley.edge.status.Version;
import org.parley.identity.RevocationCheck;
import org.parley.limit.Shedding;
import org.parley.pcp.broker.Controllers;
import org.parley.pcp.broker.Inventory;
import org.parley.pcp.broker.PcpBroker;
import org.parley.pcp.broker.WireWatch;
import org.parley.session.SessionRegistry;
import org.parley.websocket.WebSocketLimits;
import org.parley.websocket.WebSocketShutdown;

/** The broker as one thing that starts, does its regular work, and stops. */
public final class BrokerService {
  private static final Logger LOG = System.getLogger(BrokerService.class.getName());

  /** What a byte of an unfinished message costs on its way through the engine and the codec. */
  private static final int HEAP_BYTES_A_BYTE = 3;

  private static final Duration SWEEP = Duration.ofSeconds(1);
  private static final Duration MEMORY_CHECK = Duration.ofMillis(250);
  private static final Duration CERTIFICATE_CHECK = Duration.ofMinutes(1);

  private final Configuration configuration;
  private final Lifecycle lifecycle;
  private final SessionRegistry registry;
  private final PcpBroker broker;
  private final Inventory inventory;
  private final Controllers controllers;
  private final ControllerLinks links;
  private final WireWatch wires;
  private final RevocationFile revocations;
  private final Runnable policyCheck;
  private final UsersFile users;
  private final BrokerCertificate certificate;
  private final MessageWatch messages;
  private final AuditTrail audit;
  private final FileAudit usersAudit;
  private final FileAudit revocationsAudit;
  private final Shedding shedding;
  private final MqttParts mqtt;
  private final Timers timers;
  private final Drain drain;
  private final ServerListeners listeners;
  private Runnable webSockets = () -> {};
  private boolean changedBefore;

  public BrokerService(
      Configuration configuration,
      Lifecycle lifecycle,
      SessionRegistry registry,
      PcpBroker broker,
      Inventory inventory,
      Controllers controllers,
      ControllerLinks links,
      WireWatch wires,
      RevocationFile revocations,
      Runnable policyCheck,
      UsersFile users,
      BrokerCertificate certificate,
      MessageWatch messages,
      AuditTrail audit,
      Shedding shedding,
      MqttParts mqtt,
      Timers timers) {
    this.configuration = configuration;
    this.lifecycle = lifecycle;
    this.registry = registry;
    this.broker = broker;
    this.inventory = inventory;
    this.controllers = controllers;
    this.links = links;
    this.wires = wires;
    this.revocations = revocations;
    this.policyCheck = policyCheck;
    this.users = users;
    this.certificate = certificate;
    this.messages = messages;
    this.audit = audit;
    this.usersAudit =
        new FileAudit(
            audit,
            MqttSettings.USERS,
            users::problem,
            () -> users.get().size() + " users in force");
    this.revocationsAudit =
        new FileAudit(audit, Settings.CRL, revocations::problem, () -> "other CRLs in force");
    this.shedding = shedding;
    this.mqtt = mqtt;
    this.timers = timers;
    // Made now: when the WAR's file has been removed, no further class can be loaded.
    this.drain = new Drain(registry, timers);
    this.listeners = new ServerListeners(this::listenersClosed, this::listenersOpened);
  }

  /** Begins the regular work, and lets peers in. */
  void start(ServletContext context) {
    mqtt.start();
    context.setAttribute(WebSocketLimits.ATTRIBUTE, webSocketLimits());
    webSockets = WebSocketShutdown.takeOver(context);
    messages.start();
    audit.start();
    timers.every(SWEEP, audit::tick);
    timers.every(SWEEP, wires::sweep);
    timers.every(MEMORY_CHECK, shedding::look);
    timers.every(SWEEP, links::tick);
    timers.every(SWEEP, () -> controllers.closeForsaken(registry, broker));
    timers.every(configuration.get(Settings.PCP_INVENTORY_BATCH), inventory::sendUpdates);
    timers.every(configuration.get(Settings.CRL_CHECK), this::checkRevocations);
    timers.every(configuration.get(Settings.POLICY_CHECK), policyCheck);
    timers.every(configuration.get(MqttSettings.USERS_CHECK), this::checkUsers);
    timers.every(PcpMeters.PERIOD, messages.meters()::tick);
    timers.every(CERTIFICATE_CHECK, certificate::reload);
    listeners.listen();
    lifecycle.advanceTo(Lifecycle.State.RUNNING);
    audit.record(
        AuditEvent.of(AuditAction.START, AuditResult.DONE, "").with("version " + Version.read()));
    mqtt.accept(timers);
    links.start(timers::after);
    Banner.print(configuration, certificate.name());
  }

  /** Lets nobody in any more, closes every session, and ends the regular work. */
  void stop() {
    audit.record(AuditEvent.of(AuditAction.STOP, AuditResult.DONE, ""));
    listeners.stop();
    if (lifecycle.advanceTo(Lifecycle.State.DRAINING) || registry.size() > 0) {
      drain();
    }
    links.stop(configuration.get(Settings.CLOSE_TIMEOUT));
    webSockets.run();
    mqtt.stop();
    timers.stop();
    messages.close();
    audit.close();
    lifecycle.advanceTo(Lifecycle.State.STOPPED);
  }

  /** The server stops, or opens its listeners anew: what is connected will be cut soon. */
  private void listenersClosed() {
    if (lifecycle.advanceTo(Lifecycle.State.DRAINING)) {
      timers.after(Duration.ZERO, this::drain);
    }
  }

  /** It was not the stop. */
  private void listenersOpened() {
    lifecycle.resume();
    timers.after(Duration.ZERO, mqtt::resume);
  }

  private void drain() {
    LOG.log(Level.INFO, () -> "closing " + registry.size() + " sessions");
    var farewell = new CountDownLatch(1);
    timers.after(
        Duration.ZERO,
        () -> {
          try {
            mqtt.drain();
          } finally {
            farewell.countDown();
          }
        });
    drain.run(configuration.get(Settings.STOP_DRAIN), configuration.get(Settings.CLOSE_TIMEOUT));
    await(farewell);
  }

  private void await(CountDownLatch farewell) {
    try {
      if (!farewell.await(configuration.get(Settings.STOP_DRAIN).toMillis(), MILLISECONDS)) {
        LOG.log(Level.WARNING, "not every MQTT client was told of the stop");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private WebSocketLimits webSocketLimits() {
    long message = configuration.get(Settings.PCP_MAX_MESSAGE);
    long inbound =
        Runtime.getRuntime().maxMemory() / 100 * configuration.get(Settings.INBOUND_SHARE);
    return new WebSocketLimits(
        message,
        message,
        configuration.get(Settings.MAX_FRAGMENTS),
        message + configuration.get(Settings.PCP_QUEUE_BYTES),
        configuration.get(Settings.WRITE_TIMEOUT),
        configuration.get(Settings.MESSAGE_TIMEOUT),
        configuration.get(Settings.CLOSE_TIMEOUT),
        Math.max(inbound / HEAP_BYTES_A_BYTE, message));
  }

  private void checkUsers() {
    if (usersAudit.looked(users.poll())) {
      mqtt.rightsChanged();
    }
  }

  /** Asks about the sessions twice after a change: a handshake may have begun before it. */
  private void checkRevocations() {
    boolean changed = revocationsAudit.looked(revocations.poll());
    if (!changed && !changedBefore) {
      return;
    }
    changedBefore = changed;
    mqtt.rightsChanged();
    links.closeIf(
        certificate -> revocations.check(certificate) == RevocationCheck.Answer.REVOKED,
        CloseReason.CERTIFICATE_REVOKED);
    for (var session : registry.sessions()) {
      if (revocations.check(session.principal().certificate()) == RevocationCheck.Answer.REVOKED) {
        LOG.log(Level.INFO, () -> session + " revoked");
        broker.end(session, CloseReason.CERTIFICATE_REVOKED);
      }
    }
  }
}
