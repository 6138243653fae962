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

  /** One reference, so that readers see a change of form at once. */
  private volatile Members members = MemberArray.NONE;

  /** By their names; null if there are none. */
  private volatile @Nullable ConcurrentNavigableMap<String, SharedGroup> groups;

  boolean isEmpty() {
    return groups == null
        && switch (members) {
          case Member _ -> false;
          case MemberArray few -> few.size() == 0;
          case Members.Many(var many) -> many.isEmpty();
        };
  }

  void addTo(Match.Builder match) {
    match.pattern();
    switch (members) {
      case Member one -> match.add(one);
      case MemberArray few -> {
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
      case Member one -> put(member, MemberArray.NONE.with(0, one));
      case MemberArray few -> put(member, few);
    };
  }

  private @Nullable Subscription put(Member member, MemberArray few) {
    int at = few.find(member.clientId());
    members = formed(at < 0 ? few.with(~at, member) : few.replaced(at, member));
    return at < 0 ? null : few.get(at).subscription();
  }

  private static Members formed(MemberArray all) {
    if (all.size() == 1) {
      return all.get(0);
    }
    if (all.size() <= FEW) {
      return all;
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
      case Member one -> {
        if (!one.isOf(subscriber)) {
          yield null;
        }
        members = MemberArray.NONE;
        yield one.subscription();
      }
      case MemberArray few -> {
        int at = few.find(subscriber.clientId());
        if (at < 0 || !few.get(at).isOf(subscriber)) {
          yield null;
        }
        members = formed(few.without(at));
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
