package org.parley.mqtt.state;

import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.routing.TopicFilter;

/** Hears nothing: for state that ends with its process, and for those who only read rows. */
public final class NoChanges implements StateChanges {
  @Override
  public void session(SessionRecord session) {}

  @Override
  public void subscription(
      long session, TopicFilter filter, SubscriptionOptions options, int subscriptionId) {}

  @Override
  public void message(long number, Message message) {}

  @Override
  public void entry(long session, QueueEntry entry, long message) {}

  @Override
  public void inbound(long session, int packetId, ReasonCode reason) {}

  @Override
  public void retained(RetainedMessage retained) {}

  @Override
  public void will(WillRecord will) {}

  @Override
  public void sessionGone(long session) {}

  @Override
  public void subscriptionGone(long session, TopicFilter filter) {}

  @Override
  public void messageGone(long number) {}

  @Override
  public void entryGone(long session, long sequence) {}

  @Override
  public void inboundGone(long session, int packetId) {}

  @Override
  public void retainedGone(TopicName topic) {}

  @Override
  public void willGone(WillId id) {}
}
