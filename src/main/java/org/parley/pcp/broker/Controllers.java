package org.parley.pcp.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Set;
import org.parley.audit.AuditLog;
import org.parley.core.CloseReason;
import org.parley.core.Connection;
import org.parley.identity.PeerPrincipal;
import org.parley.session.ClientSession;
import org.parley.session.Protocol;
import org.parley.session.SessionRegistry;

/**
 * The controllers that the broker has dialled, as peers of PCP (section 2.5): each a session of
 * version 2 beside the registry, with an inventory subscription of its own. When the last one has
 * been gone for the grace period, the clients are closed. No method blocks.
 */
public final class Controllers {
  private static final Logger LOG = System.getLogger(Controllers.class.getName());

  /** How many clients one sweep closes: they will all knock on the next broker. */
  private static final int CLOSED_AT_ONCE = 1_000;

  private final ControllerSessions sessions;
  private final ControllerAvailability availability;
  private final Reception reception;
  private final Inventory inventory;
  private final SessionAudit audit;
  private final Authorization authorization;

  /**
   * @param allowed the message types that a controller may send
   */
  public Controllers(
      ControllerSessions sessions,
      ControllerAvailability availability,
      Reception reception,
      Inventory inventory,
      AuditLog audit,
      Set<String> allowed) {
    this.sessions = sessions;
    this.availability = availability;
    this.reception = reception;
    this.inventory = inventory;
    this.audit = new SessionAudit(audit);
    this.authorization = new AuditedAuthorization(new ControllerAuthorization(allowed), this.audit);
  }

  /**
   * Begins the session of a controller; one that it still had is closed.
   *
   * @param principal who it proved to be in the TLS handshake
   */
  public ClientSession connected(
      ControllerAddress address, PeerPrincipal principal, Connection connection) {
    var session = new ClientSession(address.uri(), principal, Protocol.PCP_V2, connection);
    var former = sessions.connect(session);
    LOG.log(Level.INFO, () -> "controller " + address + " connected");
    audit.begun(session);
    former.ifPresent(
        old -> {
          audit.ended(old, CloseReason.SUPERSEDED);
          inventory.end(old);
          old.connection().close(CloseReason.SUPERSEDED);
        });
    return session;
  }

  /** Takes one text message from a controller. */
  public void receive(ClientSession session, String text) {
    if (!late(session)) {
      reception.take(session, text, authorization);
    }
  }

  /** Takes one binary message from a controller: it is answered, not read. */
  public void receive(ClientSession session, ByteBuffer frame) {
    if (!late(session)) {
      reception.take(session, frame, authorization);
    }
  }

  private boolean late(ClientSession session) {
    return !sessions.isController(session) || session.connection().closedFor().isPresent();
  }

  /** Ends the session of a controller whose connection is gone; its subscription goes with it. */
  public void disconnected(ClientSession session) {
    if (sessions.isController(session)) {
      audit.gone(session);
    }
    boolean last = sessions.disconnect(session);
    // After it left: a subscription that is made meanwhile finds its session gone.
    inventory.end(session);
    if (last) {
      LOG.log(Level.WARNING, "no controller is connected, clients are refused");
    }
  }

  /** Closes clients while no controller is there and the grace period has passed. */
  public void closeForsaken(SessionRegistry registry, PcpBroker broker) {
    if (availability.state() != ControllerAvailability.State.GONE || registry.size() == 0) {
      return;
    }
    LOG.log(Level.WARNING, () -> "no controller came back, " + registry.size() + " sessions end");
    registry.sessions().stream()
        .limit(CLOSED_AT_ONCE)
        .toList()
        .forEach(session -> broker.end(session, CloseReason.CONTROLLERS_GONE));
  }
}
