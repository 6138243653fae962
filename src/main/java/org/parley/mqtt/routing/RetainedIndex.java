package org.parley.mqtt.routing;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.TopicName;

/**
 * One value for each topic name, found by filters, in an order that depends on the names only. For
 * one thread at a time.
 */
public final class RetainedIndex<V> {
  /** Takes what was found. */
  @FunctionalInterface
  public interface Visitor<V> {
    /** Returns whether to go on. */
    boolean visit(V value);
  }

  /** A level. As deep as those of patterns: what a name has beyond is kept as text. */
  private static final class Node<V> {
    private final @Nullable Node<V> parent;
    private final String level;
    private @Nullable V value;
    private @Nullable TreeMap<String, Node<V>> children;
    private @Nullable TreeMap<String, V> tails;

    Node(@Nullable Node<V> parent, String level) {
      this.parent = parent;
      this.level = level;
    }

    boolean isEmpty() {
      return value == null && children == null && tails == null;
    }

    void removeChild(String child) {
      if (children != null) {
        children.remove(child);
        children = children.isEmpty() ? null : children;
      }
    }

    @Nullable V removeTail(String tail) {
      if (tails == null) {
        return null;
      }
      var former = tails.remove(tail);
      tails = tails.isEmpty() ? null : tails;
      return former;
    }
  }

  private final Node<V> root = new Node<>(null, "");
  private int size;
  private long looks;

  /** Returns how many topics have a value. */
  public int size() {
    return size;
  }

  /** Returns how many levels and tails all searches so far have looked at: what they have cost. */
  public long looks() {
    return looks;
  }

  /** Sets the value of a topic, and returns the former. */
  public @Nullable V put(TopicName topic, V value) {
    var name = topic.text();
    var node = root;
    int from = 0;
    for (int depth = 0; depth < PatternTree.DEPTH && from <= name.length(); depth++) {
      int end = Levels.end(name, from);
      node = child(node, name.substring(from, end));
      from = end + 1;
    }
    V former;
    if (from > name.length()) {
      former = node.value;
      node.value = value;
    } else {
      if (node.tails == null) {
        node.tails = new TreeMap<>();
      }
      former = node.tails.put(name.substring(from), value);
    }
    if (former == null) {
      size++;
    }
    return former;
  }

  private static <V> Node<V> child(Node<V> parent, String level) {
    if (parent.children == null) {
      parent.children = new TreeMap<>();
    }
    return parent.children.computeIfAbsent(level, name -> new Node<>(parent, name));
  }

  /** Returns the value of a topic. */
  public @Nullable V get(TopicName topic) {
    var name = topic.text();
    Node<V> node = root;
    int from = 0;
    for (int depth = 0; node != null && from <= name.length(); depth++) {
      if (depth == PatternTree.DEPTH) {
        return node.tails == null ? null : node.tails.get(name.substring(from));
      }
      int end = Levels.end(name, from);
      node = node.children == null ? null : node.children.get(name.substring(from, end));
      from = end + 1;
    }
    return node == null ? null : node.value;
  }

  /** Removes the value of a topic, and returns it. */
  public @Nullable V remove(TopicName topic) {
    var name = topic.text();
    var node = root;
    V former = null;
    int from = 0;
    int depth = 0;
    while (from <= name.length() && depth < PatternTree.DEPTH) {
      int end = Levels.end(name, from);
      var next = node.children == null ? null : node.children.get(name.substring(from, end));
      if (next == null) {
        return null;
      }
      node = next;
      from = end + 1;
      depth++;
    }
    if (from > name.length()) {
      former = node.value;
      node.value = null;
    } else {
      former = node.removeTail(name.substring(from));
    }
    if (former != null) {
      size--;
    }
    prune(node);
    return former;
  }

  private static <V> void prune(Node<V> emptied) {
    var node = emptied;
    while (node.parent != null && node.isEmpty()) {
      node.parent.removeChild(node.level);
      node = node.parent;
    }
  }

  /**
   * Shows the values of all topics that a filter matches, without changing any on the way.
   *
   * @return whether all were shown
   */
  public boolean forEachMatching(TopicFilter filter, Visitor<V> visitor) {
    var search = new Search<V>(filter.pattern(), visitor);
    boolean shown = search.run(root);
    looks += search.looks;
    return shown;
  }

  /** Values still to look at: nodes side by side, and where in the pattern they stand. */
  private record Frame<V>(Iterator<Map.Entry<String, Node<V>>> nodes, int at, boolean first) {}

  /** A walk along a pattern, by a stack of its own that is no deeper than the tree. */
  private static final class Search<V> {
    /** The pattern has ended: everything below a {@code #}. */
    private static final int ALL = -1;

    private final String pattern;
    private final Visitor<V> visitor;
    private final ArrayDeque<Frame<V>> frames = new ArrayDeque<>();
    private long looks;

    Search(String pattern, Visitor<V> visitor) {
      this.pattern = pattern;
      this.visitor = visitor;
    }

    boolean run(Node<V> root) {
      if (!walk(root, 0, true)) {
        return false;
      }
      while (!frames.isEmpty()) {
        var frame = frames.getLast();
        if (!frame.nodes.hasNext()) {
          frames.removeLast();
          continue;
        }
        var next = frame.nodes.next();
        boolean hidden = frame.first && Levels.isReserved(next.getKey()); // [MQTT-4.7.2-1]
        if (!hidden && !walk(next.getValue(), frame.at, false)) {
          return false;
        }
      }
      return true;
    }

    /** Follows literal levels, and leaves what wildcards open up for later. */
    private boolean walk(Node<V> from, int position, boolean first) {
      Node<V> node = from;
      int at = position;
      boolean top = first;
      while (node != null) {
        looks++;
        if (at == ALL) {
          push(node, ALL, top);
          return show(node.value) && showTails(node, 0, true);
        }
        if (at > pattern.length()) {
          return show(node.value);
        }
        int end = Levels.end(pattern, at);
        if (Levels.is(Levels.MULTI, pattern, at, end)) {
          at = ALL;
          continue;
        }
        if (!showTails(node, at, false)) {
          return false;
        }
        if (Levels.is(Levels.SINGLE, pattern, at, end)) {
          push(node, end + 1, top);
          return true;
        }
        node = node.children == null ? null : node.children.get(pattern.substring(at, end));
        top = false;
        at = end + 1;
      }
      return true;
    }

    private void push(Node<V> parent, int at, boolean top) {
      if (parent.children != null) {
        frames.addLast(new Frame<>(parent.children.entrySet().iterator(), at, top));
      }
    }

    private boolean show(@Nullable V value) {
      return value == null || visitor.visit(value);
    }

    private boolean showTails(Node<V> node, int at, boolean all) {
      if (node.tails == null) {
        return true;
      }
      looks += node.tails.size();
      for (var tail : node.tails.entrySet()) {
        if ((all || Levels.match(pattern, at, tail.getKey(), 0))
            && !visitor.visit(tail.getValue())) {
          return false;
        }
      }
      return true;
    }
  }
}
