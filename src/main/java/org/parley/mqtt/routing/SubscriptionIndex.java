package org.parley.mqtt.routing;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.TopicName;

/**
 * Who has subscribed to what. One thread at a time changes it; any number of threads match at any
 * time and wait for nothing. A match that began after a change has returned knows of it.
 */
public final class SubscriptionIndex {
  /** How many topics have their match kept; a power of two. */
  private static final int CACHED_TOPICS = 4096;

  /** How much all kept matches weigh together. */
  private static final int CACHED_WEIGHT = 1 << 20;

  /** Changes are counted apart for as many groups of topics; a power of two. */
  private static final int STRIPES = 1024;

  /** Where changes are counted that can be about any topic. */
  private static final int ANY = STRIPES;

  private final PatternTree patterns = new PatternTree();
  private final ConcurrentMap<TopicFilter, SharedGroup> groups = new ConcurrentHashMap<>();
  private final AtomicLongArray changes = new AtomicLongArray(STRIPES + 1);
  private final AtomicReferenceArray<@Nullable Match> cache =
      new AtomicReferenceArray<>(CACHED_TOPICS);
  private final AtomicInteger cachedWeight = new AtomicInteger();

  /** Puts a subscription in the place of what its session held for the filter: returns that. */
  public @Nullable Subscription put(Subscription subscription) {
    var filter = subscription.filter();
    var member = Member.of(subscription);
    if (filter.isShared()) {
      return groupForPut(filter).put(member);
    }
    var former = patterns.forPut(filter.pattern()).put(member);
    changed(filter);
    return former;
  }

  private SharedGroup groupForPut(TopicFilter filter) {
    var group = groups.get(filter);
    if (group == null) {
      group = new SharedGroup(filter);
      groups.put(filter, group);
      patterns.forPut(filter.pattern()).add(group);
      changed(filter);
    }
    return group;
  }

  /** Removes what the session holds for the filter, and returns it. */
  public @Nullable Subscription remove(Subscriber subscriber, TopicFilter filter) {
    if (filter.isShared()) {
      return removeFromGroup(subscriber, filter);
    }
    var former = patterns.update(filter.pattern(), hearers -> hearers.remove(subscriber));
    if (former != null) {
      changed(filter);
    }
    return former;
  }

  private @Nullable Subscription removeFromGroup(Subscriber subscriber, TopicFilter filter) {
    var group = groups.get(filter);
    if (group == null) {
      return null;
    }
    var former = group.remove(subscriber);
    if (group.size() == 0) {
      groups.remove(filter);
      patterns.update(
          filter.pattern(),
          hearers -> {
            hearers.remove(group);
            return null;
          });
      changed(filter);
    }
    return former;
  }

  /** Removes all that a session holds. */
  public void removeAll(Subscriber subscriber, Collection<TopicFilter> filters) {
    for (var filter : filters) {
      remove(subscriber, filter);
    }
  }

  /** Returns the group of a shared subscription; null if it has no members. */
  public @Nullable SharedGroup group(TopicFilter filter) {
    return groups.get(filter);
  }

  /** Returns who hears a topic. */
  public Match match(TopicName topic) {
    var text = topic.text();
    int hash = text.hashCode();
    int slot = (hash ^ (hash >>> 15)) & (CACHED_TOPICS - 1);
    var cached = cache.get(slot);
    return cached != null
            && cached.topic().equals(text)
            && cached.version() == version(cached.stripe())
        ? cached
        : find(text, slot);
  }

  private Match find(String topic, int slot) {
    int stripe = stripe(topic);
    long version = version(stripe); // before the search: a change during it makes this stale
    var builder = new Match.Builder();
    patterns.collect(topic, builder);
    var match = builder.build(topic, stripe, version);
    keep(match, slot);
    return match;
  }

  private void keep(Match match, int slot) {
    if (match.weight() > CACHED_WEIGHT) {
      return;
    }
    if (cachedWeight.get() + match.weight() > CACHED_WEIGHT) {
      for (int i = 0; i < CACHED_TOPICS; i++) {
        replace(i, null);
      }
    }
    replace(slot, match);
  }

  private void replace(int slot, @Nullable Match match) {
    var former = cache.getAndSet(slot, match);
    cachedWeight.addAndGet(weight(match) - weight(former));
  }

  /**
   * Gives matches back that a change has made stale: they name subscribers who may be gone, and all
   * that these have. Any thread may call, from time to time.
   */
  public void dropStale() {
    for (int i = 0; i < CACHED_TOPICS; i++) {
      var match = cache.get(i);
      if (match != null
          && match.version() != version(match.stripe())
          && cache.compareAndSet(i, match, null)) {
        cachedWeight.addAndGet(-match.weight());
      }
    }
  }

  private static int weight(@Nullable Match match) {
    return match == null ? 0 : match.weight();
  }

  /** Returns how much the kept matches weigh together; any thread may ask. */
  int cachedWeight() {
    return cachedWeight.get();
  }

  /** The sum: each part only ever grows. */
  private long version(int stripe) {
    return changes.get(stripe) + changes.get(ANY);
  }

  private void changed(TopicFilter filter) {
    changes.incrementAndGet(stripe(filter.pattern()));
  }

  /**
   * Returns where changes about a topic, or by a pattern, are counted: by the first two levels, so
   * that those who come and go with topics of their own do not touch the matches of others.
   */
  private static int stripe(String text) {
    int end = Levels.end(text, 0);
    if (end < text.length()) {
      end = Levels.end(text, end + 1);
    }
    int hash = 0;
    for (int i = 0; i < end; i++) {
      char character = text.charAt(i);
      if (character == Levels.SINGLE || character == Levels.MULTI) {
        return ANY;
      }
      hash = 31 * hash + character;
    }
    return (hash ^ (hash >>> 15)) & (STRIPES - 1);
  }
}
