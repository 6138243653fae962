package org.parley.policy.file;

import java.util.List;
import org.parley.policy.Rule;

/** What became of a policy file. */
public sealed interface PolicyParsed {
  /** Its rules, in order; at least one. */
  record Loaded(List<Rule> rules) implements PolicyParsed {
    public Loaded {
      rules = List.copyOf(rules);
    }
  }

  /** It cannot be used; nothing of it counts. */
  record Failed(PolicyProblem problem) implements PolicyParsed {}
}
