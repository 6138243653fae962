package org.parley.limit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map of bounded size: what has been unused for longest makes room. So a newcomer is always
 * remembered, and a bucket that is forgotten is most likely full again.
 */
final class RecentlyUsed<K, V> {
  private final int most;
  private final Function<K, V> maker;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<K, V> values = new LinkedHashMap<>(16, 0.75f, true);

  RecentlyUsed(int most, Function<K, V> maker) {
    this.most = most;
    this.maker = maker;
  }

  /** Returns the value of a key, made now if it is new or forgotten. */
  V of(K key) {
    lock.lock();
    try {
      var value = values.get(key);
      if (value == null) {
        value = maker.apply(key);
        values.put(key, value);
        forgetOldest();
      }
      return value;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the value of a key; null if it has none yet, or is forgotten. Remembers nothing. */
  @Nullable V find(K key) {
    lock.lock();
    try {
      return values.get(key);
    } finally {
      lock.unlock();
    }
  }

  void forget(K key) {
    lock.lock();
    try {
      values.remove(key);
    } finally {
      lock.unlock();
    }
  }

  private void forgetOldest() {
    if (values.size() > most) {
      Iterator<K> oldestFirst = values.keySet().iterator();
      oldestFirst.next();
      oldestFirst.remove();
    }
  }

  int size() {
    lock.lock();
    try {
      return values.size();
    } finally {
      lock.unlock();
    }
  }
}
