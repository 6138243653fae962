package org.parley.pcp.broker;

import java.util.Collection;
import java.util.Optional;
import org.parley.session.Association;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.ConcurrentSessionRegistry;
import org.parley.session.InventoryWatch;
import org.parley.session.SessionLimits;
import org.parley.session.SessionRegistry;

/** A registry with something else happening just before a session is disassociated. */
final class InterruptedRegistry implements SessionRegistry {
  private final SessionRegistry registry = new ConcurrentSessionRegistry(1_000);
  private Runnable before = () -> {};

  void beforeDisassociation(Runnable event) {
    before = event;
  }

  @Override
  public Association associate(ClientSession session, SessionLimits limits) {
    return registry.associate(session, limits);
  }

  @Override
  public Optional<SessionLimits.Which> exceeded(
      ClientUri uri, String remoteAddress, SessionLimits limits) {
    return registry.exceeded(uri, remoteAddress, limits);
  }

  @Override
  public boolean disassociate(ClientSession session) {
    before.run();
    return registry.disassociate(session);
  }

  @Override
  public boolean isCurrent(ClientSession session) {
    return registry.isCurrent(session);
  }

  @Override
  public Optional<ClientSession> find(ClientUri uri) {
    return registry.find(uri);
  }

  @Override
  public Collection<ClientSession> sessions() {
    return registry.sessions();
  }

  @Override
  public int size() {
    return registry.size();
  }

  @Override
  public InventoryWatch.Opened watch() {
    return registry.watch();
  }
}
