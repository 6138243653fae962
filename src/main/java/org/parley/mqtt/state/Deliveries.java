package org.parley.mqtt.state;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.routing.Match;
import org.parley.mqtt.routing.SharedGroup;
import org.parley.mqtt.routing.Subscriber;
import org.parley.mqtt.routing.SubscriptionIndex;
import org.parley.mqtt.routing.Target;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.AllQueues.Held;
import org.parley.mqtt.state.Event.DropReason;

/** Brings messages to those who hear them, and into the queues of those who are owed them. */
final class Deliveries implements Match.TargetVisitor {
  /** An online subscriber presses its publishers when its queue is full to one part in this. */
  private static final int PRESSED_AT_ONE_IN = 2;

  private final StateLimits limits;
  private final Outcome outcome;
  private final Timetable timetable;
  private final SubscriptionIndex index;

  /** Sessions whose queue was too full, to end with the command at work; by Client Identifier. */
  private final TreeMap<String, SessionState> overflowed = new TreeMap<>();

  private final Predicate<Subscriber> hasRoom = this::hasRoom;

  /** The message at work, and the last copy of it: copies that are alike are one object. */
  private @Nullable Message current;

  private @Nullable Delivery last;

  /** The message at work as all queues know it, once it is in one. */
  private @Nullable Held held;

  private final AllQueues queues;

  private boolean pressed;

  Deliveries(
      StateLimits limits,
      StateChanges changes,
      Outcome outcome,
      Timetable timetable,
      SubscriptionIndex index) {
    this.queues = new AllQueues(changes);
    this.limits = limits;
    this.outcome = outcome;
    this.timetable = timetable;
    this.index = index;
  }

  /** Returns what all queues hold together. */
  AllQueues queues() {
    return queues;
  }

  /** Returns whether a message is for somebody, and there is no room for it in all queues. */
  boolean isOverloadedBy(Message message) {
    return !hasRoomFor(message) && !index.match(message.topic()).isEmpty();
  }

  private boolean hasRoomFor(Message message) {
    return queues.bytes() <= limits.allQueuedBytes() - message.sizeBytes();
  }

  /**
   * Delivers a message to all who hear it.
   *
   * @return whether there was anybody
   */
  boolean publish(Message message) {
    pressed = false;
    current = message;
    var match = index.match(message.topic());
    boolean heard = match.forEach(message.publisher(), this) > 0;
    for (var group : match.groups()) {
      var target = group.next(message.qos(), hasRoom);
      if (target == null) {
        drop("", message, DropReason.OFFLINE);
      } else {
        deliver(message, target, Optional.of(group.filter()));
      }
      heard = true;
    }
    current = null;
    forget();
    return heard;
  }

  /** Returns whether a session that the last message was for is close to its limits. */
  boolean pressed() {
    return pressed;
  }

  @Override
  public void visit(Target target) {
    if (current != null) {
      deliver(current, target, Optional.empty());
    }
  }

  /** By what commands have brought about alone: the same wherever they are applied. */
  private boolean hasRoom(Subscriber subscriber) {
    return subscriber instanceof SessionState session
        && !session.isEnding()
        && session.queue().windowIsOpen(session.receiveMaximum());
  }

  private void deliver(Message message, Target target, Optional<TopicFilter> group) {
    if (!(target.subscriber() instanceof SessionState session)) {
      return; // none but sessions subscribe
    }
    var delivery = copy(message, target);
    if (delivery.qos() != QoS.AT_MOST_ONCE) {
      enqueue(session, delivery, group, limits.overflow());
    } else if (!session.online()) {
      drop(session.clientId(), message, DropReason.OFFLINE);
    } else if (message.isExpired(outcome.now()) && !message.isImmediate()) {
      drop(session.clientId(), message, DropReason.EXPIRED);
    } else {
      outcome.add(new Event.Delivered(session, delivery));
    }
  }

  private Delivery copy(Message message, Target target) {
    var qos = target.qos(message.qos());
    boolean retain = target.retain(message.retain());
    var ids = target.subscriptionIds();
    var same = last;
    if (same == null
        || !same.message().equals(message)
        || same.qos() != qos
        || same.retain() != retain
        || !same.subscriptionIds().equals(ids)) {
      same = Delivery.live(message, qos, retain, ids);
      last = same;
    }
    return same;
  }

  /** Puts a retained message into the queue of the session that has just subscribed. */
  void enqueueRetained(SessionState session, Delivery delivery) {
    if (hasRoomFor(delivery.message())) {
      enqueue(session, delivery, Optional.empty(), StateLimits.Overflow.DROP_NEW);
    } else {
      drop(session.clientId(), delivery.message(), DropReason.QUEUE_FULL);
    }
  }

