package org.parley.pcp.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.parley.pcp.message.PcpMessage;
import org.parley.pcp.message.PcpUri;
import org.parley.session.ClientSession;
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
    return deliver(session, message, target, () -> replies.lost(session, id));
  }

  /** The same for one of several receivers: nobody is told that it is gone, now or later. */
  Outcome copy(ClientSession session, PcpMessage message, PcpUri target) {
    return deliver(session, message, target, () -> {});
  }

  private Outcome deliver(
      ClientSession session, PcpMessage message, PcpUri target, Runnable onLost) {
    var receiver = target.client().flatMap(sessions::find);
    return receiver.isEmpty()
        ? Outcome.NOT_CONNECTED
        : deliver(session, message, target, receiver.get(), onLost);
  }

  private Outcome deliver(
      ClientSession session,
      PcpMessage message,
      PcpUri target,
      ClientSession receiver,
      Runnable onLost) {
    var encoded = encoder.relayed(receiver, message, PcpUri.of(session.uri()), target);
    if (encoded.isEmpty()) {
      return Outcome.INEXPRESSIBLE;
    }
    var outbound = encoded.get();
    if (outbound.sizeBytes() > agentMaximumBytes && target.clientType().equals(AGENT)) {
      LOG.log(
          Level.INFO, () -> outbound.sizeBytes() + " bytes are more than " + receiver + " takes");
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
