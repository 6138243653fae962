package org.parley.pcp.broker;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import org.parley.pcp.codec.PcpV1Codec;
import org.parley.pcp.message.InventoryFilter;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.Octets;
import org.parley.pcp.message.PcpMessage;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;
import org.parley.pcp.message.V2Message;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.SessionRegistry;

/**
 * What the written specification of version 1 has and deployed brokers dropped: expiry, several
 * targets and wildcards, destination reports, debug chunks. Served only if the operator says so.
 */
public final class FullV1 {
  private final SessionRegistry registry;
  private final InstantSource clock;
  private final String ownUri;

  /**
   * @param brokerName the common name of the broker's own certificate
   */
  public FullV1(SessionRegistry registry, InstantSource clock, String brokerName) {
    this.registry = registry;
    this.clock = clock;
    this.ownUri = "pcp://" + brokerName + "/server";
  }

  /** Returns whether a message has ceased to matter; version 2 knows no such thing. */
  boolean expired(PcpMessage message) {
    return switch (message) {
      case V1Message v1 -> v1.expires().passed(clock.instant());
      case V2Message _ -> false;
    };
  }

  /** Returns whether a message may go to several; version 2 has one target, and no wildcards. */
  boolean multicast(PcpMessage message) {
    return switch (message) {
      case V1Message v1 -> !v1.targets().isEmpty();
      case V2Message _ -> false;
    };
  }

  /** Returns whether the sender asks who gets the message. */
  boolean reportWanted(PcpMessage message) {
    return message instanceof V1Message v1 && v1.destinationReport();
  }

  /**
   * Returns the clients that targets stand for at this moment, each once: those named, connected or
   * not, then those that a wildcard covers. The broker is none of them.
   */
  Collection<ClientUri> receivers(List<PcpUri> targets) {
    var receivers = new LinkedHashSet<ClientUri>();
    var wildcards = new ArrayList<PcpUri>();
    for (var target : targets) {
      if (target.isWildcard()) {
        wildcards.add(target);
      } else {
        target.client().ifPresent(receivers::add);
      }
    }
    if (!wildcards.isEmpty()) {
      // As many wildcards as a message may have cost no more than one.
      var filter = new InventoryFilter(wildcards);
      registry.sessions().stream()
          .map(ClientSession::uri)
          .filter(filter::matches)
          .forEach(receivers::add);
    }
    return receivers;
  }

  /** Returns a message as it goes on: one that is traced gets a hop of ours, if there is room. */
  V1Message relayed(V1Message message) {
    if (message.debug().isEmpty() || message.debug().size() == PcpV1Codec.MAXIMUM_DEBUG_CHUNKS) {
      return message;
    }
    var hop = new StringBuilder("{\"hops\":[{\"server\":");
    JsonText.appendString(hop, ownUri);
    JsonText.appendString(hop.append(",\"time\":"), clock.instant().toString());
    var debug = new ArrayList<>(message.debug());
    debug.add(Octets.of(hop.append(",\"stage\":\"relay\"}]}").toString()));
    return message.withDebug(debug);
  }
}
