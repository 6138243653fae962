package org.parley.pcp.broker;

import java.util.Set;
import org.parley.pcp.message.PcpUri;
import org.parley.policy.Decision;
import org.parley.session.ClientSession;

/**
 * What controllers that the broker has dialled may send: the message types on a list, to anybody
 * (section 2.5). The policy is about clients and is not asked.
 */
final class ControllerAuthorization implements Authorization {
  private static final Decision ALLOWED = new Decision.Allowed("controller-allow-list");
  private static final Decision DENIED = new Decision.Denied("controller-allow-list");

  private final Set<String> messageTypes;

  ControllerAuthorization(Set<String> messageTypes) {
    this.messageTypes = Set.copyOf(messageTypes);
  }

  @Override
  public Decision decide(ClientSession session, String messageType, PcpUri target) {
    return messageTypes.contains(messageType) ? ALLOWED : DENIED;
  }

  /** The broker made the association itself: what a controller asks for does not end it. */
  @Override
  public boolean associates() {
    return false;
  }
}
