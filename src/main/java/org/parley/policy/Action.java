package org.parley.policy;

import org.parley.identity.PeerPrincipal;

/** What a peer asks to do. */
public sealed interface Action {
  /** Returns who asks. */
  PeerPrincipal principal();

  /** To be the session of its own common name and this client_type. */
  record Associate(PeerPrincipal principal, String clientType) implements Action {}

  /**
   * To send a message.
   *
   * @param clientType of the session that sends
   * @param target the URI as written in the message
   */
  record Send(PeerPrincipal principal, String clientType, String target, String messageType)
      implements Action {}

  /** To see, once or by subscription, who is connected. */
  record QueryInventory(PeerPrincipal principal, String clientType) implements Action {}
}
