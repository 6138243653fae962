package org.parley.mqtt.broker;

import java.time.Duration;
import java.util.Optional;
import org.parley.mqtt.state.Owner;

/** What one authenticated peer may do; asked by one thread at a time, answers at once. */
public interface Authorization {
  /**
   * Returns what the peer has proved to be: the name in its certificate, or else its user name;
   * empty if it has proved nothing. Any thread may ask.
   */
  default Optional<String> identity() {
    return Optional.empty();
  }

  /** Returns the peer as it is kept with what it publishes to be retained. */
  Owner publisher();

  /** Returns whether the peer may (still) be connected with its Client Identifier. */
  boolean mayConnect();

  /** Returns whether it may not be connected because an operator has banned it. */
  default boolean banned() {
    return false;
  }

  /** Returns whether it may publish to a topic; also asked for wills. */
  boolean mayPublish(String topic, boolean retain);

  /** Counts a PUBLISH of it; returns how long it is not to be read then. */
  default Duration pace() {
    return Duration.ZERO;
  }

  /**
   * Returns whether it may hear everything that a filter matches.
   *
   * @param pattern the filter without {@code $share/} and group
   */
  boolean maySubscribe(String pattern);

  /** Names the rule for which the peer may not publish to a topic, for operators. */
  default Optional<String> ruleAgainstPublish(String topic, boolean retain) {
    return Optional.empty();
  }

  /** Names the rule for which it may not hear everything that a filter matches. */
  default Optional<String> ruleAgainstSubscribe(String pattern) {
    return Optional.empty();
  }

  /** Returns when what the peer has proved is over, milliseconds of the epoch. */
  default long validUntil() {
    return Long.MAX_VALUE;
  }

  /** Returns a number that rises whenever answers may have changed. */
  long version();
}
