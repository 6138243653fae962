package org.parley.policy;

import java.util.List;
import org.parley.policy.Rule.Kind;

/**
 * What a policy comes to for one subject.
 *
 * @param associate the decision on associating
 * @param inventory the decision on the inventory
 * @param messages the rules that are left for messages
 * @param connect the decision on connecting by MQTT
 * @param topics the rules that are left for topics
 */
record SubjectRules(
    Decision associate,
    Decision inventory,
    MessageRules messages,
    ConnectRules connect,
    TopicRules topics) {
  /** Many subjects, few sets of rules: each set is kept once. */
  interface Sets {
    /** Returns the one of equal message rules that is kept. */
    MessageRules shared(MessageRules rules);

    /** Returns the one of equal topic rules that is kept. */
    TopicRules shared(TopicRules rules);
  }

  /** Works it out. */
  static SubjectRules of(List<Rule> rules, Subject subject, Sets sets) {
    var facts = new Facts(subject);
    var fitting = rules.stream().filter(rule -> rule.isFor(facts)).toList();
    return new SubjectRules(
        first(fitting, Kind.ASSOCIATE),
        first(fitting, Kind.INVENTORY),
        sets.shared(
            MessageRules.of(
                fitting.stream().filter(rule -> rule.kinds().contains(Kind.SEND)).toList())),
        ConnectRules.of(fitting, subject),
        sets.shared(TopicRules.of(fitting, subject)));
  }

  private static Decision first(List<Rule> rules, Kind kind) {
    return rules.stream()
        .filter(rule -> rule.kinds().contains(kind))
        .findFirst()
        .map(Rule::decision)
        .orElse(RulePolicy.UNFIT);
  }
}
