package org.parley.mqtt.state;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.routing.RetainedIndex;
import org.parley.mqtt.routing.TopicFilter;

/** The retained messages, MQTT 5.0 section 3.3.1.3: as many as there may be. */
final class Retention {
  private final StateLimits limits;
  private final StateChanges changes;
  private final Timetable timetable;
  private final RetainedIndex<Message> messages = new RetainedIndex<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Retention(StateLimits limits, StateChanges changes, Timetable timetable) {
    this.limits = limits;
    this.changes = changes;
    this.timetable = timetable;
  }

  /** Any thread may ask. */
  int count() {
    return count.getAcquire();
  }

  /** Any thread may ask. */
  long bytes() {
    return bytes.getAcquire();
  }

  /** Returns whether the message can be retained, or has nothing to be retained. */
  boolean accepts(Message message, long now) {
    if (isRemoval(message, now)) {
      return true;
    }
    var former = messages.get(message.topic());
    return (former != null || messages.size() < limits.retainedMessages())
        && bytes.getPlain() - size(former) + message.sizeBytes() <= limits.retainedBytes();
  }

  /**
   * Lets the message take the place of what the topic has [MQTT-3.3.1-5]. One without payload, or
   * one whose time is over at once, leaves the place empty [MQTT-3.3.1-6].
   */
  void store(Message message, long now) {
    if (isRemoval(message, now)) {
      remove(message.topic());
      return;
    }
    restore(message);
    changes.retained(message);
  }

  /** Puts a message in its place, as it was before a restart. */
  void restore(Message message) {
    var former = messages.put(message.topic(), message);
    forget(former);
    bytes.setRelease(bytes.getPlain() + message.sizeBytes());
    count.setRelease(messages.size());
    timetable.add(message.expiresAt(), Timetable.Kind.RETAINED, message.topic().text(), 0);
  }

  /** Removes what the topic has. */
  void remove(TopicName topic) {
    var former = messages.remove(topic);
    if (former != null) {
      forget(former);
      count.setRelease(messages.size());
      changes.retainedGone(topic);
    }
  }

  /** Shows what a filter matches and has not expired, as long as the visitor wants more. */
  boolean forEachMatching(TopicFilter filter, long now, RetainedIndex.Visitor<Message> visitor) {
    return messages.forEachMatching(
        filter, message -> message.isExpired(now) || visitor.visit(message));
  }

  /** Returns what all of that has cost so far, in levels of topics that were looked at. */
  long looks() {
    return messages.looks();
  }

  private static boolean isRemoval(Message message, long now) {
    return message.payload().isEmpty() || message.isImmediate() || message.isExpired(now);
  }

  private void forget(@Nullable Message former) {
    if (former != null) {
      bytes.setRelease(bytes.getPlain() - former.sizeBytes());
      timetable.remove(former.expiresAt(), Timetable.Kind.RETAINED, former.topic().text(), 0);
    }
  }

  private static long size(@Nullable Message message) {
    return message == null ? 0 : message.sizeBytes();
  }
}
