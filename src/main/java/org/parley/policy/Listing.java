package org.parley.policy;

import java.util.List;
import org.parley.core.LogText;
import org.parley.policy.Action.Associate;
import org.parley.policy.Action.QueryInventory;

/**
 * Who may do what.
 *
 * @param entries one a subject, in the order asked for
 */
public record Listing(List<Entry> entries) {
  /**
   * What one subject may do.
   *
   * @param messages the rules that are for its messages, in order
   * @param otherwise what no such rule fits
   */
  public record Entry(
      Subject subject,
      Explanation associate,
      Explanation inventory,
      List<Rule> messages,
      Decision otherwise) {}

  public Listing {
    entries = List.copyOf(entries);
  }

  /** Lists what a policy lets these subjects do. */
  public static Listing of(RulePolicy policy, List<Subject> subjects) {
    return new Listing(subjects.stream().map(subject -> entry(policy, subject)).toList());
  }

  private static Entry entry(RulePolicy policy, Subject subject) {
    var messages = policy.fitting(subject).messages();
    return new Entry(
        subject,
        policy.explain(new Associate(subject)),
        policy.explain(new QueryInventory(subject)),
        messages.rules(),
        messages.otherwise());
  }

  /** Returns the listing as plain, log-safe lines. */
  public String text() {
    var text = new StringBuilder();
    for (var entry : entries) {
      text.append(PolicyText.of(entry.subject)).append('\n');
      line(text, "associate", PolicyText.of(entry.associate.decision(), entry.associate.line()));
      line(text, "inventory", PolicyText.of(entry.inventory.decision(), entry.inventory.line()));
      for (var rule : entry.messages) {
        line(text, "send " + message(rule), PolicyText.of(rule.decision(), rule.line()));
      }
      line(text, "send anything else", PolicyText.of(entry.otherwise, 0));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String what, String decision) {
    text.append("  ").append(what).append(": ").append(decision).append('\n');
  }

  private static String message(Rule rule) {
    return all(rule.scope().messageTypes()) + " to " + all(rule.scope().targets());
  }

  private static String all(List<Glob> globs) {
    return globs.isEmpty()
        ? "*"
        : String.join(", ", globs.stream().map(glob -> LogText.escape(glob.toString())).toList());
  }
}
