package org.parley.mqtt.state;

import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.routing.TopicFilter;

/**
 * What outlives a restart, row by row: told while commands are applied, and told back to a {@link
 * Restoration}. A row that is told again takes the place of the former one. Sessions that end with
 * their connection have no rows.
 */
public interface StateRows {
  /** A message that has no row of its own stands in each entry that is owed it. */
  long IN_THE_ENTRY = 0;

  /** A session; its other rows name it by its number. */
  void session(SessionRecord session);

  /**
   * A subscription.
   *
   * @param subscriptionId 1 to 268435455; 0 for none
   */
  void subscription(
      long session, TopicFilter filter, SubscriptionOptions options, int subscriptionId);

  /** A message that entries name by its number, from 1 on. */
  void message(long number, Message message);

  /**
   * A delivery that is owed.
   *
   * @param message the number of its message; {@link #IN_THE_ENTRY}
   */
  void entry(long session, QueueEntry entry, long message);

  /** A Packet Identifier of QoS 2 that waits for PUBREL, and what PUBREC said. */
  void inbound(long session, int packetId, ReasonCode reason);

  /** The retained message of its topic. */
  void retained(RetainedMessage retained);

  /** A will whose connection has ended. */
  void will(WillRecord will);
}
