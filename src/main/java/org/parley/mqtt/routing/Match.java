package org.parley.mqtt.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who hears a topic, found once and for every message of it: never changed, for any thread. Copies
 * of one session are merged; groups choose at each message.
 */
public final class Match {
  /** Takes the targets of one message. */
  @FunctionalInterface
  public interface TargetVisitor {
    void visit(Target target);
  }

  private static final Target[] NOBODY = {};

  private final String topic;
  private final int stripe;
  private final long version;
  private final Target[] targets;

  /**
   * What the subscriber gets of its own messages, or nothing: what No Local leaves. Null if none of
   * the subscriptions has No Local.
   */
  private final @Nullable Target @Nullable [] own;

  private final List<SharedGroup> groups;

  private final int weight;

  private Match(
      String topic,
      int stripe,
      long version,
      Target[] targets,
      @Nullable Target @Nullable [] own,
      List<SharedGroup> groups) {
    this.topic = topic;
    this.stripe = stripe;
    this.version = version;
    this.targets = targets;
    this.own = own;
    this.groups = groups;
    long references = groups.size();
    for (var target : targets) {
      references += 1 + target.subscriptionIds().size();
    }
    this.weight = (int) Math.min(own == null ? references : 2 * references, Integer.MAX_VALUE);
  }

  /** Returns whether nobody hears the topic. */
  public boolean isEmpty() {
    return targets.length == 0 && groups.isEmpty();
  }

  /** Returns how many sessions hear it by subscriptions that are not shared. */
  public int size() {
    return targets.length;
  }

  /** Returns how many references it holds, about: targets, groups and Subscription Identifiers. */
  int weight() {
    return weight;
  }

  /** Returns the groups that hear it, each once, in the order of their names. */
  public List<SharedGroup> groups() {
    return groups;
  }

  /**
   * Shows the targets of a message, but for what No Local keeps from its publisher [MQTT-3.8.3-3].
   * Nothing is allocated.
   *
   * @param publisher the Client Identifier; empty for the server
   * @return how many were shown
   */
  public int forEach(String publisher, TargetVisitor visitor) {
    var own = this.own;
    if (own == null) {
      for (var target : targets) {
        visitor.visit(target);
      }
      return targets.length;
    }
    int shown = 0;
    for (int i = 0; i < targets.length; i++) {
      var target = targets[i];
      if (target.subscriber().clientId().equals(publisher)) {
        target = own[i];
      }
      if (target != null) {
        visitor.visit(target);
        shown++;
      }
    }
    return shown;
  }

  String topic() {
    return topic;
  }

  int stripe() {
    return stripe;
  }

  long version() {
    return version;
  }

  /** The copies of one session, and those of them that No Local leaves: merged once, at the end. */
  private static final class Overlap {
    private final List<Target> all = new ArrayList<>();
    private final List<Target> own = new ArrayList<>();

    Overlap(Target first, @Nullable Target remains) {
      add(first, remains);
    }

    final void add(Target copy, @Nullable Target remains) {
      all.add(copy);
      if (remains != null) {
        own.add(remains);
      }
    }
  }

  /** Gathers what hears a topic. */
  static final class Builder {
    private final List<Target> targets = new ArrayList<>();
    private final List<@Nullable Target> own = new ArrayList<>();
    private final List<SharedGroup> groups = new ArrayList<>();
    private final Map<Subscriber, Integer> places = new HashMap<>();

    /** All copies of a session that has more than one, by its place. */
    private final Map<Integer, Overlap> overlaps = new HashMap<>();

    private boolean noLocal;

    /** How many patterns had members: with one alone no session comes twice. */
    private int patterns;

    /** The members of the next pattern follow. */
    void pattern() {
      if (++patterns == 2) {
        for (int i = 0; i < targets.size(); i++) {
          places.put(targets.get(i).subscriber(), i);
        }
      }
    }

    void add(Member member) {
      var target = member.target();
      noLocal |= member.noLocal();
      var remains = member.noLocal() ? null : target;
      var place = patterns > 1 ? places.putIfAbsent(target.subscriber(), targets.size()) : null;
      if (place == null) {
        targets.add(target);
        own.add(remains);
        return;
      }
      overlaps
          .computeIfAbsent(place, at -> new Overlap(targets.get(at), own.get(at)))
          .add(target, remains);
    }

    void add(SharedGroup group) {
      groups.add(group);
    }

    Match build(String topic, int stripe, long version) {
      groups.sort(Comparator.comparing(SharedGroup::name));
      overlaps.forEach(
          (place, overlap) -> {
            targets.set(place, Target.of(overlap.all));
            own.set(place, overlap.own.isEmpty() ? null : Target.of(overlap.own));
          });
      return new Match(
          topic,
          stripe,
          version,
          targets.isEmpty() ? NOBODY : targets.toArray(NOBODY),
          noLocal ? own.toArray(new @Nullable Target[0]) : null,
          List.copyOf(groups));
    }
  }
}
