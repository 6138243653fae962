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
    private final List<Target> targets = new ArrayList<>(2);

    /** What No Local leaves of the targets; null before a subscription has No Local. */
    private @Nullable List<@Nullable Target> own;

    private List<SharedGroup> groups = List.of();

    /** Where sessions are among the targets; null before the second pattern. */
    private @Nullable Map<Subscriber, Integer> places;

    /** All copies of a session that has more than one, by its place. */
    private Map<Integer, Overlap> overlaps = Map.of();

    /** How many patterns had members: with one alone no session comes twice. */
    private int patterns;

    /** The members of the next pattern follow. */
    void pattern() {
      if (++patterns == 2) {
        places = new HashMap<>();
        for (int i = 0; i < targets.size(); i++) {
          places.put(targets.get(i).subscriber(), i);
        }
      }
    }

    void add(Member member) {
      var target = member.target();
      if (member.noLocal() && own == null) {
        own = new ArrayList<>(targets);
      }
      var place = places == null ? null : places.putIfAbsent(target.subscriber(), targets.size());
      var remains = member.noLocal() ? null : target;
      if (place == null) {
        targets.add(target);
        if (own != null) {
          own.add(remains);
        }
        return;
      }
      overlap(place).add(target, remains);
    }

    private Overlap overlap(int place) {
      if (overlaps.isEmpty()) {
        overlaps = new HashMap<>();
      }
      return overlaps.computeIfAbsent(
          place, at -> new Overlap(targets.get(at), (own == null ? targets : own).get(at)));
    }

    void add(SharedGroup group) {
      if (groups.isEmpty()) {
        groups = new ArrayList<>();
      }
      groups.add(group);
    }

    Match build(String topic, int stripe, long version) {
      if (groups.size() > 1) {
        groups.sort(Comparator.comparing(SharedGroup::name));
      }
      overlaps.forEach(
          (place, overlap) -> {
            targets.set(place, Target.of(overlap.all));
            if (own != null) {
              own.set(place, overlap.own.isEmpty() ? null : Target.of(overlap.own));
            }
          });
      return new Match(
          topic,
          stripe,
          version,
          targets.isEmpty() ? NOBODY : targets.toArray(NOBODY),
          own == null ? null : own.toArray(new @Nullable Target[0]),
          List.copyOf(groups));
    }
  }
}
