package org.parley.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules on messages that are for one subject, up to the first that fits every message. Equal
 * for all subjects that the same rules are for: what is decided for one is decided for all.
 */
final class MessageRules {
  private final List<Rule> rules;
  private final List<Decision> effects;
  private final Decision otherwise;
  private final List<String> names;
  private final int hash;

  private MessageRules(List<Rule> rules, Decision otherwise) {
    this.rules = List.copyOf(rules);
    this.effects = rules.stream().map(Rule::decision).toList();
    this.otherwise = otherwise;
    this.names = rules.stream().map(Rule::name).toList();
    this.hash = 31 * names.hashCode() + otherwise.hashCode();
  }

  static MessageRules of(List<Rule> sendRules) {
    var conditional = new ArrayList<Rule>();
    for (var rule : sendRules) {
      if (rule.scope().isEveryMessage()) {
        return new MessageRules(conditional, rule.decision());
      }
      conditional.add(rule);
    }
    return new MessageRules(conditional, RulePolicy.UNFIT);
  }

  /** Returns whether every message is decided alike. */
  boolean isSettled() {
    return rules.isEmpty();
  }

  /** Returns the decision on a message that none of the rules fits. */
  Decision otherwise() {
    return otherwise;
  }

  List<Rule> rules() {
    return rules;
  }

  Decision decide(String target, String messageType) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).scope().hasMessage(target, messageType)) {
        return effects.get(i);
      }
    }
    return otherwise;
  }

  /** Within one policy a name is one rule. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof MessageRules that
            && hash == that.hash
            && otherwise.equals(that.otherwise)
            && names.equals(that.names));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
