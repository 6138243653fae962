package org.parley.pcp.broker;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.parley.core.CloseReason;

/** What the PCP broker did since it started. */
public final class PcpCounters {
  private final LongAdder associated = new LongAdder();
  private final LongAdder superseded = new LongAdder();
  private final LongAdder disassociated = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder late = new LongAdder();
  private final LongAdder unanswerable = new LongAdder();
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final Map<CloseReason, LongAdder> ended = new ConcurrentHashMap<>();

  void associated() {
    associated.increment();
  }

  void superseded() {
    superseded.increment();
  }

  void disassociated() {
    disassociated.increment();
  }

  void delivered() {
    delivered.increment();
  }

  /** A frame came in on a connection that is not its URI's any more. */
  void late() {
    late.increment();
  }

  /** An answer of ours found no room in the queue of the peer that asked. */
  void unanswerable() {
    unanswerable.increment();
  }

  /**
   * A message was answered by an error.
   *
   * @param description one of our fixed texts, so that there are few
   */
  void error(String description) {
    errors.computeIfAbsent(description, _ -> new LongAdder()).increment();
  }

  /** The broker ended a session. */
  void ended(CloseReason reason) {
    ended.computeIfAbsent(reason, _ -> new LongAdder()).increment();
  }

  public long associations() {
    return associated.sum();
  }

  public long supersessions() {
    return superseded.sum();
  }

  public long disassociations() {
    return disassociated.sum();
  }

  public long deliveries() {
    return delivered.sum();
  }

  public long lateFrames() {
    return late.sum();
  }

  public long unanswerables() {
    return unanswerable.sum();
  }

  /** Returns how often each error text was sent. */
  public Map<String, Long> errors() {
    return sums(errors);
  }

  /** Returns how many sessions the broker ended for each reason. */
  public Map<String, Long> endings() {
    var byPhrase = new TreeMap<String, Long>();
    ended.forEach((reason, count) -> byPhrase.merge(reason.phrase(), count.sum(), Long::sum));
    return byPhrase;
  }

  private static Map<String, Long> sums(Map<String, LongAdder> counts) {
    var sums = new TreeMap<String, Long>();
    counts.forEach((key, count) -> sums.put(key, count.sum()));
    return sums;
  }
}
