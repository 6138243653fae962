package org.parley.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.parley.policy.Rule.Effect;
import org.parley.policy.Rule.Kind;

/**
 * The rules on topics that are for one subject, its names put into them. Equal for all subjects
 * that they read the same for.
 *
 * @param publish those on publishing, in order, up to the first that fits every publication
 * @param subscribe those on subscribing, up to the first that fits every subscription
 */
record TopicRules(List<Line> publish, List<Line> subscribe) implements TopicDecisions {

  /**
   * A rule as it reads for one subject.
   *
   * @param filters its Topic Filters; empty: it is about every topic, those with {@code $} too
   */
  record Line(Decision decision, Optional<List<String>> filters, Optional<Boolean> retain) {
    /** Leaves out the filters whose placeholders cannot be filled: they match nothing. */
    static Line of(Rule rule, Subject subject) {
      return of(rule.scope(), rule.decision(), subject);
    }

    static Line of(Scope scope, Effect effect, Subject subject) {
      return of(scope, effect.by(""), subject);
    }

    private static Line of(Scope scope, Decision decision, Subject subject) {
      if (scope.topics().isEmpty()) {
        return new Line(decision, Optional.empty(), scope.retain());
      }
      var filters = scope.topics().stream().flatMap(topic -> topic.fill(subject).stream()).toList();
      return new Line(decision, Optional.of(filters), scope.retain());
    }

    boolean hasPublication(String topic, boolean retained) {
      if (retain.isPresent() && retain.get() != retained) {
        return false;
      }
      return filters.isEmpty() || anyCovers(filters.get(), topic);
    }

    /**
     * What allows must allow all that the filter matches; what denies denies it for a part. So no
     * wildcard reaches over a rule that denies.
     */
    boolean hasSubscription(String filter) {
      if (filters.isEmpty()) {
        return true;
      }
      return switch (decision) {
        case Decision.Allowed _ -> anyCovers(filters.get(), filter);
        case Decision.Denied _ -> anyIntersects(filters.get(), filter);
      };
    }

    private static boolean anyCovers(List<String> filters, String part) {
      for (var filter : filters) {
        if (Topics.covers(filter, part)) {
          return true;
        }
      }
      return false;
    }

    private static boolean anyIntersects(List<String> filters, String other) {
      for (var filter : filters) {
        if (Topics.intersect(filter, other)) {
          return true;
        }
      }
      return false;
    }

    boolean fitsAll() {
      return filters.isEmpty() && retain.isEmpty();
    }
  }

  /** Works out how the rules read that are for a subject. */
  static TopicRules of(List<Rule> fitting, Subject subject) {
    return new TopicRules(
        lines(fitting, Kind.PUBLISH, subject), lines(fitting, Kind.SUBSCRIBE, subject));
  }

  private static List<Line> lines(List<Rule> fitting, Kind kind, Subject subject) {
    var lines = new ArrayList<Line>();
    for (var rule : fitting) {
      if (rule.kinds().contains(kind)) {
        var line = Line.of(rule, subject);
        lines.add(line);
        if (line.fitsAll()) {
          break;
        }
      }
    }
    return List.copyOf(lines);
  }

  @Override
  public Decision publish(String topic, boolean retain) {
    for (var line : publish) {
      if (line.hasPublication(topic, retain)) {
        return line.decision;
      }
    }
    return RulePolicy.UNFIT;
  }

  @Override
  public Decision subscribe(String filter) {
    for (var line : subscribe) {
      if (line.hasSubscription(filter)) {
        return line.decision;
      }
    }
    return RulePolicy.UNFIT;
  }
}
