package org.parley.policy;

/** What a peer asks to do. */
public sealed interface Action {
  /** Returns who asks. */
  Subject subject();

  /** To be the session of its own common name and its client_type. */
  record Associate(Subject subject) implements Action {}

  /**
   * To send a message.
   *
   * @param target the URI as written in the message
   */
  record Send(Subject subject, String target, String messageType) implements Action {}

  /** To see, once or by subscription, who is connected. */
  record QueryInventory(Subject subject) implements Action {}
}
