package org.parley.testing.crash;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** What one subscriber has, or a whole group that shares a subscription. */
final class Receipts {
  private final String name;
  private final Map<String, BitSet> numbers = new HashMap<>();

  Receipts(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Returns whether it is the first time. */
  synchronized boolean add(String publisher, int number) {
    var had = numbers.computeIfAbsent(publisher, _ -> new BitSet());
    boolean first = !had.get(number);
    had.set(number);
    return first;
  }

  synchronized BitSet of(String publisher) {
    return (BitSet) numbers.getOrDefault(publisher, new BitSet()).clone();
  }
}
