package org.parley.mqtt.state;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.routing.Subscription;
import org.parley.mqtt.routing.TopicFilter;

/**
 * The state of one session, MQTT 5.0 section 4.1. The thread that applies commands has it; what
 * {@link Session} shows is for any thread.
 */
final class SessionState implements Session {
  private final String clientId;
  private final DeliveryQueue queue;

  /** By the text of the filter, so that their order is always the same. */
  private final Map<String, Subscription> subscriptions = new TreeMap<>();

  private final AtomicInteger subscriptionCount = new AtomicInteger();

  /** Packet Identifiers of QoS 2 that are open, with what was answered. At most 65,535. */
  private final Map<Integer, ReasonCode> inbound = new HashMap<>();

  private volatile boolean online;
  private volatile @Nullable Receiver receiver;

  /** The connection that is attached, or was last. */
  private Command.Attach attach;

  private long epoch;
  private long expirySeconds;

  /** When an offline session ends, milliseconds of the epoch. */
  private long endsAt = Timetable.NEVER;

  /** When the messages in the queue of an offline session are looked at. */
  private long queueDue = Timetable.NEVER;

  /** The will of the last connection, while it waits for its time. */
  private @Nullable WillId waitingWill;

  /** It has been found to overflow, and ends with the command at work. */
  private boolean ending;

  SessionState(Command.Attach attach, AllQueues queues) {
    this.queue = new DeliveryQueue(queues);
    this.clientId = attach.clientId();
    this.attach = attach;
  }

  @Override
  public String clientId() {
    return clientId;
  }

  @Override
  public boolean online() {
    return online;
  }

  @Override
  public boolean hasRoom() {
    var connection = receiver;
    return online && connection != null && connection.hasRoom();
  }

  @Override
  public @Nullable Receiver receiver() {
    return receiver;
  }

  @Override
  public void receiver(@Nullable Receiver receiver) {
    this.receiver = receiver;
  }

  @Override
  public int queued() {
    return queue.size();
  }

  @Override
  public long queuedBytes() {
    return queue.bytes();
  }

  @Override
  public int subscriptions() {
    return subscriptionCount.getAcquire();
  }

  DeliveryQueue queue() {
    return queue;
  }

  Map<Integer, ReasonCode> inbound() {
    return inbound;
  }

  /** A connection has the session from now on. */
  void begin(Command.Attach connection, long newEpoch) {
    attach = connection;
    epoch = newEpoch;
    expirySeconds = connection.expirySeconds();
    endsAt = Timetable.NEVER;
    online = true;
  }

  /** No connection has the session any more. */
  void end(long now) {
    online = false;
    receiver = null;
    endsAt = expirySeconds == Command.Attach.NEVER ? Timetable.NEVER : now + expirySeconds * 1000;
  }

  boolean isAttachedBy(long connectionEpoch) {
    return online && epoch == connectionEpoch;
  }

  /** Returns whether its time has come. */
  boolean isOver(long now) {
    return !online && endsAt <= now;
  }

  long connection() {
    return attach.connection();
  }

  Owner owner() {
    return attach.owner();
  }

  @Nullable Will will() {
    return attach.will().orElse(null);
  }

  int receiveMaximum() {
    return attach.receiveMaximum();
  }

  long epoch() {
    return epoch;
  }

  void expirySeconds(long seconds) {
    expirySeconds = seconds;
  }

  long endsAt() {
    return endsAt;
  }

  long queueDue() {
    return queueDue;
  }

  void queueDue(long due) {
    queueDue = due;
  }

  @Nullable WillId waitingWill() {
    return waitingWill;
  }

  void waitingWill(@Nullable WillId will) {
    waitingWill = will;
  }

  boolean isEnding() {
    return ending;
  }

  void ending() {
    ending = true;
  }

  boolean holds(TopicFilter filter) {
    return subscriptions.containsKey(filter.text());
  }

  void put(Subscription subscription) {
    subscriptions.put(subscription.filter().text(), subscription);
    subscriptionCount.setRelease(subscriptions.size());
  }

  boolean remove(TopicFilter filter) {
    boolean held = subscriptions.remove(filter.text()) != null;
    subscriptionCount.setRelease(subscriptions.size());
    return held;
  }

  /** Returns a copy, in the order of the filters. */
  List<Subscription> allSubscriptions() {
    return List.copyOf(subscriptions.values());
  }
}
