package org.parley.mqtt.routing;

/** A session, as the index of subscriptions sees it. The same only if it is the same object. */
public interface Subscriber {
  String clientId();

  /** Returns whether a connection is attached now. */
  boolean online();

  /** Returns whether a message can be given to it now without being dropped or stuck. */
  boolean hasRoom();
}
