package org.parley.mqtt.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Patterns by their levels. A tree is at most {@link #DEPTH} levels deep: what a pattern has beyond
 * is compared as text, so that a pattern of nothing but separators costs no more than its length.
 * One thread writes, any may read.
 */
final class PatternTree {
  /** More levels than sensible names have. */
  static final int DEPTH = 32;

  /** The tail that stands for the deepest level itself too. */
  private static final String ALL_BELOW = "#";

  private final Node root = new Node("");

  /** Returns the hearers of a pattern, new if need be. */
  Hearers forPut(String pattern) {
    var node = root;
    int from = 0;
    for (int depth = 0; depth < DEPTH; depth++) {
      int end = Levels.end(pattern, from);
      if (Levels.is(Levels.MULTI, pattern, from, end)) {
        return node.belowForPut();
      }
      node =
          Levels.is(Levels.SINGLE, pattern, from, end)
              ? node.singleForPut()
              : node.childForPut(pattern.substring(from, end));
      if (end == pattern.length()) {
        return node.exactForPut();
      }
      from = end + 1;
    }
    return node.tailForPut(pattern.substring(from));
  }

  /**
   * Takes something from the hearers of a pattern, if there are any, and removes what has become
   * empty then.
   *
   * @return what was taken
   */
  @Nullable Subscription update(String pattern, Function<Hearers, @Nullable Subscription> change) {
    var path = new Path(pattern);
    var hearers = path.walk(root);
    if (hearers == null) {
      return null;
    }
    var taken = change.apply(hearers);
    if (hearers.isEmpty()) {
      path.prune();
    }
    return taken;
  }

  /** Adds the hearers of a name to a match. */
  void collect(String topic, Match.Builder match) {
    List<Node> nodes = new ArrayList<>(2);
    List<Node> next = new ArrayList<>(2);
    nodes.add(root);
    boolean wild = !Levels.isReserved(topic); // [MQTT-4.7.2-1]
    int from = 0;
    for (int depth = 0; !nodes.isEmpty(); depth++) {
      for (int i = 0; wild && i < nodes.size(); i++) {
        addTo(match, nodes.get(i).below());
      }
      if (from > topic.length()) {
        for (var node : nodes) {
          addTo(match, node.exact());
          addTo(match, depth == DEPTH ? node.tail(ALL_BELOW) : null);
        }
        return;
      }
      if (depth == DEPTH) {
        collectTails(nodes, topic, from, match);
        return;
      }
      int end = Levels.end(topic, from);
      collectNext(nodes, topic, from, end, wild, next);
      var former = nodes;
      nodes = next;
      next = former;
      next.clear();
      wild = true;
      from = end + 1;
    }
  }

  private static void collectNext(
      List<Node> nodes, String topic, int from, int end, boolean wild, List<Node> next) {
    String level = null;
    for (var node : nodes) {
      if (node.hasChildren()) {
        level = level == null ? topic.substring(from, end) : level;
        add(next, node.child(level));
      }
      if (wild) {
        add(next, node.single());
      }
    }
  }

  private static void add(List<Node> nodes, @Nullable Node node) {
    if (node != null) {
      nodes.add(node);
    }
  }

  private static void addTo(Match.Builder match, @Nullable Hearers hearers) {
    if (hearers != null) {
      hearers.addTo(match);
    }
  }

  private static void collectTails(List<Node> nodes, String topic, int from, Match.Builder match) {
    for (var node : nodes) {
      for (var tail : node.tails()) {
        if (Levels.match(tail.getKey(), 0, topic, from)) {
          tail.getValue().addTo(match);
        }
      }
    }
  }

  /** Where in a node hearers are. */
  private enum Place {
    EXACT,
    BELOW,
    TAIL
  }

  /** The way to the hearers of one pattern. */
  private static final class Path {
    private final String pattern;
    private final Node[] nodes = new Node[DEPTH + 1];
    private final String[] levels = new String[DEPTH];
    private int depth;
    private Place place = Place.EXACT;
    private String tail = "";

    Path(String pattern) {
      this.pattern = pattern;
    }

    @Nullable Hearers walk(Node root) {
      var node = root;
      int from = 0;
      while (true) {
        nodes[depth] = node;
        if (from > pattern.length()) {
          return node.exact();
        }
        if (depth == DEPTH) {
          place = Place.TAIL;
          tail = pattern.substring(from);
          return node.tail(tail);
        }
        int end = Levels.end(pattern, from);
        if (Levels.is(Levels.MULTI, pattern, from, end)) {
          place = Place.BELOW;
          return node.below();
        }
        var level = pattern.substring(from, end);
        var next = Levels.is(Levels.SINGLE, pattern, from, end) ? node.single() : node.child(level);
        if (next == null) {
          return null;
        }
        levels[depth++] = level;
        node = next;
        from = end + 1;
      }
    }

    /** Removes the hearers, and each node that has nothing left. */
    void prune() {
      var last = nodes[depth];
      switch (place) {
        case EXACT -> last.removeExact();
        case BELOW -> last.removeBelow();
        case TAIL -> last.removeTail(tail);
      }
      for (int i = depth; i > 0 && nodes[i].isEmpty(); i--) {
        if (levels[i - 1].equals("+")) {
          nodes[i - 1].removeSingle();
        } else {
          nodes[i - 1].removeChild(levels[i - 1]);
        }
      }
    }
  }
}
