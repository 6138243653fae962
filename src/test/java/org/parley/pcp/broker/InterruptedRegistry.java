package org.parley.pcp.broker;

import java.util.Collection;
import java.util.Optional;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.ConcurrentSessionRegistry;
import org.parley.session.InventoryWatch;
import org.parley.session.SessionRegistry;

/** A registry with something else happening just before a session is disassociated. */
final class InterruptedRegistry implements SessionRegistry {
  private final SessionRegistry registry = new ConcurrentSessionRegistry(1_000);
  private Runnable before = () -> {};

  void beforeDisassociation(Runnable event) {
    before = event;
  }

  @Override
  public Optional<ClientSession> associate(ClientSession session) {
    return registry.associate(session);
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
