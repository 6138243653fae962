package org.parley.mqtt.state;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.routing.Subscription;
import org.parley.mqtt.routing.SubscriptionIndex;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.AllQueues.Held;

/**
 * Takes up the rows of before a restart: sessions first, then what they hold, the entries of each
 * in the order of their sequences; messages before the entries that name them. What belongs to no
 * session is an orphan, and left out.
 */
public final class Restoration implements StateRows {
  private final Sessions sessions;
  private final AllQueues queues;
  private final SubscriptionIndex index;
  private final Retention retention;
  private final Wills wills;

  /** With their rows, until all of their entries are there. */
  private final Map<SessionState, SessionRecord> restored = new LinkedHashMap<>();

  private final Map<Long, SessionState> byNumber = new HashMap<>();
  private final Map<Long, Held> messages = new HashMap<>();

  /** Those of retained messages that are owed, each once. */
  private final Map<Owner, Owner> publishers = new HashMap<>();

  private long orphans;

  Restoration(
      Sessions sessions,
      AllQueues queues,
      SubscriptionIndex index,
      Retention retention,
      Wills wills) {
    this.sessions = sessions;
    this.queues = queues;
    this.index = index;
    this.retention = retention;
    this.wills = wills;
  }

  @Override
  public void session(SessionRecord row) {
    var session = sessions.restore(row);
    restored.put(session, row);
    byNumber.put(row.number(), session);
  }

  @Override
  public void subscription(
      long session, TopicFilter filter, SubscriptionOptions options, int subscriptionId) {
    var holder = byNumber.get(session);
    if (holder == null) {
      orphans++;
      return;
    }
    var subscription = new Subscription(holder, filter, options, subscriptionId);
    holder.restore(subscription);
    index.put(subscription);
    sessions.subscribed(1);
  }

  @Override
  public void message(long number, Message message) {
    messages.put(number, new Held(message));
  }

  @Override
  public void entry(long session, QueueEntry entry, long message) {
    var holder = byNumber.get(session);
    var held =
        message == IN_THE_ENTRY ? new Held(entry.delivery().message()) : messages.get(message);
    if (holder == null || held == null) {
      orphans++;
      return;
    }
    queues.restore(held, message);
    holder.queue().restore(shared(entry), held);
  }

  @Override
  public void inbound(long session, int packetId, ReasonCode reason) {
    var holder = byNumber.get(session);
    if (holder == null) {
      orphans++;
    } else {
      holder.restoreInbound(packetId, reason);
    }
  }

  @Override
  public void retained(RetainedMessage retained) {
    retention.restore(retained);
  }

  private QueueEntry shared(QueueEntry entry) {
    var delivery = entry.delivery();
    return delivery.publisher().isEmpty()
        ? entry
        : entry.withDelivery(delivery.by(delivery.publisher().map(this::shared)));
  }

  private Owner shared(Owner publisher) {
    var known = publishers.putIfAbsent(publisher, publisher);
    return known == null ? publisher : known;
  }

  @Override
  public void will(WillRecord will) {
    sessions.restoreEpoch(will.id().epoch());
    wills.restore(will, sessions.find(will.id().clientId()));
  }

  /** All rows were told. */
  public void end() {
    restored.forEach(
        (session, row) -> {
          session.queue().restoreWindow(row.sentBefore(), row.nextSequence());
          sessions.restored(session);
        });
    queues.restored(messages.keySet());
  }

  /** Returns how many rows belonged to nothing. */
  public long orphans() {
    return orphans;
  }
}
