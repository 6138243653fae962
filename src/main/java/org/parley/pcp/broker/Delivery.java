package org.parley.pcp.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import org.parley.pcp.message.PcpMessage;
import org.parley.pcp.message.PcpUri;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.SessionLookup;

/** Brings one message to one client, in the version that the client speaks. */
public final class Delivery {
  private static final Logger LOG = System.getLogger(Delivery.class.getName());
  private static final String AGENT = "agent";

  private final SessionLookup sessions;
  private final SessionEncoder encoder;
  private final Replies replies;
  private final PcpCounters counters;
  private final long agentMaximumBytes;

  /**
   * @param agentMaximumBytes the largest message that a client of type {@code agent} takes: those
   *     built on cpp-pcp-client close over more than 32,000,000
   */
  public Delivery(
      SessionLookup sessions,
      SessionEncoder encoder,
      Replies replies,
      PcpCounters counters,
      long agentMaximumBytes) {
    this.sessions = sessions;
    this.encoder = encoder;
    this.replies = replies;
    this.counters = counters;
    this.agentMaximumBytes = agentMaximumBytes;
  }

  /**
   * Puts a message into its receiver's queue. Does not tell its sender when it could not; if it is
   * lost in the queue later, the sender is told then.
   *
   * @param target names one client
   */
  Outcome deliver(ClientSession session, PcpMessage message, PcpUri target) {
    var id = message.id(); // the callback must not keep the data a second time
    var relay = encoder.relay(message, PcpUri.of(session.uri()));
    return deliver(relay, target, () -> replies.lost(session, id));
  }

  /**
   * The same for several receivers: nobody is told which of them are gone, now or later.
   *
   * @return that of one that is connected and did not get its copy, if there is any
   */
  Outcome copies(ClientSession session, PcpMessage message, Collection<ClientUri> receivers) {
    var relay = encoder.relay(message, PcpUri.of(session.uri()));
    var worst = Outcome.DELIVERED;
    for (var receiver : receivers) {
      var outcome = deliver(relay, PcpUri.of(receiver), () -> {});
      worst = outcome == Outcome.DELIVERED || outcome == Outcome.NOT_CONNECTED ? worst : outcome;
    }
    return worst;
  }

  private Outcome deliver(SessionEncoder.Relay relay, PcpUri target, Runnable onLost) {
    var receiver = target.client().flatMap(sessions::find);
    return receiver.isEmpty()
        ? Outcome.NOT_CONNECTED
        : deliver(relay, target, receiver.get(), onLost);
  }

  private Outcome deliver(
      SessionEncoder.Relay relay, PcpUri target, ClientSession receiver, Runnable onLost) {
    var encoded = relay.to(receiver, target);
    if (encoded.isEmpty()) {
      return Outcome.INEXPRESSIBLE;
    }
    var outbound = encoded.get();
    if (outbound.sizeBytes() > agentMaximumBytes && target.clientType().equals(AGENT)) {
      // The access log has it too: a peer must not fill this one.
      LOG.log(
          Level.DEBUG, () -> outbound.sizeBytes() + " bytes are more than " + receiver + " takes");
      return Outcome.TOO_BIG;
    }
    return switch (receiver.connection().send(outbound, onLost)) {
      case QUEUED -> {
        counters.delivered();
        yield Outcome.DELIVERED;
      }
      case FULL -> Outcome.QUEUE_FULL;
      case CLOSED -> Outcome.NOT_CONNECTED;
    };
  }
}
