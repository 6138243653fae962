package org.parley.policy;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.parley.core.LogText;

/**
 * One rule of a policy file. It fits an action if the action is one of its kinds, every condition
 * holds for the subject, and the scope has in it what is done; then its effect is the decision.
 *
 * @param line where it begins in its file, from 1
 * @param who none: everybody
 * @param scope what of its actions it is about
 */
public record Rule(
    String name, int line, Effect effect, Set<Kind> kinds, List<Condition> who, Scope scope) {

  /** What a rule does to the actions that it fits. */
  public enum Effect {
    ALLOW,
    DENY;

    /** Returns the decision in the name of a rule. */
    Decision by(String rule) {
      return switch (this) {
        case ALLOW -> new Decision.Allowed(rule);
        case DENY -> new Decision.Denied(rule);
      };
    }
  }

  /** What can be done, by its name in a policy file. */
  public enum Kind {
    ASSOCIATE,
    SEND,
    INVENTORY,
    CONNECT,
    PUBLISH,
    SUBSCRIBE;

    static Kind of(Action action) {
      return switch (action) {
        case Action.Associate _ -> ASSOCIATE;
        case Action.Send _ -> SEND;
        case Action.QueryInventory _ -> INVENTORY;
        case Action.Connect _ -> CONNECT;
        case Action.Publish _ -> PUBLISH;
        case Action.Subscribe _ -> SUBSCRIBE;
      };
    }

    /** Returns the name in lower case. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Rule {
    kinds = Set.copyOf(EnumSet.copyOf(kinds));
    who = List.copyOf(who);
  }

  /** Returns the decision if the rule fits. */
  Decision decision() {
    return effect.by(name);
  }

  boolean isFor(Facts facts) {
    for (var condition : who) {
      if (!condition.holds(facts)) {
        return false;
      }
    }
    return true;
  }

  /** Returns why the rule does not fit, in one log-safe line; empty if it does. */
  Optional<String> mismatch(Action action, Facts facts) {
    if (!kinds.contains(Kind.of(action))) {
      return Optional.of("it is about " + String.join(", ", labels()));
    }
    for (var condition : who) {
      if (!condition.holds(facts)) {
        return Optional.of(
            mismatch(condition.key(), condition.actual(facts), condition.accepted()));
      }
    }
    return scope.mismatch(action, effect);
  }

  static String mismatch(String key, List<String> actual, List<?> accepted) {
    var has = actual.isEmpty() ? "not there" : "\"" + LogText.escape(actual.getFirst()) + "\"";
    return "%s is %s, not %s".formatted(key, has, listed(accepted));
  }

  /** Lists patterns in one log-safe line; of many only the first. */
  static String listed(List<?> patterns) {
    var first = LogText.escape(patterns.getFirst().toString());
    return patterns.size() == 1 ? first : first + " or " + (patterns.size() - 1) + " more";
  }

  private List<String> labels() {
    return kinds.stream().sorted().map(Kind::label).toList();
  }
}
