package org.parley.mqtt.broker;

import java.time.Duration;
import java.util.Optional;
import org.parley.mqtt.broker.Authentication.Verdict;
import org.parley.mqtt.state.Owner;

/** Who the peer of a connection is now, and what it may do: AUTH can change both. */
final class Access {
  private Owner owner;
  private volatile Authorization authorization;
  private long version;

  /** Of the retained messages, once there was one. */
  private Optional<Owner> publisher = Optional.empty();

  /** As it was at CONNECT: to authenticate again gives no new burst. */
  private final Authorization pacing;

  Access(Verdict.Admitted peer) {
    owner = peer.owner();
    authorization = peer.authorization();
    pacing = authorization;
    version = authorization.version();
  }

  Owner owner() {
    return owner;
  }

  /** The peer has proved who it is once more. */
  void renew(Verdict.Admitted peer) {
    owner = peer.owner();
    authorization = peer.authorization();
    version = -1;
    publisher = Optional.empty();
  }

  /** Returns who is asked about before what the peer has published is delivered as retained. */
  Optional<Owner> publisher() {
    if (publisher.isEmpty()) {
      publisher = Optional.of(authorization.publisher());
    }
    return publisher;
  }

  /** Returns the version of the rights that {@link #hasChanged} has seen last. */
  long seenVersion() {
    return version;
  }

  /** Returns, once for each change, whether answers may differ from those that were given. */
  boolean hasChanged() {
    long now = authorization.version();
    boolean changed = now != version;
    version = now;
    return changed;
  }

  /** Returns what the peer has proved to be; any thread may ask. */
  Optional<String> identity() {
    return authorization.identity();
  }

  /**
   * Returns when what the peer has proved is over, milliseconds of the epoch; any thread may ask.
   */
  long validUntil() {
    return authorization.validUntil();
  }

  boolean mayConnect() {
    return authorization.mayConnect();
  }

  boolean banned() {
    return authorization.banned();
  }

  boolean mayPublish(String topic, boolean retain) {
    return authorization.mayPublish(topic, retain);
  }

  /** Counts a PUBLISH; returns how long the peer is not to be read then. */
  Duration pace() {
    return pacing.pace();
  }

  boolean maySubscribe(String pattern) {
    return authorization.maySubscribe(pattern);
  }

  /** Names the rule for which the peer may not publish, for operators. */
  Optional<String> ruleAgainstPublish(String topic, boolean retain) {
    return authorization.ruleAgainstPublish(topic, retain);
  }

  /** Names the rule for which the peer may not subscribe, for operators. */
  Optional<String> ruleAgainstSubscribe(String pattern) {
    return authorization.ruleAgainstSubscribe(pattern);
  }

  /** Returns whether a message that was queued may still be sent: its topic, no wildcards. */
  boolean mayHear(String topic) {
    return authorization.maySubscribe(topic);
  }
}
