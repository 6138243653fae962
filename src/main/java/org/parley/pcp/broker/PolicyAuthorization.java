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
    return policy.decide(action(subject(session), messageType, target));
  }

  /** What a message to the broker asks for is an action of its own. */
  private static Action action(Subject subject, String messageType, PcpUri target) {
    if (target.isBroker()) {
      switch (messageType) {
        case MessageTypes.INVENTORY_REQUEST -> {
          return new Action.QueryInventory(subject);
        }
        case MessageTypes.ASSOCIATE_REQUEST -> {
          return new Action.Associate(subject);
        }
        default -> {}
      }
    }
    return new Action.Send(subject, target.text(), messageType);
  }

  /** Returns who a session is to the policy. */
  static Subject subject(ClientSession session) {
    return Subject.pcp(
        session.principal(),
        session.protocol().label(),
        session.uri().clientType(),
        session.connection().remoteAddress());
  }
}
