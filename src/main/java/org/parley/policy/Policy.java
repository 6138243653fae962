package org.parley.policy;

import java.util.Optional;

/** Decides each action; fast enough to be asked for every message. */
@FunctionalInterface
public interface Policy {
  Decision decide(Action action);

  /** Returns a number that rises when other rules come into force; asked for every message. */
  default long version() {
    return 0;
  }

  /**
   * Returns whether it is the Client Identifier for which a connection that is denied is denied:
   * with another one this subject might be let in.
   */
  default boolean refusesClientId(Subject subject) {
    return false;
  }

  /** Returns the ban of a subject: the reason for which it is denied whatever the rules say. */
  default Optional<Ban> ban(Subject subject) {
    return Optional.empty();
  }

  /** Returns the decisions on topics of one subject, by the rules that are in force now. */
  default TopicDecisions topics(Subject subject) {
    return new TopicDecisions() {
      @Override
      public Decision publish(String topic, boolean retain) {
        return decide(new Action.Publish(subject, topic, retain));
      }

      @Override
      public Decision subscribe(String filter) {
        return decide(new Action.Subscribe(subject, filter));
      }
    };
  }
}
