package org.parley.mqtt.codec;

/** The property blocks of a client, and what may stand in each: MQTT 5.0 table 2-4. */
enum PropertyPlace {
  CONNECT(
      Property.SESSION_EXPIRY_INTERVAL,
      Property.AUTHENTICATION_METHOD,
      Property.AUTHENTICATION_DATA,
      Property.REQUEST_PROBLEM_INFORMATION,
      Property.REQUEST_RESPONSE_INFORMATION,
      Property.RECEIVE_MAXIMUM,
      Property.TOPIC_ALIAS_MAXIMUM,
      Property.USER_PROPERTY,
      Property.MAXIMUM_PACKET_SIZE),
  WILL(
      Property.PAYLOAD_FORMAT_INDICATOR,
      Property.MESSAGE_EXPIRY_INTERVAL,
      Property.CONTENT_TYPE,
      Property.RESPONSE_TOPIC,
      Property.CORRELATION_DATA,
      Property.WILL_DELAY_INTERVAL,
      Property.USER_PROPERTY),
  PUBLISH(
      Property.PAYLOAD_FORMAT_INDICATOR,
      Property.MESSAGE_EXPIRY_INTERVAL,
      Property.CONTENT_TYPE,
      Property.RESPONSE_TOPIC,
      Property.CORRELATION_DATA,
      Property.TOPIC_ALIAS,
      Property.USER_PROPERTY),
  ACKNOWLEDGEMENT(Property.REASON_STRING, Property.USER_PROPERTY),
  SUBSCRIBE(Property.SUBSCRIPTION_IDENTIFIER, Property.USER_PROPERTY),
  UNSUBSCRIBE(Property.USER_PROPERTY),
  DISCONNECT(Property.SESSION_EXPIRY_INTERVAL, Property.REASON_STRING, Property.USER_PROPERTY),
  AUTH(
      Property.AUTHENTICATION_METHOD,
      Property.AUTHENTICATION_DATA,
      Property.REASON_STRING,
      Property.USER_PROPERTY);

  /** One bit for each identifier. */
  private final long allowed;

  PropertyPlace(int... identifiers) {
    long bits = 0;
    for (int identifier : identifiers) {
      bits |= 1L << identifier;
    }
    allowed = bits;
  }

  /** Returns whether that property may stand here; identifiers are 0 to 255. */
  boolean allows(int identifier) {
    return identifier < Long.SIZE && ((allowed >>> identifier) & 1) != 0;
  }
}