  private void enqueue(
      SessionState session,
      Delivery delivery,
      Optional<TopicFilter> group,
      StateLimits.Overflow overflow) {
    var message = delivery.message();
    var queue = session.queue();
    boolean tooLate =
        message.isImmediate()
            ? !session.online() || !queue.windowIsOpen(session.receiveMaximum())
            : message.isExpired(outcome.now());
    if (tooLate) {
      drop(session.clientId(), message, DropReason.EXPIRED);
      return;
    }
    if (session.isEnding()) {
      drop(session.clientId(), message, DropReason.SESSION_ENDED);
      return;
    }
    if (!makeRoom(session, message, overflow)) {
      drop(session.clientId(), message, DropReason.QUEUE_FULL);
      return;
    }
    var entry = queue.add(delivery, group, held(message));
    if (session.online()) {
      queue.widen(session.receiveMaximum());
      outcome.add(new Event.Enqueued(session, entry));
      pressed |= isPressed(queue);
    } else {
      watchExpiry(session);
    }
  }

  /** Copies of one message are one for all queues. */
  private Held held(Message message) {
    var known = held;
    if (known == null || !known.message().equals(message)) {
      known = new Held(message);
      held = known;
    }
    return known;
  }

  /** What comes next is another message. */
  private void forget() {
    last = null;
    held = null;
  }

  private boolean isPressed(DeliveryQueue queue) {
    return queue.size() >= limits.queuedMessages() / PRESSED_AT_ONE_IN
        || queue.bytes() >= limits.queuedBytes() / PRESSED_AT_ONE_IN;
  }

  private boolean fits(DeliveryQueue queue, long size) {
    return queue.size() < limits.queuedMessages() && queue.bytes() + size <= limits.queuedBytes();
  }

  /** Returns whether the message can be queued, after what the policy allows to be done for it. */
  private boolean makeRoom(SessionState session, Message message, StateLimits.Overflow overflow) {
    var queue = session.queue();
    long size = message.sizeBytes();
    if (fits(queue, size)) {
      return true;
    }
    removeExpired(session);
    if (fits(queue, size)) {
      return true;
    }
    return switch (overflow) {
      case DROP_NEW -> false;
      case DROP_OLDEST -> size <= limits.queuedBytes() && dropOldest(session, size);
      case END_SESSION -> {
        session.ending();
        overflowed.put(session.clientId(), session);
        yield false;
      }
    };
  }

  private boolean dropOldest(SessionState session, long size) {
    while (!fits(session.queue(), size)) {
      var oldest = session.queue().removeOldestUnsent();
      if (oldest == null) {
        return false;
      }
      outcome.add(new Event.Removed(session, oldest, DropReason.QUEUE_FULL));
    }
    return true;
  }

  /** Removes what has expired and was certainly not sent, and tells it. */
  void removeExpired(SessionState session) {
    if (session.queue().firstExpiry() <= outcome.now()) {
      for (var entry : session.queue().removeExpired(outcome.now())) {
        outcome.add(new Event.Removed(session, entry, DropReason.EXPIRED));
      }
    }
  }

  /** The queue of an offline session is looked at when the first of its messages expires. */
  void watchExpiry(SessionState session) {
    long due = session.queue().firstExpiry();
    if (due != session.queueDue()) {
      ignoreExpiry(session);
      session.queueDue(due);
      timetable.add(due, Timetable.Kind.QUEUE, session.clientId(), 0);
    }
  }

  /** A connection looks after what expires, or nobody has to. */
  void ignoreExpiry(SessionState session) {
    timetable.remove(session.queueDue(), Timetable.Kind.QUEUE, session.clientId(), 0);
    session.queueDue(Timetable.NEVER);
  }

  /** Gives what an offline session was not sent for its groups to members that are online. */
  void moveUnsent(SessionState session) {
    var hopeless = new HashSet<TopicFilter>();
    for (var entry : session.queue().unsent()) {
      var filter = entry.group().orElse(null);
      var group = filter == null || hopeless.contains(filter) ? null : index.group(filter);
      if (filter == null || group == null) {
        continue;
      }
      var target = next(group, entry);
      if (target == null || !target.subscriber().online()) {
        hopeless.add(filter);
      } else {
        move(session, entry, target);
        session.queue().remove(entry.sequence());
      }
    }
    forget();
  }

  /**
   * Gives what an ended session has not acknowledged to other members of its groups; what they
   * cannot be given without a risk is lost with the session [MQTT-4.8.2-5].
   */
  void moveAll(SessionState session, List<QueueEntry> owed) {
    for (var entry : owed) {
      var group = entry.group().map(index::group).orElse(null);
      var target = group == null || session.queue().isStarted(entry) ? null : next(group, entry);
      if (target != null) {
        move(session, entry, target);
      } else if (!entry.released()) {
        outcome.add(new Event.Removed(session, entry, DropReason.SESSION_ENDED));
      }
    }
    forget();
  }

  private void move(SessionState from, QueueEntry entry, Target target) {
    held = from.queue().held(entry.sequence());
    deliver(entry.delivery().message(), target, entry.group());
  }

  private @Nullable Target next(SharedGroup group, QueueEntry entry) {
    return group.next(entry.delivery().message().qos(), hasRoom);
  }

  /** Returns a session that is to end because its queue was too full. */
  @Nullable SessionState pollOverflowed() {
    var first = overflowed.pollFirstEntry();
    return first == null ? null : first.getValue();
  }

  private void drop(String clientId, Message message, DropReason reason) {
    outcome.add(new Event.Dropped(clientId, message, reason));
  }
}
