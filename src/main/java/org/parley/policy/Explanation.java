package org.parley.policy;

import java.util.List;

/**
 * Why an action is allowed or denied.
 *
 * @param line of the rule that decides; 0 if none of the file does
 * @param passed the rules before it, in order
 */
public record Explanation(Action action, Decision decision, int line, List<Passed> passed) {
  /**
   * A rule that did not fit.
   *
   * @param why one log-safe line
   */
  public record Passed(String rule, int line, String why) {}

  public Explanation {
    passed = List.copyOf(passed);
  }

  /** Returns the explanation as plain, log-safe lines: the decision, then each rule before it. */
  public String text() {
    var text = new StringBuilder(PolicyText.of(action));
    text.append(": ").append(PolicyText.of(decision, line)).append('\n');
    for (var rule : passed) {
      text.append("  not by %s (line %d): %s%n".formatted(rule.rule, rule.line, rule.why));
    }
    return text.toString();
  }
}
