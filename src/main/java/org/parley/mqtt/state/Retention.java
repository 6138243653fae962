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
  private final RetainedIndex<RetainedMessage> messages = new RetainedIndex<>();
  private final Publishers publishers = new Publishers();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /** Bytes of the messages, without their publishers. */
  private long messageBytes;

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
  boolean accepts(RetainedMessage retained, long now) {
    var message = retained.message();
    if (isRemoval(message, now)) {
      return true;
    }
    var former = messages.get(message.topic());
    return (former != null || messages.size() < limits.retainedMessages())
        && bytes.getPlain()
                - size(former)
                + message.sizeBytes()
                + publishers.change(former, retained)
            <= limits.retainedBytes();
  }

  /**
   * Lets the message take the place of what the topic has [MQTT-3.3.1-5]. One without payload, or
   * one whose time is over at once, leaves the place empty [MQTT-3.3.1-6].
   */
  void store(RetainedMessage retained, long now) {
    if (isRemoval(retained.message(), now)) {
      remove(retained.message().topic());
      return;
    }
    restore(retained);
    changes.retained(retained);
  }

  /** Puts a message in its place, as it was before a restart. */
  void restore(RetainedMessage retained) {
    var message = retained.message();
    var former = messages.put(message.topic(), publishers.add(retained));
    messageBytes += message.sizeBytes();
    forget(former);
    timetable.add(message.expiresAt(), Timetable.Kind.RETAINED, message.topic().text(), 0);
  }

  /** Removes what the topic has. */
  void remove(TopicName topic) {
    var former = messages.remove(topic);
    if (former != null) {
      forget(former);
      changes.retainedGone(topic);
    }
  }

  /** Shows what a filter matches and has not expired, as long as the visitor wants more. */
  boolean forEachMatching(
      TopicFilter filter, long now, RetainedIndex.Visitor<RetainedMessage> visitor) {
    return messages.forEachMatching(
        filter, retained -> retained.message().isExpired(now) || visitor.visit(retained));
  }

  /** Returns what all of that has cost so far, in levels of topics that were looked at. */
  long looks() {
    return messages.looks();
  }

  private static boolean isRemoval(Message message, long now) {
    return message.payload().isEmpty() || message.isImmediate() || message.isExpired(now);
  }

  private void forget(@Nullable RetainedMessage former) {
    if (former != null) {
      var message = former.message();
      messageBytes -= message.sizeBytes();
      publishers.remove(former);
      timetable.remove(message.expiresAt(), Timetable.Kind.RETAINED, message.topic().text(), 0);
    }
    bytes.setRelease(messageBytes + publishers.bytes());
    count.setRelease(messages.size());
  }

  private static long size(@Nullable RetainedMessage retained) {
    return retained == null ? 0 : retained.message().sizeBytes();
  }
}
