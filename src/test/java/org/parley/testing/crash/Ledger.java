package org.parley.testing.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ReasonCode;

/** What was acknowledged, what came of it, and what should not have happened. */
public final class Ledger {
  private static final int EXAMPLES = 40;

  private final long begun = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // -- guarded by the lock

  private final Map<String, BitSet> acknowledged = new HashMap<>();
  private final Set<String> sessions = new HashSet<>();
  private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
  private final List<String> examples = new ArrayList<>();
  private final List<Packet> refusals = new ArrayList<>();
  private long acknowledgements;
  private long deliveries;

  /** A publisher has the acknowledgement of a message: the broker owns it. */
  void acknowledged(String publisher, int number) {
    lock.lock();
    try {
      acknowledged.computeIfAbsent(publisher, _ -> new BitSet()).set(number);
      acknowledgements++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The same for a message that is looked after elsewhere. */
  void acknowledged() {
    lock.lock();
    try {
      acknowledgements++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * A client has its CONNACK and a session that is to be kept. Returns whether it lacks nothing.
   *
   * @throws Line.Unexpected if it was refused
   */
  boolean connected(String clientId, Connack connack) throws Line.Unexpected {
    if (connack.reason() != ReasonCode.SUCCESS) {
      throw new Line.Unexpected(connack);
    }
    lock.lock();
    try {
      boolean kept = sessions.add(clientId) || connack.sessionPresent();
      if (!kept) {
        fault(Fault.SESSION_LOST, clientId);
      }
      return kept;
    } finally {
      lock.unlock();
    }
  }

  /** The same with Clean Start: it is a session without a past. */
  void renewed(String clientId, Connack connack) throws Line.Unexpected {
    lock.lock();
    try {
      if (connack.sessionPresent()) {
        fault(Fault.COME_BACK, "session of " + clientId + " in spite of Clean Start");
      }
      sessions.remove(clientId);
      var _ = connected(clientId, connack);
    } finally {
      lock.unlock();
    }
  }

  void delivered() {
    lock.lock();
    try {
      deliveries++;
    } finally {
      lock.unlock();
    }
  }

  void fault(Fault fault, String what) {
    lock.lock();
    try {
      faults.merge(fault, 1L, Long::sum);
      if (examples.size() < EXAMPLES) {
        examples.add(fault + ": " + what);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The broker has ended or refused a connection with a reason. */
  void refused(Packet packet) {
    lock.lock();
    try {
      refusals.add(packet);
    } finally {
      lock.unlock();
    }
  }

  /** Compares what all of them have with what was acknowledged. */
  void settle(List<Receipts> all) {
    lock.lock();
    try {
      for (var receipts : all) {
        acknowledged.forEach(
            (publisher, numbers) -> {
              var lost = (BitSet) numbers.clone();
              lost.andNot(receipts.of(publisher));
              lost.stream()
                  .forEach(
                      number ->
                          fault(
                              Fault.MESSAGE_LOST,
                              publisher + " " + number + " for " + receipts.name()));
            });
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for so many acknowledgements in all, but no longer than this. */
  void awaitAcknowledgements(long count, Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (acknowledgements < count && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many messages were acknowledged. */
  public long acknowledgements() {
    lock.lock();
    try {
      return acknowledgements;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how often this happened. */
  public long count(Fault fault) {
    lock.lock();
    try {
      return faults.getOrDefault(fault, 0L);
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many things are gone, or back, that were acknowledged otherwise. */
  public long losses() {
    lock.lock();
    try {
      return faults.entrySet().stream()
          .filter(entry -> entry.getKey().isLoss())
          .mapToLong(Map.Entry::getValue)
          .sum();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the faults, each with its number. */
  public Map<Fault, Long> faults() {
    lock.lock();
    try {
      return new EnumMap<>(faults);
    } finally {
      lock.unlock();
    }
  }

  /** Returns with what the broker has ended or refused connections. */
  public List<Packet> refusals() {
    lock.lock();
    try {
      return List.copyOf(refusals);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return acknowledgements
          + " messages acknowledged, "
          + deliveries
          + " first deliveries, "
          + sessions.size()
          + " sessions, "
          + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun)
          + " s, faults "
          + faults
          + (refusals.isEmpty() ? "" : ", refusals " + refusals.size())
          + (examples.isEmpty() ? "" : "\n  " + String.join("\n  ", examples));
    } finally {
      lock.unlock();
    }
  }
}
