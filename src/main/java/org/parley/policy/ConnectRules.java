package org.parley.policy;

import java.util.List;
import org.parley.policy.Rule.Effect;
import org.parley.policy.Rule.Kind;

/**
 * Whether a subject may connect.
 *
 * @param clientIdRefused whether it may not for its Client Identifier: a rule denies this one, or
 *     one that allows asks for another
 */
record ConnectRules(Decision decision, boolean clientIdRefused) {
  static ConnectRules of(List<Rule> fitting, Subject subject) {
    boolean anotherAllowed = false;
    for (var rule : fitting) {
      if (!rule.kinds().contains(Kind.CONNECT)) {
        continue;
      }
      if (!rule.scope().hasClientId(subject)) {
        anotherAllowed |= rule.effect() == Effect.ALLOW;
        continue;
      }
      boolean denied = rule.effect() == Effect.DENY;
      boolean thisDenied = !rule.scope().clientIds().isEmpty();
      return new ConnectRules(rule.decision(), denied && (anotherAllowed || thisDenied));
    }
    return new ConnectRules(RulePolicy.UNFIT, anotherAllowed);
  }
}
