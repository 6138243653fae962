package org.parley.pcp.broker;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.SessionLookup;
import org.parley.session.SessionRegistry;

/**
 * Whom a message can reach: the clients, and the controllers that the broker has dialled. These are
 * no clients, and no inventory lists them (section 1.7). There are no more of them than addresses.
 */
public final class ControllerSessions implements SessionLookup {
  private final SessionRegistry registry;
  private final ControllerAvailability availability;
  private final ReentrantLock lock = new ReentrantLock();
  private final ConcurrentHashMap<ClientUri, ClientSession> controllers = new ConcurrentHashMap<>();

  public ControllerSessions(SessionRegistry registry, ControllerAvailability availability) {
    this.registry = registry;
    this.availability = availability;
  }

  @Override
  public Optional<ClientSession> find(ClientUri uri) {
    return registry.find(uri).or(() -> Optional.ofNullable(controllers.get(uri)));
  }

  @Override
  public boolean isCurrent(ClientSession session) {
    return isController(session) || registry.isCurrent(session);
  }

  /** Returns whether this very session is that of a connected controller. */
  boolean isController(ClientSession session) {
    return controllers.get(session.uri()) == session;
  }

  /** Makes a session the one of its controller; returns the one that had its place. */
  Optional<ClientSession> connect(ClientSession session) {
    lock.lock();
    try {
      var former = controllers.put(session.uri(), session);
      availability.connected(controllers.size());
      return Optional.ofNullable(former);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a controller's session, unless a newer one has its place by now.
   *
   * @return whether it was the last one of all controllers
   */
  boolean disconnect(ClientSession session) {
    lock.lock();
    try {
      return controllers.remove(session.uri(), session)
          && availability.connected(controllers.size());
    } finally {
      lock.unlock();
    }
  }

  /** Returns the connected controllers, a live view. */
  public Collection<ClientSession> controllers() {
    return Collections.unmodifiableCollection(controllers.values());
  }
}
