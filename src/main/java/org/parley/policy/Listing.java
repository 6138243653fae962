package org.parley.policy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.parley.core.LogText;
import org.parley.policy.Action.Associate;
import org.parley.policy.Action.Connect;
import org.parley.policy.Action.QueryInventory;
import org.parley.policy.Rule.Kind;

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
   * @param connect whether it may connect by MQTT
   * @param topics the rules that are for its topics, in order; what none of them fits is denied
   */
  public record Entry(
      Subject subject,
      Explanation associate,
      Explanation inventory,
      List<Rule> messages,
      Decision otherwise,
      Explanation connect,
      List<Rule> topics) {}

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
        messages.otherwise(),
        policy.explain(new Connect(subject)),
        topics(policy, subject));
  }

  private static List<Rule> topics(RulePolicy policy, Subject subject) {
    var facts = new Facts(subject);
    return policy.rules().stream()
        .filter(
            rule -> rule.kinds().contains(Kind.PUBLISH) || rule.kinds().contains(Kind.SUBSCRIBE))
        .filter(rule -> rule.isFor(facts))
        .toList();
  }

  /** Returns the listing as plain, log-safe lines. */
  public String text() {
    var text = new StringBuilder();
    for (var entry : entries) {
      text.append(PolicyText.of(entry.subject)).append('\n');
      if (entry.subject.clientId().isPresent()) {
        topicLines(text, entry);
        continue;
      }
      line(text, "associate", PolicyText.of(entry.associate.decision(), entry.associate.line()));
      line(text, "inventory", PolicyText.of(entry.inventory.decision(), entry.inventory.line()));
      for (var rule : entry.messages) {
        line(text, "send " + message(rule), PolicyText.of(rule.decision(), rule.line()));
      }
      line(text, "send anything else", PolicyText.of(entry.otherwise, 0));
    }
    return text.toString();
  }

  private static void topicLines(StringBuilder text, Entry entry) {
    line(text, "connect", PolicyText.of(entry.connect.decision(), entry.connect.line()));
    for (var rule : entry.topics) {
      line(text, actionsOnTopics(rule), PolicyText.of(rule.decision(), rule.line()));
    }
    line(text, "any other topic", PolicyText.of(RulePolicy.UNFIT, 0));
  }

  private static String actionsOnTopics(Rule rule) {
    var actions =
        Stream.of(Kind.PUBLISH, Kind.SUBSCRIBE)
            .filter(rule.kinds()::contains)
            .map(Kind::label)
            .collect(Collectors.joining(", "));
    var retain = rule.scope().retain().map(kept -> kept ? " retained" : " not retained").orElse("");
    var topics = rule.scope().topics();
    return actions + retain + " " + (topics.isEmpty() ? "every topic" : all(topics));
  }

  private static void line(StringBuilder text, String what, String decision) {
    text.append("  ").append(what).append(": ").append(decision).append('\n');
  }

  private static String message(Rule rule) {
    return all(rule.scope().messageTypes()) + " to " + all(rule.scope().targets());
  }

  private static String all(List<?> patterns) {
    return patterns.isEmpty()
        ? "*"
        : String.join(
            ", ", patterns.stream().map(pattern -> LogText.escape(pattern.toString())).toList());
  }
}
