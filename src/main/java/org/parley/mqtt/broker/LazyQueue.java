package org.parley.mqtt.broker;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** A queue that takes next to no memory before something is in it: most connections are idle. */
final class LazyQueue<E> implements Iterable<E> {
  private @Nullable ArrayDeque<E> elements;

  private ArrayDeque<E> elements() {
    if (elements == null) {
      elements = new ArrayDeque<>(0); // grows with what it has to hold
    }
    return elements;
  }

  boolean isEmpty() {
    return elements == null || elements.isEmpty();
  }

  int size() {
    return elements == null ? 0 : elements.size();
  }

  void add(E element) {
    elements().add(element);
  }

  void addAll(Collection<E> more) {
    if (!more.isEmpty()) {
      elements().addAll(more);
    }
  }

  /** Returns the first; null if there is none. */
  @Nullable E peek() {
    return elements == null ? null : elements.peek();
  }

  /**
   * Returns the first.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  E element() {
    return elements().element();
  }

  /**
   * Returns the last.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  E last() {
    return elements().getLast();
  }

  /**
   * Takes the first away and returns it.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  E remove() {
    return elements().remove();
  }

  @Override
  public Iterator<E> iterator() {
    return elements == null ? Collections.emptyIterator() : elements.iterator();
  }
}
