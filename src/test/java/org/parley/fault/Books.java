package org.parley.fault;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** What was acknowledged by the broker, and what was delivered, by topic. */
final class Books {
  private final Map<Integer, Numbers> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, Map<Integer, Numbers>> received = new ConcurrentHashMap<>();
  private final AtomicLong refusedFull = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();

  /** Numbers of messages. */
  private static final class Numbers {
    private final ReentrantLock lock = new ReentrantLock();
    private final BitSet numbers = new BitSet();

    boolean add(int number) {
      lock.lock();
      try {
        boolean isNew = !numbers.get(number);
        numbers.set(number);
        return isNew;
      } finally {
        lock.unlock();
      }
    }

    BitSet copy() {
      lock.lock();
      try {
        return (BitSet) numbers.clone();
      } finally {
        lock.unlock();
      }
    }
  }

  void sent() {
    sent.incrementAndGet();
  }

  /** The broker owns a message. */
  void acknowledged(int publisher, int number) {
    acknowledged.computeIfAbsent(publisher, _ -> new Numbers()).add(number);
  }

  /** The broker has said that it has no room. */
  void refusedFull() {
    refusedFull.incrementAndGet();
  }

  /** A subscriber will be owed what this publisher says. */
  void subscribed(String subscriber, int publisher) {
    received
        .computeIfAbsent(subscriber, _ -> new ConcurrentHashMap<>())
        .putIfAbsent(publisher, new Numbers());
  }

  /** Returns whether it is the first time. */
  boolean received(String subscriber, int publisher, int number) {
    var numbers = received.getOrDefault(subscriber, Map.of()).get(publisher);
    if (numbers == null) {
      throw new AssertionError(subscriber + " has a message of " + publisher);
    }
    return numbers.add(number);
  }

  /** Returns what subscribers lack of what was acknowledged. */
  List<String> missing() {
    var missing = new ArrayList<String>();
    received.forEach(
        (subscriber, publishers) ->
            publishers.forEach(
                (publisher, numbers) -> {
                  var owed = acknowledged.getOrDefault(publisher, new Numbers()).copy();
                  owed.andNot(numbers.copy());
                  if (!owed.isEmpty()) {
                    missing.add(
                        subscriber
                            + " lacks "
                            + owed.cardinality()
                            + " of publisher "
                            + publisher
                            + ", the first is "
                            + owed.nextSetBit(0));
                  }
                }));
    return missing;
  }

  @Override
  public String toString() {
    long owned = acknowledged.values().stream().mapToLong(each -> each.copy().cardinality()).sum();
    long delivered =
        received.values().stream()
            .flatMap(each -> each.values().stream())
            .mapToLong(each -> each.copy().cardinality())
            .sum();
    return "MQTT: sent "
        + sent
        + ", acknowledged "
        + owned
        + ", first deliveries "
        + delivered
        + ", refused for a full disk "
        + refusedFull;
  }
}
