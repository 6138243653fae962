package org.parley.mqtt.broker;

import org.parley.policy.Action;
import org.parley.policy.Decision;
import org.parley.policy.Policy;
import org.parley.policy.Subject;
import org.parley.policy.TopicDecisions;

/** A policy in whose place another can be put, as a file is replaced. */
final class ReplacedPolicy implements Policy {
  private record InForce(Policy policy, long version) {}

  private volatile InForce inForce;

  ReplacedPolicy(Policy first) {
    inForce = new InForce(first, 0);
  }

  void replace(Policy next) {
    inForce = new InForce(next, inForce.version + 1);
  }

  @Override
  public Decision decide(Action action) {
    return inForce.policy.decide(action);
  }

  @Override
  public long version() {
    return inForce.version;
  }

  @Override
  public boolean refusesClientId(Subject subject) {
    return inForce.policy.refusesClientId(subject);
  }

  @Override
  public TopicDecisions topics(Subject subject) {
    return inForce.policy.topics(subject);
  }
}
