package org.parley.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Interner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
      String protocol,
      String clientType,
      String remoteAddress) {}

  private record MessageKey(MessageRules rules, String target, String messageType) {}

  private final List<Rule> rules;
  private final Bounds bounds;
  private final boolean asksForAddress;
  private final Cache<SubjectKey, SubjectRules> subjects;

  /** Many subjects, few sets of rules: each set is kept once. */
  private final Interner<MessageRules> sets = Interner.newWeakInterner();

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
    this.asksForAddress =
        rules.stream()
            .flatMap(rule -> rule.who().stream())
            .anyMatch(condition -> condition.key().equals("network"));
    this.subjects = cache(bounds.subjects());
    this.decisions = cache(bounds.decisions());
    var names = new HashSet<>(List.of(SERVER_IS_RESERVED, NO_RULE_FITS));
    for (var rule : rules) {
      if (!names.add(rule.name())) {
        throw new IllegalArgumentException("the rule's name is taken");
      }
    }
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
    };
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
        && subject.clientType().toLowerCase(Locale.ROOT).equals(SERVER);
  }

  SubjectRules fitting(Subject subject) {
    var principal = subject.principal();
    var key =
        new SubjectKey(
            principal.commonName(),
            principal.fingerprint(),
            subject.protocol(),
            subject.clientType(),
            asksForAddress ? subject.remoteAddress() : "");
    return subjects.get(key, _ -> SubjectRules.of(rules, subject, sets::intern));
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
