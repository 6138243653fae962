package org.parley.mqtt.routing;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * A level in the tree of patterns. One thread writes, any may read. A match walks through memory
 * that is far apart if there are many patterns: so each step looks at as few objects as can be.
 */
final class Node {
  private final String level;

  /** For names that end here. */
  private volatile @Nullable Hearers exact;

  /** For {@code #} after this level: names that end here or anywhere below. */
  private volatile @Nullable Hearers below;

  /** The level {@code +} after this one. */
  private volatile @Nullable Node single;

  /** The next level while there is one alone: most have no other, and need no map. */
  private volatile @Nullable Node only;

  /** The next levels since there have been two, until none is left. */
  private volatile @Nullable Map<String, Node> children;

  /** At the deepest level of the tree: what is left of longer patterns. */
  private volatile @Nullable Map<String, Hearers> tails;

  Node(String level) {
    this.level = level;
  }

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
    var one = only; // before the map: when that is seen to have gone, the map is there
    if (one != null) {
      return one.level.equals(level) ? one : null;
    }
    var all = children;
    return all == null ? null : all.get(level);
  }

  /** Returns whether a level cut out of a name can be worth a look. */
  boolean hasChildren() {
    return only != null || children != null;
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
      node = new Node("+");
      single = node;
    }
    return node;
  }

  Node childForPut(String level) {
    var all = children;
    if (all != null) {
      return all.computeIfAbsent(level, Node::new);
    }
    var one = only;
    if (one != null && one.level.equals(level)) {
      return one;
    }
    var child = new Node(level);
    if (one == null) {
      only = child;
    } else {
      all = new ConcurrentHashMap<>();
      all.put(one.level, one);
      all.put(level, child);
      children = all;
      only = null;
    }
    return child;
  }

  boolean isEmpty() {
    return exact == null
        && below == null
        && single == null
        && only == null
        && children == null
        && tails == null;
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
    var one = only;
    if (one != null && one.level.equals(level)) {
      only = null;
    }
    var all = children;
    if (all != null) {
      all.remove(level);
      if (all.isEmpty()) {
        children = null;
      }
    }
  }
}
