package org.parley.mqtt.state;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.routing.SubscriptionIndex;
import org.parley.mqtt.state.Event.DropReason;

/**
 * All state of sessions, subscriptions, queues, retained messages and wills. The same commands at
 * the same times bring about the same events: nothing here reads a clock or chance, and no order
 * depends on where an object lies. One thread at a time applies commands; what is said to be for
 * any thread may be asked at any time.
 */
public final class StateMachine {
  /** What one {@link Command.Tick} handles at most: another is due at once if more is. */
  private static final int ROWS_PER_TICK = 1_000;

  private final Outcome outcome = new Outcome();
  private final Timetable timetable = new Timetable();
  private final SubscriptionIndex index = new SubscriptionIndex();
  private final Retention retention;
  private final Wills wills;
  private final Deliveries deliveries;
  private final Sessions sessions;
  private final Subscribing subscribing;

  /** State that ends with its process. */
  public StateMachine(StateLimits limits) {
    this(limits, new NoChanges());
  }

  /**
   * State that outlives a restart.
   *
   * @param changes hears each row that changes, while a command is applied
   */
  public StateMachine(StateLimits limits, StateChanges changes) {
    retention = new Retention(limits, changes, timetable);
    wills = new Wills(changes, outcome, timetable);
    deliveries = new Deliveries(limits, changes, outcome, timetable, index);
    sessions = new Sessions(limits, changes, outcome, timetable, index, deliveries, wills);
    subscribing = new Subscribing(limits, outcome, index, sessions, retention, deliveries);
  }

  /** Returns what takes up the state of before a restart; to be done before any command. */
  public Restoration restoration() {
    return new Restoration(sessions, deliveries.queues(), index, retention, wills);
  }

  /**
   * Applies a command.
   *
   * @param nowMillis milliseconds of the epoch; never less than at the command before
   * @return what it has brought about, in the order in which it is to be told
   */
  public List<Event> apply(long nowMillis, Command command) {
    outcome.begin(nowMillis);
    switch (command) {
      case Command.Publish publish -> publish(publish);
      case Command.Acknowledge acknowledge -> acknowledge(acknowledge);
      case Command.Release release -> release(release);
      case Command.Attach attach -> sessions.attach(attach);
      case Command.Detach detach -> sessions.detach(detach);
      case Command.Subscribe subscribe -> subscribing.subscribe(subscribe);
      case Command.Unsubscribe unsubscribe -> subscribing.unsubscribe(unsubscribe);
      case Command.PublishWill(var id) -> publishWill(id);
      case Command.DropWill(var id) -> wills.answer(id);
      case Command.EndSession(var clientId) -> endSession(clientId);
      case Command.Restart() -> sessions.restart();
      case Command.Tick() -> tick();
    }
    sessions.endOverflowed();
    return outcome.take();
  }

  private void publish(Command.Publish publish) {
    var message = publish.message();
    if (publish.epoch() == Command.NO_EPOCH) {
      deliver(message, publish.publisher());
      return;
    }
    var session = sessions.attached(publish.clientId(), publish.epoch());
    if (session == null) {
      return;
    }
    if (message.qos() == QoS.AT_MOST_ONCE) {
      deliver(message, publish.publisher());
      return;
    }
    var reason = session.inbound(publish.packetId());
    boolean pressed = false;
    if (reason != null) {
      // the same again, told the same [MQTT-4.3.3-10]; with QoS 1 the identifier is in use
      reason = message.qos() == QoS.EXACTLY_ONCE ? reason : ReasonCode.PACKET_IDENTIFIER_IN_USE;
    } else {
      reason = own(message, publish.publisher());
      pressed = !reason.isFailure() && deliveries.pressed();
      if (message.qos() == QoS.EXACTLY_ONCE && !reason.isFailure()) {
        session.openInbound(publish.packetId(), reason);
      }
    }
    outcome.add(
        new Event.Published(
            session, publish.epoch(), publish.packetId(), message.qos(), reason, pressed));
  }

  /** Takes a message that is acknowledged: wholly, or not at all. */
  private ReasonCode own(Message message, Optional<Owner> publisher) {
    if (message.retain()
        && !retention.accepts(new RetainedMessage(message, publisher), outcome.now())) {
      return ReasonCode.QUOTA_EXCEEDED;
    }
    if (deliveries.isOverloadedBy(message)) {
      return ReasonCode.QUOTA_EXCEEDED;
    }
    return deliver(message, publisher) || message.retain()
        ? ReasonCode.SUCCESS
        : ReasonCode.NO_MATCHING_SUBSCRIBERS;
  }

