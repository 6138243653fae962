package org.parley.policy;

import java.util.List;
import java.util.function.UnaryOperator;
import org.parley.policy.Rule.Kind;

/**
 * What a policy comes to for one subject.
 *
 * @param associate the decision on associating
 * @param inventory the decision on the inventory
 * @param messages the rules that are left for messages
 */
record SubjectRules(Decision associate, Decision inventory, MessageRules messages) {
  /**
   * Works it out.
   *
   * @param shared returns the one of equal message rules that is kept
   */
  static SubjectRules of(List<Rule> rules, Subject subject, UnaryOperator<MessageRules> shared) {
    var facts = new Facts(subject);
    var fitting = rules.stream().filter(rule -> rule.isFor(facts)).toList();
    return new SubjectRules(
        first(fitting, Kind.ASSOCIATE),
        first(fitting, Kind.INVENTORY),
        shared.apply(
            MessageRules.of(
                fitting.stream().filter(rule -> rule.kinds().contains(Kind.SEND)).toList())));
  }

  private static Decision first(List<Rule> rules, Kind kind) {
    return rules.stream()
        .filter(rule -> rule.kinds().contains(kind))
        .findFirst()
        .map(Rule::decision)
        .orElse(RulePolicy.UNFIT);
  }
}
