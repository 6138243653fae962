package org.parley.pcp.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.parley.core.CloseReason;
import org.parley.policy.Action;
import org.parley.policy.Decision;
import org.parley.policy.Policy;
import org.parley.session.ClientSession;
import org.parley.session.SessionRegistry;

/**
 * Ends the sessions that another policy would not have let in, and those that subscribe to an
 * inventory that they may no longer see. Nobody else notices the change, nor do the controllers
 * that the broker has dialled.
 */
public final class PolicyWatch {
  private static final Logger LOG = System.getLogger(PolicyWatch.class.getName());

  private final SessionRegistry registry;
  private final Inventory inventory;
  private final Policy policy;
  private final PcpBroker broker;
  private final int rounds;
  private int left;

  /**
   * @param rounds how often the sessions are looked at after a change, at least once: a handshake
   *     or a subscription may have been allowed before it and be there after it
   */
  public PolicyWatch(
      SessionRegistry registry, Inventory inventory, Policy policy, PcpBroker broker, int rounds) {
    this.registry = registry;
    this.inventory = inventory;
    this.policy = policy;
    this.broker = broker;
    this.rounds = rounds;
  }

  /**
   * Looks at the sessions if the policy has changed not long ago. A timer calls it, one thread at a
   * time.
   *
   * @param changed whether another policy is in force since the last call
   */
  public void check(boolean changed) {
    if (changed) {
      left = rounds;
    }
    if (left == 0) {
      return;
    }
    left--;
    for (var session : registry.sessions()) {
      endIfDenied(session, new Action.Associate(PolicyAuthorization.subject(session)));
    }
    for (var session : inventory.subscribers()) {
      if (registry.isCurrent(session)) { // else a controller that was dialled: no policy applies
        endIfDenied(session, new Action.QueryInventory(PolicyAuthorization.subject(session)));
      }
    }
  }

  private void endIfDenied(ClientSession session, Action action) {
    if (policy.decide(action) instanceof Decision.Denied(var rule)) {
      LOG.log(Level.INFO, () -> session + " not allowed any more by " + rule);
      broker.end(session, CloseReason.NOT_ALLOWED);
    }
  }
}