  /**
   * Retains a message if it asks for that and can be, and delivers it: one step for all who see. If
   * it cannot be, what the topic has is out of date all the same: 3.1.1 [MQTT-3.3.1-7].
   */
  private boolean deliver(Message message, Optional<Owner> publisher) {
    if (message.retain()) {
      var retained = new RetainedMessage(message, publisher);
      if (retention.accepts(retained, outcome.now())) {
        retention.store(retained, outcome.now());
      } else {
        retention.remove(message.topic());
        outcome.add(new Event.Dropped(message.publisher(), message, DropReason.RETAINED_FULL));
      }
    }
    return deliveries.publish(message);
  }

  private void publishWill(WillId id) {
    var told = wills.answer(id);
    if (told != null) {
      var will = told.will();
      deliver(
          Message.received(
              id.clientId(),
              will.topic(),
              will.qos(),
              will.retain(),
              will.properties(),
              will.payload(),
              outcome.now()),
          Optional.of(told.owner()));
    }
  }

  private void acknowledge(Command.Acknowledge acknowledge) {
    var session = sessions.attached(acknowledge.clientId(), acknowledge.epoch());
    if (session == null) {
      return;
    }
    long sequence = acknowledge.sequence();
    switch (acknowledge.kind()) {
      case PUBREC -> {
        session.queue().release(sequence);
        outcome.add(new Event.Recorded(session, acknowledge.epoch(), sequence));
      }
      case PUBACK, PUBREC_FAILURE, PUBCOMP -> {
        session.queue().acknowledge(sequence);
        session.queue().widen(session.receiveMaximum());
      }
    }
  }

  private void release(Command.Release release) {
    var session = sessions.attached(release.clientId(), release.epoch());
    if (session != null) {
      boolean found = session.closeInbound(release.packetId());
      outcome.add(new Event.Released(session, release.epoch(), release.packetId(), found));
    }
  }

  private void endSession(String clientId) {
    var session = sessions.find(clientId);
    if (session != null) {
      sessions.end(session, ReasonCode.ADMINISTRATIVE_ACTION);
    }
  }

  private void tick() {
    for (int i = 0; i < ROWS_PER_TICK; i++) {
      var row = timetable.poll(outcome.now());
      if (row == null) {
        return;
      }
      switch (row.kind()) {
        case WILL -> sessions.expireWill(row.id());
        case SESSION -> sessions.expire(row.id());
        case QUEUE -> sessions.expireQueue(row.id());
        case RETAINED -> retention.remove(TopicName.of(row.id()));
      }
    }
  }

  /** Returns whether a {@link Command.Tick} has something to do; any thread may ask. */
  public boolean due(long nowMillis) {
    return timetable.isDue(nowMillis);
  }

  /** Returns when the next tick has something to do, {@link Long#MAX_VALUE} for never. */
  public long nextDue() {
    return timetable.next();
  }

  /** Returns who hears what; any thread may match. */
  public SubscriptionIndex index() {
    return index;
  }

  /** Returns the session of a client; any thread may ask. */
  public @Nullable Session session(String clientId) {
    return sessions.find(clientId);
  }

  /** Returns all sessions as they are while one goes through them; any thread may. */
  public Iterable<? extends Session> sessions() {
    return sessions.all();
  }

  /** Returns how many sessions there are, online and offline; any thread may ask. */
  public int sessionCount() {
    return sessions.count();
  }

  /** Returns how many sessions have a connection; any thread may ask. */
  public int onlineCount() {
    return sessions.online();
  }

  /** Returns how many subscriptions all sessions hold together; any thread may ask. */
  public int subscriptionCount() {
    return sessions.subscriptions();
  }

  /** Returns how many QoS 1 and 2 deliveries all sessions are owed; any thread may ask. */
  public long queuedCount() {
    return deliveries.queues().places();
  }

  /**
   * Returns about how many bytes those hold: a message that is owed to many counts once. Any thread
   * may ask.
   */
  public long queuedBytes() {
    return deliveries.queues().bytes();
  }

  /** Returns how many messages are retained; any thread may ask. */
  public int retainedCount() {
    return retention.count();
  }

  /** Returns about how many bytes the retained messages hold; any thread may ask. */
  public long retainedBytes() {
    return retention.bytes();
  }
}
