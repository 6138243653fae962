package org.parley.edge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.servlet.ServletContext;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.parley.core.Lifecycle;
import org.parley.core.Ticker;
import org.parley.edge.auditlog.AuditTrail;
import org.parley.edge.linelog.LineLog;
import org.parley.edge.linelog.LogFolder;
import org.parley.edge.metrics.ListenerMetrics;
import org.parley.edge.metrics.LogMetrics;
import org.parley.edge.metrics.Metrics;
import org.parley.edge.metrics.MqttMetrics;
import org.parley.edge.metrics.PcpMetrics;
import org.parley.edge.metrics.ProcessMetrics;
import org.parley.edge.metrics.ProtectionMetrics;
import org.parley.edge.metrics.StoreMetrics;
import org.parley.edge.metrics.TokenMetrics;
import org.parley.edge.mqtt.MqttListeners;
import org.parley.edge.settings.AuditSettings;
import org.parley.edge.settings.Configuration;
import org.parley.edge.status.PcpMeters;
import org.parley.edge.status.Version;
import org.parley.limit.Flapping;
import org.parley.limit.MessageRates;
import org.parley.limit.Shedding;
import org.parley.mqtt.broker.MqttBroker;
import org.parley.mqtt.broker.MqttCounters;
import org.parley.mqtt.broker.MqttSessions;
import org.parley.mqtt.broker.SysTopics;
import org.parley.pcp.broker.Inventory;
import org.parley.pcp.broker.PcpCounters;
import org.parley.pcp.broker.WireWatch;
import org.parley.policy.Bans;
import org.parley.session.ConcurrentSessionRegistry;
import org.parley.session.LiveSession;
import org.parley.session.SessionDirectory;
import org.parley.websocket.WebSocketStatistics;

/** What operators see of the broker, made of what it counts. */
@ApplicationScoped
public class MonitoringBeans {

  @Produces
  @Singleton
  AuditTrail auditTrail(Configuration configuration, InstantSource clock, Ticker ticker) {
    return AuditTrail.open(
        configuration.get(AuditSettings.AUDIT_LOG),
        new LineLog.Options(
            LogFolder.of(System.getenv()).resolve(configuration.get(AuditSettings.FILE)),
            configuration.get(AuditSettings.SIZE),
            configuration.get(AuditSettings.FILES),
            configuration.get(AuditSettings.QUEUE)),
        clock,
        ticker);
  }

  @Produces
  @Singleton
  MqttSessions mqttSessions(MqttBroker broker, Ticker ticker) {
    return new MqttSessions(broker, ticker);
  }

  @Produces
  @Singleton
  SessionDirectory sessionDirectory(ConcurrentSessionRegistry registry, MqttSessions sessions) {
    return new SessionDirectory(
        List.of(() -> registry.sessions().stream().map(LiveSession::of), sessions));
  }

  @Produces
  @Singleton
  SysTopics sysTopics(
      MqttBroker broker, MqttCounters counters, MqttSessions sessions, Ticker ticker) {
    return new SysTopics(
        broker,
        counters,
        sessions,
        "parley version " + Version.read(),
        () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        ticker);
  }

  @Produces
  @Singleton
  PcpMetrics pcpMetrics(
      PcpCounters counters,
      WireWatch wires,
      PcpMeters meters,
      Inventory inventory,
      Admission admission,
      MessageRates rates,
      SocketConnections connections) {
    return new PcpMetrics(
        counters,
        wires::summary,
        meters::messages,
        inventory::subscriptions,
        () -> refused(admission),
        rates,
        connections.budget());
  }

  private static Map<String, Long> refused(Admission admission) {
    var refused = admission.refused();
    var byLabel = new TreeMap<String, Long>();
    for (var refusal : HandshakeRefusal.values()) {
      byLabel.put(refusal.label(), refused.getOrDefault(refusal, 0L));
    }
    return byLabel;
  }

  @Produces
  @Singleton
  Metrics metrics(
      Lifecycle lifecycle,
      MqttBroker broker,
      MqttCounters counters,
      MqttSessions sessions,
      MqttListeners listeners,
      MqttState state,
      TokenParts tokens,
      PcpMetrics pcp,
      AuditTrail audit,
      MessageWatch messages,
      Bans bans,
      Flapping flapping,
      Shedding shedding,
      ServletContext context) {
    return new Metrics(
        List.of(
            ProcessMetrics.of(Version.read(), lifecycle),
            MqttMetrics.of(broker, counters, sessions),
            StoreMetrics.of(state::status),
            TokenMetrics.of(tokens::figures),
            ListenerMetrics.of(listeners::states, () -> webSockets(context)),
            pcp.all(),
            LogMetrics.of(audit, messages.log()),
            ProtectionMetrics.of(bans::size, flapping, shedding)));
  }

  private static Optional<WebSocketStatistics> webSockets(ServletContext context) {
    return context.getAttribute(WebSocketStatistics.ATTRIBUTE)
            instanceof WebSocketStatistics statistics
        ? Optional.of(statistics)
        : Optional.empty();
  }
}
