package org.parley.pcp.broker;

import org.parley.pcp.message.MessageTypes;
import org.parley.pcp.message.PcpUri;
import org.parley.policy.Action;
import org.parley.policy.Decision;
import org.parley.policy.Policy;
import org.parley.policy.Subject;
import org.parley.session.ClientSession;

/** What clients may send: the policy says it. */
public final class PolicyAuthorization implements Authorization {
  private final Policy policy;

  public PolicyAuthorization(Policy policy) {
    this.policy = policy;
  }

  @Override
  public Decision decide(ClientSession session, String messageType, PcpUri target) {
    var subject = subject(session);
    return policy.decide(
        target.isBroker() && messageType.equals(MessageTypes.INVENTORY_REQUEST)
            ? new Action.QueryInventory(subject)
            : new Action.Send(subject, target.text(), messageType));
  }

  /** Returns who a session is to the policy. */
  public static Subject subject(ClientSession session) {
    return new Subject(
        session.principal(),
        session.protocol().label(),
        session.uri().clientType(),
        session.connection().remoteAddress());
  }
}
