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

  /** To open an MQTT connection as its Client Identifier. */
  record Connect(Subject subject) implements Action {}

  /**
   * To publish an MQTT message: by PUBLISH, or as a will, which is asked about when it comes with
   * CONNECT and again when it is published.
   *
   * @param topic a Topic Name
   * @param retain whether the message is to be retained
   */
  record Publish(Subject subject, String topic, boolean retain) implements Action {}

  /**
   * To receive the messages of a subscription.
   *
   * @param filter the Topic Filter; of a shared subscription what stands behind {@code
   *     $share/name/}. A Topic Name asks whether messages of that one topic may be received
   */
  record Subscribe(Subject subject, String filter) implements Action {}
}
