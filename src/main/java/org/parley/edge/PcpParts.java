package org.parley.edge;

import java.time.InstantSource;
import java.util.Optional;
import org.parley.core.Lifecycle;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.Settings;
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

/** The parts of PCP, joined. */
record PcpParts(PcpBroker broker, Inventory inventory) {
  static PcpParts join(
      Configuration configuration,
      ConcurrentSessionRegistry registry,
      Lifecycle lifecycle,
      Policy policy,
      PcpCounters counters,
      String brokerName,
      MessageLog log,
      InstantSource clock) {
    int depth = configuration.get(Settings.PCP_MAX_DEPTH);
    var v1 = new PcpV1Codec(depth);
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
    var inventory =
        new Inventory(
            registry,
            registry,
            new InventoryCodec(configuration.get(Settings.PCP_INVENTORY_QUERY)),
            encoder,
            messages,
            replies,
            Math.toIntExact(configuration.get(Settings.PCP_INVENTORY_UPDATE)));
    var delivery =
        new Delivery(
            registry,
            encoder,
            replies,
            counters,
            configuration.get(Settings.PCP_AGENT_MAX_MESSAGE));
    var router = new Router(delivery, inventory, translator, replies, full, brokerName);
    var broker =
        new PcpBroker(
            registry,
            lifecycle,
            new Reception(v1, v2, router, replies, log),
            new PolicyAuthorization(policy),
            inventory,
            counters,
            new PcpBroker.Options(brokerName, configuration.get(Settings.MAX_CONNECTIONS)));
    return new PcpParts(broker, inventory);
  }
}
