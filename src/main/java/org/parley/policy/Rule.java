package org.parley.policy;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.parley.core.LogText;

/**
 * One rule of a policy file. It fits an action if the action is one of its kinds, every condition
 * holds for the subject, and, for a message, target and message_type match; then its effect is the
 * decision.
 *
 * @param line where it begins in its file, from 1
 * @param who none: everybody
 * @param targets patterns of the target's URI; none: every target
 * @param messageTypes patterns of the message_type; none: every message_type
 */
public record Rule(
    String name,
    int line,
    Effect effect,
    Set<Kind> kinds,
    List<Condition> who,
    List<Glob> targets,
    List<Glob> messageTypes) {

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
    INVENTORY;

    static Kind of(Action action) {
      return switch (action) {
        case Action.Associate _ -> ASSOCIATE;
        case Action.Send _ -> SEND;
        case Action.QueryInventory _ -> INVENTORY;
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
    targets = List.copyOf(targets);
    messageTypes = List.copyOf(messageTypes);
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

  /** Returns whether the rule says nothing of target and message_type. */
  boolean fitsEveryMessage() {
    return targets.isEmpty() && messageTypes.isEmpty();
  }

  boolean fitsMessage(String target, String messageType) {
    return (targets.isEmpty() || Glob.any(targets, target))
        && (messageTypes.isEmpty() || Glob.any(messageTypes, messageType));
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
    return switch (action) {
      case Action.Send(_, var target, var messageType) -> mismatch(target, messageType);
      case Action.Associate _, Action.QueryInventory _ -> Optional.empty();
    };
  }

  private Optional<String> mismatch(String target, String messageType) {
    if (!targets.isEmpty() && !Glob.any(targets, target)) {
      return Optional.of(mismatch("target", List.of(target), targets));
    }
    return messageTypes.isEmpty() || Glob.any(messageTypes, messageType)
        ? Optional.empty()
        : Optional.of(mismatch("message_type", List.of(messageType), messageTypes));
  }

  private static String mismatch(String key, List<String> actual, List<?> accepted) {
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
