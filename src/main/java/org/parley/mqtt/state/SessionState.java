package org.parley.mqtt.state;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.routing.Subscription;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.AllQueues.Held;

/**
 * The state of one session, MQTT 5.0 section 4.1. The thread that applies commands has it; what
 * {@link Session} shows is for any thread.
 */
final class SessionState implements Session, DeliveryQueue.Watcher {
  private final long number;
  private final String clientId;
  private final AllQueues queues;
  private final StateChanges changes;
  private final DeliveryQueue queue;

  /**
   * By the text of the filter, so that their order is always the same; a TreeMap from the first on.
   */
  private Map<String, Subscription> subscriptions = Map.of();

  private volatile int subscriptionCount;

  /**
   * Packet Identifiers of QoS 2 that are open, with what was answered; at most 65,535. A HashMap
   * from the first on.
   */
  private Map<Integer, ReasonCode> inbound = Map.of();

  private volatile boolean online;
  private volatile @Nullable Receiver receiver;

  // What the connection that is attached, or was last, has brought.
  private long connection;
  private int receiveMaximum;
  private Owner owner;
  private Optional<Will> will;

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

  /** It outlives its connection, and so a restart: its rows are told. */
  private boolean kept;

  @SuppressWarnings("this-escape") // the queue is empty
  SessionState(long number, Command.Attach attach, AllQueues queues, StateChanges changes) {
    this.number = number;
    this.queues = queues;
    this.changes = changes;
    this.queue = new DeliveryQueue(queues, this);
    this.clientId = attach.clientId();
    this.connection = attach.connection();
    this.receiveMaximum = attach.receiveMaximum();
    this.owner = attach.owner();
    this.will = attach.will();
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
    return subscriptionCount;
  }

  DeliveryQueue queue() {
    return queue;
  }

  long number() {
    return number;
  }

  /** Returns whether its rows are told. */
  boolean isKept() {
    return kept;
  }

  // -- its rows

  /** Tells the row of the session itself, or that there is none any more. */
  void keep() {
    if (expirySeconds > 0) {
      changes.session(
          new SessionRecord(
              number,
              clientId,
              epoch,
              expirySeconds,
              receiveMaximum,
              online,
              endsAt,
              queue.nextSequence(),
              queue.windowEnd(),
              owner,
              will));
      if (!kept) {
        kept = true;
        keepWhatItHolds();
      }
    } else {
      forget();
    }
  }

  private void keepWhatItHolds() {
    for (var held : subscriptions.values()) {
      changes.subscription(number, held.filter(), held.options(), held.subscriptionId());
    }
    queue.forEach((entry, message) -> queues.keep(number, entry, message));
    inbound.forEach((packetId, reason) -> changes.inbound(number, packetId, reason));
  }

  /** All that it has ends with it, or with its connection. */
  void forget() {
    if (kept) {
      kept = false;
      changes.sessionGone(number);
      queue.forEach((_, message) -> queues.forget(message));
    }
  }

  @Override
  public void added(QueueEntry entry, Held message) {
    if (kept) {
      queues.keep(number, entry, message);
    }
  }

  @Override
  public void released(QueueEntry entry, Held message) {
    if (kept) {
      queues.keepAgain(number, entry, message);
    }
  }

  @Override
  public void removed(QueueEntry entry, Held message) {
    if (kept) {
      changes.entryGone(number, entry.sequence());
      queues.forget(message);
    }
  }

  // -- QoS 2 from the client

  /** Returns what PUBREC said to a Packet Identifier that is open, or null. */
  @Nullable ReasonCode inbound(int packetId) {
    return inbound.get(packetId);
  }

  /** Returns a copy of all that are open. */
  Map<Integer, ReasonCode> allInbound() {
    return Map.copyOf(inbound);
  }

  void openInbound(int packetId, ReasonCode reason) {
    restoreInbound(packetId, reason);
    if (kept) {
      changes.inbound(number, packetId, reason);
    }
  }

  boolean closeInbound(int packetId) {
    boolean found = !inbound.isEmpty() && inbound.remove(packetId) != null;
    if (found && kept) {
      changes.inboundGone(number, packetId);
    }
    return found;
  }

  // -- its life

  /** Takes up what it was before a restart; its entries follow, and then its window. */
  void restore(SessionRecord row) {
    kept = true;
    epoch = row.epoch();
    expirySeconds = row.expirySeconds();
    endsAt = row.endsAt();
    online = row.online();
  }

  void restoreInbound(int packetId, ReasonCode reason) {
    if (!(inbound instanceof HashMap)) {
      inbound = new HashMap<>();
    }
    inbound.put(packetId, reason);
  }

  /** A connection has the session from now on. */
  void begin(Command.Attach attach, long newEpoch) {
    connection = attach.connection();
    receiveMaximum = attach.receiveMaximum();
    owner = attach.owner();
    will = attach.will();
    epoch = newEpoch;
    expirySeconds = attach.expirySeconds();
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
    return connection;
  }

  Owner owner() {
    return owner;
  }

  @Nullable Will will() {
    return will.orElse(null);
  }

  int receiveMaximum() {
    return receiveMaximum;
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
    restore(subscription);
    if (kept) {
      changes.subscription(
          number, subscription.filter(), subscription.options(), subscription.subscriptionId());
    }
  }

  void restore(Subscription subscription) {
    if (!(subscriptions instanceof TreeMap)) {
      subscriptions = new TreeMap<>();
    }
    subscriptions.put(subscription.filter().text(), subscription);
    subscriptionCount = subscriptions.size();
  }

  boolean remove(TopicFilter filter) {
    boolean held = !subscriptions.isEmpty() && subscriptions.remove(filter.text()) != null;
    subscriptionCount = subscriptions.size();
    if (held && kept) {
      changes.subscriptionGone(number, filter);
    }
    return held;
  }

  /** Returns a copy, in the order of the filters. */
  List<Subscription> allSubscriptions() {
    return List.copyOf(subscriptions.values());
  }
}
