package org.parley.edge;

import java.time.InstantSource;
import java.util.Optional;
import org.parley.audit.AuditLog;
import org.parley.core.Lifecycle;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.Settings;
import org.parley.pcp.broker.AuditedMessages;
import org.parley.pcp.broker.ControllerAvailability;
import org.parley.pcp.broker.ControllerSessions;
import org.parley.pcp.broker.Controllers;
import org.parley.pcp.broker.Delivery;
import org.parley.pcp.broker.FullV1;
import org.parley.pcp.broker.Inventory;
import org.parley.pcp.broker.MessageLog;
import org.parley.pcp.broker.PcpBroker;
import org.parley.pcp.broker.PcpCounters;
import org.parley.pcp.broker.PolicyAuthorization;
import org.parley.pcp.broker.Reception;
import org.parley.pcp.broker.Replies;
import org.parley.pcp.broker.Router;
import org.parley.pcp.broker.SessionEncoder;
import org.parley.pcp.codec.InventoryCodec;
import org.parley.pcp.codec.PcpV1Codec;
import org.parley.pcp.codec.PcpV2Codec;
import org.parley.pcp.codec.VersionTranslator;
import org.parley.pcp.message.BrokerMessages;
import org.parley.pcp.message.MessageId;
import org.parley.policy.Policy;
import org.parley.session.ConcurrentSessionRegistry;
import org.parley.session.SessionLimits;

/** The parts of PCP, joined. */
record PcpParts(PcpBroker broker, Inventory inventory, Controllers controllers) {
  static PcpParts join(
      Configuration configuration,
      ConcurrentSessionRegistry registry,
      Lifecycle lifecycle,
      ControllerAvailability availability,
      Policy policy,
      PcpCounters counters,
      String brokerName,
      SessionLimits limits,
      MessageLog log,
      AuditLog audit,
      InstantSource clock) {
    int depth = configuration.get(Settings.PCP_MAX_DEPTH);
    var v1 = new PcpV1Codec();
    var v2 = new PcpV2Codec(depth);
    var translator = new VersionTranslator(depth);
    var full =
        configuration.get(Settings.PCP_V1_FULL)
            ? Optional.of(new FullV1(registry, clock, brokerName))
            : Optional.<FullV1>empty();
    var encoder = new SessionEncoder(v1, v2, translator, full);
    var messages = new BrokerMessages(MessageId::random);
    var replies =
        new Replies(encoder, messages, configuration.get(Settings.PCP_UNAUTHORIZED), counters);
    var sessions = new ControllerSessions(registry, availability);
    var inventory =
        new Inventory(
            registry,
            sessions,
            new InventoryCodec(configuration.get(Settings.PCP_INVENTORY_QUERY)),
            encoder,
            messages,
            replies,
            Math.toIntExact(configuration.get(Settings.PCP_INVENTORY_UPDATE)));
    var delivery =
        new Delivery(
            sessions,
            encoder,
            replies,
            counters,
            configuration.get(Settings.PCP_AGENT_MAX_MESSAGE));
    var router = new Router(delivery, inventory, translator, replies, full, brokerName);
    var reception = new Reception(v1, v2, router, replies, new AuditedMessages(log, audit));
    var broker =
        new PcpBroker(
            registry,
            lifecycle,
            reception,
            new PolicyAuthorization(policy),
            audit,
            inventory,
            counters,
            new PcpBroker.Options(brokerName, limits));
    var controllers =
        new Controllers(
            sessions,
            availability,
            reception,
            inventory,
            audit,
            configuration.get(Settings.CONTROLLER_ALLOW));
    return new PcpParts(broker, inventory, controllers);
  }
}
