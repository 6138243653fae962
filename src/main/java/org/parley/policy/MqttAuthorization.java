package org.parley.policy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one MQTT connection may do: the policy, asked for one subject, with the latest answers kept
 * for as long as the same rules are in force. One thread at a time uses it.
 */
public final class MqttAuthorization {
  /** Answers kept of each kind; a power of two. */
  static final int SLOTS = 64;

  /** Characters of a topic whose answer is kept at the most. */
  static final int LONGEST_KEPT = 256;

  private final Policy policy;
  private final Subject subject;
  private long version;
  private TopicDecisions topics;
  private Answers published = Answers.NONE;
  private Answers retained = Answers.NONE;
  private Answers subscribed = Answers.NONE;

  /**
   * Answers by topic, each in the one place that its hash gives it: what comes later to the same
   * place takes it over. Most connections are idle: for those there is {@link #NONE}.
   */
  private static final class Answers {
    static final Answers NONE = new Answers(0);

    private final @Nullable String[] topics;
    private final boolean[] answers;

    private Answers(int slots) {
      topics = new @Nullable String[slots];
      answers = new boolean[slots];
    }

    boolean has(int slot, String topic) {
      return this != NONE && topic.equals(topics[slot]);
    }

    boolean at(int slot) {
      return answers[slot];
    }

    /**
     * Returns the answers with this one, unless its topic is too long: a new object for the first.
     */
    Answers with(int slot, String topic, boolean answer) {
      if (topic.length() > LONGEST_KEPT) {
        return this;
      }
      var more = this == NONE ? new Answers(SLOTS) : this;
      more.topics[slot] = topic;
      more.answers[slot] = answer;
      return more;
    }
  }

  private MqttAuthorization(Policy policy, Subject subject) {
    this.policy = policy;
    this.subject = subject;
    this.version = policy.version();
    this.topics = policy.topics(subject);
  }

  public static MqttAuthorization of(Policy policy, Subject subject) {
    return new MqttAuthorization(policy, subject);
  }

  public Subject subject() {
    return subject;
  }

  /** Returns the version of the rules in force now: another one is the time to ask again. */
  public long policyVersion() {
    return policy.version();
  }

  /** Decides whether the connection may be, or go on. */
  public Decision connect() {
    return policy.decide(new Action.Connect(subject));
  }

  /** Returns whether a connection that is denied is denied for its Client Identifier. */
  public boolean refusesClientId() {
    return policy.refusesClientId(subject);
  }

  /** Returns whether the subject is banned, so that no rule is asked. */
  public boolean banned() {
    return policy.ban(subject).isPresent();
  }

  /** Returns whether a message, a will too, may be published to this Topic Name. */
  public boolean mayPublish(String topic, boolean retain) {
    refresh();
    int slot = slot(topic);
    var known = retain ? retained : published;
    if (known.has(slot, topic)) {
      return known.at(slot);
    }
    boolean allowed = isAllowed(topics.publish(topic, retain));
    var more = known.with(slot, topic, allowed);
    if (retain) {
      retained = more;
    } else {
      published = more;
    }
    return allowed;
  }

  /**
   * Returns whether all that this filter matches may be received.
   *
   * @param filter of a shared subscription what stands behind {@code $share/name/}
   */
  public boolean maySubscribe(String filter) {
    refresh();
    int slot = slot(filter);
    if (subscribed.has(slot, filter)) {
      return subscribed.at(slot);
    }
    boolean allowed = isAllowed(topics.subscribe(filter));
    subscribed = subscribed.with(slot, filter, allowed);
    return allowed;
  }

  /** Returns whether messages of this Topic Name may be received. */
  public boolean mayReceive(String topic) {
    return maySubscribe(topic);
  }

  /** Decides as {@link #mayPublish} does, and names the rule; nothing is kept of it. */
  public Decision publish(String topic, boolean retain) {
    return policy.decide(new Action.Publish(subject, topic, retain));
  }

  /** Decides as {@link #maySubscribe} does, and names the rule; nothing is kept of it. */
  public Decision subscribe(String filter) {
    return policy.decide(new Action.Subscribe(subject, filter));
  }

  /** The version is read before the rules: rules that are newer than it are only fetched twice. */
  private void refresh() {
    long now = policy.version();
    if (now != version) {
      version = now;
      topics = policy.topics(subject);
      published = Answers.NONE;
      retained = Answers.NONE;
      subscribed = Answers.NONE;
    }
  }

  private static int slot(String topic) {
    int hash = topic.hashCode();
    return (hash ^ hash >>> 16) & SLOTS - 1;
  }

  private static boolean isAllowed(Decision decision) {
    return switch (Objects.requireNonNull(decision)) {
      case Decision.Allowed _ -> true;
      case Decision.Denied _ -> false;
    };
  }
}
