package org.parley.mqtt.broker;

/** What has to come about in random sequences for them to say something. */
enum Sighting {
  QOS_0,
  QOS_1,
  QOS_2,
  SENT_AGAIN,
  RELEASED_AGAIN,
  RECEIVED_AGAIN,
  REPLAYED,
  NO_LOCAL,
  ALIAS,
  SHARED,
  SHARED_MOVED,
  SENT_AFTER_DISPLACED,
  WILL_AT_ONCE,
  WILL_LATER,
  WILL_CANCELLED,
  TAKEOVER,
  TAKEOVER_OF_TAKEOVER,
  SILENCE,
  SESSION_RESUMED,
  SESSION_EXPIRED,
  MESSAGE_EXPIRED,
  AT_RECEIVE_MAXIMUM
}
