package org.parley.pcp.broker;

import org.parley.session.SessionRegistry;

/**
 * Ends the clients that another policy would not have let in, and those that subscribe to an
 * inventory that they may no longer see. Nobody else notices the change.
 */
public final class PolicyWatch {
  private final SessionRegistry registry;
  private final Inventory inventory;
  private final PcpBroker broker;
  private final int rounds;
  private int left;

  /**
   * @param rounds how often the subscribers are looked at after a change, at least once: a
   *     subscription may have been allowed before it and be there after it. A session that begins
   *     meanwhile is judged when it is there
   */
  public PolicyWatch(SessionRegistry registry, Inventory inventory, PcpBroker broker, int rounds) {
    this.registry = registry;
    this.inventory = inventory;
    this.broker = broker;
    this.rounds = rounds;
  }

  /**
   * Looks at the sessions if the policy has changed, and at the subscribers if it has not long ago.
   * A timer calls it, one thread at a time.
   *
   * @param changed whether another policy is in force since the last call
   */
  public void check(boolean changed) {
    if (changed) {
      left = rounds;
      registry.sessions().forEach(broker::endIfDenied);
    }
    if (left == 0) {
      return;
    }
    left--;
    for (var session : inventory.subscribers()) {
      // The policy is about clients: a controller that the broker has dialled is none.
      if (registry.isCurrent(session)) {
        broker.endSubscriberIfDenied(session);
      }
    }
  }
}
