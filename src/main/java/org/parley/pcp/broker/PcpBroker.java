package org.parley.pcp.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.parley.audit.AuditLog;
import org.parley.core.CloseReason;
import org.parley.core.Connection;
import org.parley.core.Lifecycle;
import org.parley.identity.PeerPrincipal;
import org.parley.pcp.message.MessageTypes;
import org.parley.pcp.message.PcpUri;
import org.parley.policy.Decision;
import org.parley.session.Association;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.Protocol;
import org.parley.session.SessionLimits;
import org.parley.session.SessionRegistry;

/**
 * Sessions of PCP from their first to their last moment: association, messages, the end. No method
 * blocks; each may be called on the thread that the bytes came in on, one thread a connection at a
 * time.
 */
public final class PcpBroker {
  private static final Logger LOG = System.getLogger(PcpBroker.class.getName());

  private final SessionRegistry registry;
  private final Lifecycle lifecycle;
  private final Reception reception;
  private final Authorization authorization;
  private final SessionAudit audit;
  private final Inventory inventory;
  private final PcpCounters counters;
  private final Options options;

  /**
   * What the operator decides.
   *
   * @param brokerName the common name of the broker's own certificate
   * @param limits on sessions. Peers are refused before the upgrade; these are for those that were
   *     admitted together
   */
  public record Options(String brokerName, SessionLimits limits) {}

  public PcpBroker(
      SessionRegistry registry,
      Lifecycle lifecycle,
      Reception reception,
      Authorization authorization,
      AuditLog audit,
      Inventory inventory,
      PcpCounters counters,
      Options options) {
    this.registry = registry;
    this.lifecycle = lifecycle;
    this.reception = reception;
    this.audit = new SessionAudit(audit);
    this.authorization = new AuditedAuthorization(authorization, this.audit);
    this.inventory = inventory;
    this.counters = counters;
    this.options = options;
  }

  /**
   * Begins a session: from here on {@code uri} is this connection and no other. A session that had
   * it is told {@link CloseReason#SUPERSEDED} and closed. The peer has been admitted before.
   */
  public ClientSession associate(
      ClientUri uri, PeerPrincipal principal, Protocol protocol, Connection connection) {
    var session = new ClientSession(uri, principal, protocol, connection);
    switch (registry.associate(session, options.limits)) {
      case Association.Begun(var superseded) -> begun(session, superseded);
      case Association.Refused(var limit) -> {
        LOG.log(Level.INFO, () -> uri + " not associated: limit " + limit);
        audit.refused(session, CloseReason.CONNECTION_LIMIT);
        counters.ended(CloseReason.CONNECTION_LIMIT);
        connection.close(CloseReason.CONNECTION_LIMIT);
      }
    }
    return session;
  }

  private void begun(ClientSession session, Optional<ClientSession> superseded) {
    var uri = session.uri();
    var connection = session.connection();
    counters.associated();
    LOG.log(Level.INFO, () -> uri + " associated from " + connection.remoteAddress());
    audit.begun(session);
    if (uri.commonName().equals(options.brokerName)) {
      LOG.log(Level.WARNING, () -> uri + " bears the broker's own name: is its key in use twice?");
    }
    superseded.ifPresent(this::supersede);
    if (!lifecycle.running()) {
      connection.close(CloseReason.STOPPING);
    }
    // The policy may be another than the one that admitted it; a later change finds it here.
    endIfDenied(session);
  }

  /** Ends a session that the policy does not let associate, or not any more. */
  void endIfDenied(ClientSession session) {
    endIfDenied(session, MessageTypes.ASSOCIATE_REQUEST);
  }

  /** Ends a session that subscribes to the inventory and may not ask for it any more. */
  void endSubscriberIfDenied(ClientSession session) {
    endIfDenied(session, MessageTypes.INVENTORY_REQUEST);
  }

  /** One that cannot be judged may not stay, and must not keep others from being judged. */
  private void endIfDenied(ClientSession session, String request) {
    try {
      if (authorization.decide(session, request, PcpUri.BROKER) instanceof Decision.Denied denied) {
        LOG.log(Level.INFO, () -> session + " not allowed any more by " + denied.rule());
        end(session, CloseReason.NOT_ALLOWED);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, () -> "policy failed for " + session, e);
      end(session, CloseReason.INTERNAL_ERROR);
    }
  }

  private void supersede(ClientSession old) {
    counters.superseded();
    inventory.end(old);
    old.connection().close(CloseReason.SUPERSEDED);
    LOG.log(Level.INFO, () -> old + " superseded");
    audit.ended(old, CloseReason.SUPERSEDED);
  }

  /** Takes one text message from the session's peer. */
  public void receive(ClientSession session, String text) {
    if (late(session)) {
      counters.late();
    } else {
      takeText(session, text);
    }
  }

  /** The peer was let in for what its path is for; what it speaks may be something else. */
  private void takeText(ClientSession session, String text) {
    var assumed = session.protocol();
    reception.take(session, text, authorization);
    if (session.protocol() != assumed) {
      endIfDenied(session);
    }
  }

  /** Takes one binary message from the session's peer. */
  public void receive(ClientSession session, ByteBuffer frame) {
    if (late(session)) {
      counters.late();
    } else {
      reception.take(session, frame, authorization);
    }
  }

  /** What a peer sent after it was superseded, or before it read our close, is not looked at. */
  private boolean late(ClientSession session) {
    return !registry.isCurrent(session) || session.connection().closedFor().isPresent();
  }

  /** Ends a session by the broker's own decision; its URI is free at once. */
  public void end(ClientSession session, CloseReason reason) {
    if (registry.disassociate(session)) {
      counters.ended(reason);
      LOG.log(Level.INFO, () -> session.uri() + " ended: " + reason.phrase());
      audit.ended(session, reason);
    }
    // After the registry: a subscription that is made meanwhile finds its session gone.
    inventory.end(session);
    session.connection().close(reason);
  }

  /** Ends a session whose connection is gone; a newer session of its URI stays as it is. */
  public void disconnected(ClientSession session) {
    if (registry.disassociate(session)) {
      counters.disassociated();
      LOG.log(Level.INFO, () -> session.uri() + " disassociated");
      audit.gone(session);
    }
    inventory.end(session);
  }
}
