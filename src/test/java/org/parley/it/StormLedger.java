package org.parley.it;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What became of each message of a storm, as its sender and its receivers saw it. */
final class StormLedger {
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  /**
   * One message.
   *
   * @param target its URI
   * @param owed whether exactly one delivery or error must be seen; for others at most one
   */
  private record Entry(
      String target, boolean owed, AtomicInteger deliveries, AtomicInteger errors) {
    int seen() {
      return deliveries.get() + errors.get();
    }
  }

  /** A message is about to be sent. */
  void sent(String id, String target, boolean owed) {
    entries.put(id, new Entry(target, owed, new AtomicInteger(), new AtomicInteger()));
  }

  /** A receiver got a message. */
  void delivered(String id) {
    entry(id).deliveries.incrementAndGet();
  }

  /** A sender got an error about a message. */
  void answered(String id) {
    entry(id).errors.incrementAndGet();
  }

  private Entry entry(String id) {
    var entry = entries.get(id);
    if (entry == null) {
      throw new AssertionError("nobody sent " + id);
    }
    return entry;
  }

  /** Returns the messages that were seen more often than once. */
  List<String> twice() {
    return entries.entrySet().stream()
        .filter(entry -> entry.getValue().seen() > 1)
        .map(StormLedger::describe)
        .toList();
  }

  /** Returns the messages of which something must be seen and nothing is. */
  List<String> missing() {
    return entries.entrySet().stream()
        .filter(entry -> entry.getValue().owed && entry.getValue().seen() == 0)
        .map(StormLedger::describe)
        .toList();
  }

  private static String describe(Map.Entry<String, Entry> entry) {
    return "%s to %s: %d deliveries, %d errors"
        .formatted(
            entry.getKey(),
            entry.getValue().target,
            entry.getValue().deliveries.get(),
            entry.getValue().errors.get());
  }

  long sent() {
    return entries.size();
  }

  long owed() {
    return entries.values().stream().filter(Entry::owed).count();
  }

  long delivered() {
    return entries.values().stream().filter(entry -> entry.deliveries.get() > 0).count();
  }

  long answered() {
    return entries.values().stream().filter(entry -> entry.errors.get() > 0).count();
  }
}
