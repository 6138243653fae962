package org.parley.mqtt.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.routing.TopicFilter;

/** The rows as a disk would have them; what goes must have been there. */
public final class RecordedRows implements StateChanges {
  private record Held(TopicFilter filter, SubscriptionOptions options, int id) {}

  private record Owed(QueueEntry entry, long message) {}

  private final Map<Long, SessionRecord> sessions = new TreeMap<>();
  private final Map<Long, Map<String, Held>> subscriptions = new TreeMap<>();
  private final Map<Long, Message> messages = new TreeMap<>();
  private final Map<Long, Map<Long, Owed>> entries = new TreeMap<>();
  private final Map<Long, Map<Integer, ReasonCode>> inbound = new TreeMap<>();
  private final Map<String, RetainedMessage> retained = new TreeMap<>();
  private final Map<WillId, WillRecord> wills = new TreeMap<>();

  /** Tells all rows in the order that {@link Restoration} wants. */
  public void replay(StateRows to) {
    sessions.values().forEach(to::session);
    subscriptions.forEach(
        (session, all) ->
            all.values()
                .forEach(held -> to.subscription(session, held.filter, held.options, held.id)));
    messages.forEach(to::message);
    entries.forEach(
        (session, all) ->
            all.values().forEach(owed -> to.entry(session, owed.entry, owed.message)));
    inbound.forEach((session, all) -> all.forEach((id, reason) -> to.inbound(session, id, reason)));
    retained.values().forEach(to::retained);
    wills.values().forEach(to::will);
  }

  /** Everything as text: equal if the rows are. */
  @Override
  public String toString() {
    return sessions
        + "\n"
        + subscriptions
        + "\n"
        + messages
        + "\n"
        + entries
        + "\n"
        + inbound
        + "\n"
        + retained
        + "\n"
        + wills;
  }

  @Override
  public void session(SessionRecord session) {
    sessions.put(session.number(), session);
  }

  @Override
  public void subscription(
      long session, TopicFilter filter, SubscriptionOptions options, int subscriptionId) {
    assertThat(sessions).containsKey(session);
    subscriptions
        .computeIfAbsent(session, _ -> new TreeMap<>())
        .put(filter.text(), new Held(filter, options, subscriptionId));
  }

  @Override
  public void message(long number, Message message) {
    assertThat(messages.put(number, message)).isNull();
  }

  @Override
  public void entry(long session, QueueEntry entry, long message) {
    assertThat(sessions).containsKey(session);
    if (message != IN_THE_ENTRY) {
      assertThat(messages.get(message)).isEqualTo(entry.delivery().message());
    }
    entries
        .computeIfAbsent(session, _ -> new TreeMap<>())
        .put(entry.sequence(), new Owed(entry, message));
  }

  @Override
  public void inbound(long session, int packetId, ReasonCode reason) {
    assertThat(sessions).containsKey(session);
    inbound.computeIfAbsent(session, _ -> new TreeMap<>()).put(packetId, reason);
  }

  @Override
  public void retained(RetainedMessage message) {
    retained.put(message.message().topic().text(), message);
  }

  @Override
  public void will(WillRecord will) {
    wills.put(will.id(), will);
  }

  @Override
  public void sessionGone(long session) {
    assertThat(sessions.remove(session)).isNotNull();
    subscriptions.remove(session);
    entries.remove(session);
    inbound.remove(session);
  }

  @Override
  public void subscriptionGone(long session, TopicFilter filter) {
    assertThat(remove(subscriptions, session, filter.text())).isNotNull();
  }

  @Override
  public void messageGone(long number) {
    assertThat(messages.remove(number)).isNotNull();
    assertThat(entries.values())
        .allSatisfy(all -> assertThat(all.values()).noneMatch(owed -> owed.message == number));
  }

  @Override
  public void entryGone(long session, long sequence) {
    assertThat(remove(entries, session, sequence)).isNotNull();
  }

  @Override
  public void inboundGone(long session, int packetId) {
    assertThat(remove(inbound, session, packetId)).isNotNull();
  }

  @Override
  public void retainedGone(TopicName topic) {
    assertThat(retained.remove(topic.text())).isNotNull();
  }

  @Override
  public void willGone(WillId id) {
    assertThat(wills.remove(id)).isNotNull();
  }

  /** Takes out one of what a session has; null if it is not there. */
  private static <K, V> @Nullable V remove(Map<Long, Map<K, V>> all, long session, K key) {
    var held = all.getOrDefault(session, new TreeMap<>());
    var removed = held.remove(key);
    if (held.isEmpty()) {
      all.remove(session);
    }
    return removed;
  }
}
