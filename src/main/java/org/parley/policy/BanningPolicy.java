package org.parley.policy;

import java.util.Optional;

/**
 * A policy for those who are not banned. Who is may neither be nor stay connected, and nothing that
 * it has left is published: its will, or delivered: its retained messages. Single messages are the
 * policy's alone: nobody is connected for long who is banned.
 */
public final class BanningPolicy implements Policy {
  private final Policy policy;
  private final Bans bans;

  public BanningPolicy(Policy policy, Bans bans) {
    this.policy = policy;
    this.bans = bans;
  }

  @Override
  public Decision decide(Action action) {
    return switch (action) {
      case Action.Associate _, Action.Connect _, Action.Publish _ ->
          bans.of(action.subject())
              .<Decision>map(ban -> new Decision.Denied(ban.toString()))
              .orElseGet(() -> policy.decide(action));
      case Action.Send _, Action.QueryInventory _, Action.Subscribe _ -> policy.decide(action);
    };
  }

  @Override
  public long version() {
    return policy.version() + bans.version();
  }

  @Override
  public Optional<Ban> ban(Subject subject) {
    return bans.of(subject);
  }

  @Override
  public boolean refusesClientId(Subject subject) {
    return policy.refusesClientId(subject);
  }

  @Override
  public TopicDecisions topics(Subject subject) {
    var allowed = policy.topics(subject);
    return bans.of(subject).isPresent() ? new Silenced(bans, subject, allowed) : allowed;
  }

  /** What somebody may do who was banned a moment ago; a ban may end without a word. */
  private record Silenced(Bans bans, Subject subject, TopicDecisions policy)
      implements TopicDecisions {
    @Override
    public Decision publish(String topic, boolean retain) {
      return bans.of(subject)
          .<Decision>map(ban -> new Decision.Denied(ban.toString()))
          .orElseGet(() -> policy.publish(topic, retain));
    }

    @Override
    public Decision subscribe(String filter) {
      return policy.subscribe(filter);
    }
  }
}
