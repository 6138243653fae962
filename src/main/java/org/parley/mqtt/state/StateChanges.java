package org.parley.mqtt.state;

import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.routing.TopicFilter;

/** Hears what changes of the rows while a command is applied, in order. */
public interface StateChanges extends StateRows {

  /** A session and all that it has: its subscriptions, entries and identifiers. */
  void sessionGone(long session);

  /** A subscription has ended. */
  void subscriptionGone(long session, TopicFilter filter);

  /** No entry names the message any more. */
  void messageGone(long number);

  /** A delivery is owed no more. */
  void entryGone(long session, long sequence);

  /** A Packet Identifier of QoS 2 is free again. */
  void inboundGone(long session, int packetId);

  /** The topic has no retained message any more. */
  void retainedGone(TopicName topic);

  /** A will was published, or will not be. */
  void willGone(WillId id);
}
