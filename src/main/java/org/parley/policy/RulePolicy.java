package org.parley.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Interner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.parley.identity.PeerPrincipal;
import org.parley.policy.Decision.Denied;

/**
 * The policy of a file: the first rule that fits decides, and what no rule fits is denied. What
 * depends on the subject alone is worked out once a subject, what depends on the message once for
 * all subjects that the same rules are for; both are kept, up to {@link Bounds}, for as long as the
 * policy is.
 */
public final class RulePolicy implements Policy {
  /** The name in the decision on a client_type that only brokers have. */
  public static final String SERVER_IS_RESERVED = "server-is-reserved";

  /** The name in the decision on what no rule fits. */
  public static final String NO_RULE_FITS = "no-rule-fits";

  static final Decision RESERVED = new Denied(SERVER_IS_RESERVED);
  static final Decision UNFIT = new Denied(NO_RULE_FITS);
  private static final String SERVER = "server";

  /**
   * How much is kept.
   *
   * @param subjects whose rules are known
   * @param decisions on messages
   * @param characters of target and message_type together; the decision on a longer one is not kept
   */
  public record Bounds(int subjects, int decisions, int characters) {
    /** Some 25 MiB at the most. */
    public static final Bounds STANDARD = new Bounds(20_000, 50_000, 256);
  }

  /** How many of each are kept now. */
  public record Kept(long subjects, long decisions) {}

  /**
   * What of a subject can change a decision. Texts only: a certificate would be slow to compare.
   */
  private record SubjectKey(
      String commonName,
      String fingerprint,
      Optional<String> userName,
      String protocol,
      String transport,
      Optional<String> clientType,
      Optional<String> clientId,
      String remoteAddress) {}

  private record MessageKey(MessageRules rules, String target, String messageType) {}

  private final List<Rule> rules;
  private final Bounds bounds;
  private final boolean asksForAddress;
  private final boolean asksForClientId;
  private final Cache<SubjectKey, SubjectRules> subjects;

  private final SubjectRules.Sets sets = new KeptSets();
  private final Cache<MessageKey, Decision> decisions;

  public RulePolicy(List<Rule> rules) {
    this(rules, Bounds.STANDARD);
  }

  /**
   * @param rules in order; no name twice, and none of the broker's own
   */
  public RulePolicy(List<Rule> rules, Bounds bounds) {
    this.rules = List.copyOf(rules);
    this.bounds = bounds;
    this.asksForAddress = asks(rules, "network");
    this.asksForClientId =
        asks(rules, Attribute.Known.CLIENT_ID.key())
            || rules.stream().anyMatch(rule -> rule.scope().asksForClientId());
    this.subjects = cache(bounds.subjects());
    this.decisions = cache(bounds.decisions());
    var names = new HashSet<>(List.of(SERVER_IS_RESERVED, NO_RULE_FITS));
    for (var rule : rules) {
      if (!names.add(rule.name())) {
        throw new IllegalArgumentException("the rule's name is taken");
      }
    }
  }

  private static final class KeptSets implements SubjectRules.Sets {
    private final Interner<MessageRules> ofMessages = Interner.newWeakInterner();
    private final Interner<TopicRules> ofTopics = Interner.newWeakInterner();

    @Override
    public MessageRules shared(MessageRules rules) {
      return ofMessages.intern(rules);
    }

    @Override
    public TopicRules shared(TopicRules rules) {
      return ofTopics.intern(rules);
    }
  }

  private static boolean asks(List<Rule> rules, String key) {
    return rules.stream()
        .flatMap(rule -> rule.who().stream())
        .anyMatch(condition -> condition.key().equals(key));
  }

  /** A cache that does its housekeeping on the calling thread: no other would stop with us. */
  private static <K, V> Cache<K, V> cache(int most) {
    return Caffeine.newBuilder().maximumSize(most).executor(Runnable::run).build();
  }

  @Override
  public Decision decide(Action action) {
    if (isReserved(action)) {
      return RESERVED;
    }
    var fitting = fitting(action.subject());
    return switch (action) {
      case Action.Associate _ -> fitting.associate();
      case Action.QueryInventory _ -> fitting.inventory();
      case Action.Send(_, var target, var messageType) ->
          decide(fitting.messages(), target, messageType);
      case Action.Connect _ -> fitting.connect().decision();
      case Action.Publish(_, var topic, var retain) -> fitting.topics().publish(topic, retain);
      case Action.Subscribe(_, var filter) -> fitting.topics().subscribe(filter);
    };
  }

  @Override
  public boolean refusesClientId(Subject subject) {
    return fitting(subject).connect().clientIdRefused();
  }

  @Override
  public TopicDecisions topics(Subject subject) {
    return fitting(subject).topics();
  }

  private Decision decide(MessageRules messages, String target, String messageType) {
    if (messages.isSettled()) {
      return messages.otherwise();
    }
    if (target.length() + messageType.length() > bounds.characters()) {
      return messages.decide(target, messageType);
    }
    return decisions.get(
        new MessageKey(messages, target, messageType),
        key -> key.rules.decide(key.target, key.messageType));
  }

  static boolean isReserved(Action action) {
    return action instanceof Action.Associate(var subject)
        && subject
            .clientType()
            .filter(type -> type.toLowerCase(Locale.ROOT).equals(SERVER))
            .isPresent();
  }

  SubjectRules fitting(Subject subject) {
    var principal = subject.principal();
    var key =
        new SubjectKey(
            principal.map(PeerPrincipal::commonName).orElse(""),
            principal.map(PeerPrincipal::fingerprint).orElse(""),
            subject.userName(),
            subject.protocol(),
            subject.transport(),
            subject.clientType(),
            asksForClientId ? subject.clientId() : Optional.empty(),
            asksForAddress ? subject.remoteAddress() : "");
    return subjects.get(key, _ -> SubjectRules.of(rules, subject, sets));
  }

  /** Returns the rules, in order. */
  public List<Rule> rules() {
    return rules;
  }

  /** Returns which rule decides, and why each before it does not. */
  public Explanation explain(Action action) {
    if (isReserved(action)) {
      return new Explanation(action, RESERVED, 0, List.of());
    }
    var facts = new Facts(action.subject());
    var passed = new ArrayList<Explanation.Passed>();
    for (var rule : rules) {
      var mismatch = rule.mismatch(action, facts);
      if (mismatch.isEmpty()) {
        return new Explanation(action, rule.decision(), rule.line(), passed);
      }
      passed.add(new Explanation.Passed(rule.name(), rule.line(), mismatch.get()));
    }
    return new Explanation(action, UNFIT, 0, passed);
  }

  /** Returns how much is kept, after what is over the bounds has gone. */
  public Kept kept() {
    subjects.cleanUp();
    decisions.cleanUp();
    return new Kept(subjects.estimatedSize(), decisions.estimatedSize());
  }
}
