package org.parley.mqtt.state;

import org.jspecify.annotations.Nullable;
import org.parley.mqtt.routing.Subscriber;

/** A session as others see it. */
public interface Session extends Subscriber {
  /** Returns the connection that is attached; any thread may ask. */
  @Nullable Receiver receiver();

  /**
   * Sets the connection: while {@link Event.Attached} is told, null when it is displaced or gone.
   */
  void receiver(@Nullable Receiver receiver);

  /** Returns how many QoS 1 and 2 messages wait or are unacknowledged; any thread may ask. */
  int queued();

  /** Returns about how many bytes those hold; any thread may ask. */
  long queuedBytes();

  /** Returns how many subscriptions it holds; any thread may ask. */
  int subscriptions();
}
