package org.parley.mqtt.routing;

import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Those who hear one pattern: sessions in the order of their Client Identifiers, and groups in that
 * of their names, so that the order is the same however it came about. One thread writes, any may
 * read.
 */
final class Hearers {
  /** From here on a copy for each change would cost too much. */
  private static final int FEW = 32;

  /** What holds the members: one reference, so that readers see the change of form at once. */
  private sealed interface Members {
    record Few(MemberArray members) implements Members {}

    record Many(ConcurrentNavigableMap<String, Member> members) implements Members {}
  }

  private static final Members NONE = new Members.Few(MemberArray.NONE);

  private volatile Members members = NONE;

  /** By their names; null if there are none. */
  private volatile @Nullable ConcurrentNavigableMap<String, SharedGroup> groups;

  boolean isEmpty() {
    return groups == null
        && switch (members) {
          case Members.Few(var few) -> few.size() == 0;
          case Members.Many(var many) -> many.isEmpty();
        };
  }

  void addTo(Match.Builder match) {
    match.pattern();
    switch (members) {
      case Members.Few(var few) -> {
        for (int i = 0; i < few.size(); i++) {
          match.add(few.get(i));
        }
      }
      case Members.Many(var many) -> {
        for (var member : many.values()) {
          match.add(member);
        }
      }
    }
    var shared = groups;
    if (shared != null) {
      shared.values().forEach(match::add);
    }
  }

  @Nullable Subscription put(Member member) {
    return switch (members) {
      case Members.Many(var many) -> subscription(many.put(member.clientId(), member));
      case Members.Few(var few) -> {
        int at = few.find(member.clientId());
        if (at >= 0) {
          members = new Members.Few(few.replaced(at, member));
          yield few.get(at).subscription();
        }
        members = grown(few.with(~at, member));
        yield null;
      }
    };
  }

  private static Members grown(MemberArray all) {
    if (all.size() <= FEW) {
      return new Members.Few(all);
    }
    var many = new ConcurrentSkipListMap<String, Member>();
    for (int i = 0; i < all.size(); i++) {
      many.put(all.get(i).clientId(), all.get(i));
    }
    return new Members.Many(many);
  }

  @Nullable Subscription remove(Subscriber subscriber) {
    return switch (members) {
      case Members.Many(var many) -> {
        var held = many.get(subscriber.clientId());
        if (held == null || !held.isOf(subscriber)) {
          yield null;
        }
        many.remove(subscriber.clientId());
        yield held.subscription();
      }
      case Members.Few(var few) -> {
        int at = few.find(subscriber.clientId());
        if (at < 0 || !few.get(at).isOf(subscriber)) {
          yield null;
        }
        members = new Members.Few(few.without(at));
        yield few.get(at).subscription();
      }
    };
  }

  private static @Nullable Subscription subscription(@Nullable Member member) {
    return member == null ? null : member.subscription();
  }

  void add(SharedGroup group) {
    var shared = groups;
    if (shared == null) {
      shared = new ConcurrentSkipListMap<>();
      groups = shared;
    }
    shared.put(group.name(), group);
  }

  void remove(SharedGroup group) {
    var shared = groups;
    if (shared != null && shared.remove(group.name()) != null && shared.isEmpty()) {
      groups = null;
    }
  }
}
