package org.parley.mqtt.broker;

/** What one authenticated peer may do; asked by one thread at a time, answers at once. */
public interface Authorization {
  /** Returns whether the peer may (still) be connected with its Client Identifier. */
  boolean mayConnect();

  /** Returns whether it may publish to a topic; also asked for wills. */
  boolean mayPublish(String topic, boolean retain);

  /**
   * Returns whether it may hear everything that a filter matches.
   *
   * @param pattern the filter without {@code $share/} and group
   */
  boolean maySubscribe(String pattern);

  /** Returns a number that rises whenever answers may have changed. */
  long version();
}
