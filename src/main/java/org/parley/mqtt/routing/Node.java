package org.parley.mqtt.routing;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A level in the tree of patterns. One thread writes, any may read. */
final class Node {
  /** For names that end here. */
  private volatile @Nullable Hearers exact;

  /** For {@code #} after this level: names that end here or anywhere below. */
  private volatile @Nullable Hearers below;

  /** The level {@code +} after this one. */
  private volatile @Nullable Node single;

  private volatile @Nullable Map<String, Node> children;

  /** At the deepest level of the tree: what is left of longer patterns. */
  private volatile @Nullable Map<String, Hearers> tails;

  @Nullable Hearers exact() {
    return exact;
  }

  @Nullable Hearers below() {
    return below;
  }

  @Nullable Node single() {
    return single;
  }

  @Nullable Node child(String level) {
    var all = children;
    return all == null ? null : all.get(level);
  }

  /** Returns whether a level cut out of a name can be worth a look. */
  boolean hasChildren() {
    return children != null;
  }

  Collection<Map.Entry<String, Hearers>> tails() {
    var all = tails;
    return all == null ? List.of() : all.entrySet();
  }

  Hearers exactForPut() {
    var hearers = exact;
    if (hearers == null) {
      hearers = new Hearers();
      exact = hearers;
    }
    return hearers;
  }

  Hearers belowForPut() {
    var hearers = below;
    if (hearers == null) {
      hearers = new Hearers();
      below = hearers;
    }
    return hearers;
  }

  Hearers tailForPut(String tail) {
    var all = tails;
    if (all == null) {
      all = new ConcurrentSkipListMap<>();
      tails = all;
    }
    return all.computeIfAbsent(tail, none -> new Hearers());
  }

  @Nullable Hearers tail(String tail) {
    var all = tails;
    return all == null ? null : all.get(tail);
  }

  Node singleForPut() {
    var node = single;
    if (node == null) {
      node = new Node();
      single = node;
    }
    return node;
  }

  Node childForPut(String level) {
    var all = children;
    if (all == null) {
      all = new ConcurrentHashMap<>(1);
      children = all;
    }
    return all.computeIfAbsent(level, none -> new Node());
  }

  boolean isEmpty() {
    return exact == null && below == null && single == null && children == null && tails == null;
  }

  void removeExact() {
    exact = null;
  }

  void removeBelow() {
    below = null;
  }

  void removeTail(String tail) {
    var all = tails;
    if (all != null) {
      all.remove(tail);
      if (all.isEmpty()) {
        tails = null;
      }
    }
  }

  void removeSingle() {
    single = null;
  }

  void removeChild(String level) {
    var all = children;
    if (all != null) {
      all.remove(level);
      if (all.isEmpty()) {
        children = null;
      }
    }
  }
}
