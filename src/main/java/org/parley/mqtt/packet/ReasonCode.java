package org.parley.mqtt.packet;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reason codes and where each may stand, MQTT 5.0 section 2.4 and the tables of each packet.
 */
public enum ReasonCode {
  /** Also: normal disconnection, granted QoS 0. */
  SUCCESS(
      0x00,
      Place.CONNACK,
      Place.PUBACK,
      Place.PUBREC,
      Place.PUBREL,
      Place.PUBCOMP,
      Place.SUBACK,
      Place.UNSUBACK,
      Place.DISCONNECT_OF_SERVER,
      Place.DISCONNECT_OF_CLIENT,
      Place.AUTH_OF_SERVER),
  GRANTED_QOS_1(0x01, Place.SUBACK),
  GRANTED_QOS_2(0x02, Place.SUBACK),
  DISCONNECT_WITH_WILL(0x04, Place.DISCONNECT_OF_CLIENT),
  NO_MATCHING_SUBSCRIBERS(0x10, Place.PUBACK, Place.PUBREC),
  NO_SUBSCRIPTION_EXISTED(0x11, Place.UNSUBACK),
  CONTINUE_AUTHENTICATION(0x18, Place.AUTH_OF_SERVER, Place.AUTH_OF_CLIENT),
  REAUTHENTICATE(0x19, Place.AUTH_OF_CLIENT),
  UNSPECIFIED_ERROR(
      0x80,
      Place.CONNACK,
      Place.PUBACK,
      Place.PUBREC,
      Place.SUBACK,
      Place.UNSUBACK,
      Place.DISCONNECT_OF_SERVER,
      Place.DISCONNECT_OF_CLIENT),
  MALFORMED_PACKET(0x81, Place.CONNACK, Place.DISCONNECT_OF_SERVER, Place.DISCONNECT_OF_CLIENT),
  PROTOCOL_ERROR(0x82, Place.CONNACK, Place.DISCONNECT_OF_SERVER, Place.DISCONNECT_OF_CLIENT),
  IMPLEMENTATION_SPECIFIC_ERROR(
      0x83,
      Place.CONNACK,
      Place.PUBACK,
      Place.PUBREC,
      Place.SUBACK,
      Place.UNSUBACK,
      Place.DISCONNECT_OF_SERVER,
      Place.DISCONNECT_OF_CLIENT),
  UNSUPPORTED_PROTOCOL_VERSION(0x84, Place.CONNACK),
  CLIENT_IDENTIFIER_NOT_VALID(0x85, Place.CONNACK),
  BAD_USER_NAME_OR_PASSWORD(0x86, Place.CONNACK),
  NOT_AUTHORIZED(
      0x87,
      Place.CONNACK,
      Place.PUBACK,
      Place.PUBREC,
      Place.SUBACK,
      Place.UNSUBACK,
      Place.DISCONNECT_OF_SERVER),
  SERVER_UNAVAILABLE(0x88, Place.CONNACK),
  SERVER_BUSY(0x89, Place.CONNACK, Place.DISCONNECT_OF_SERVER),
  BANNED(0x8A, Place.CONNACK),
  SERVER_SHUTTING_DOWN(0x8B, Place.DISCONNECT_OF_SERVER),
  BAD_AUTHENTICATION_METHOD(0x8C, Place.CONNACK),
  KEEP_ALIVE_TIMEOUT(0x8D, Place.DISCONNECT_OF_SERVER),
  SESSION_TAKEN_OVER(0x8E, Place.DISCONNECT_OF_SERVER),
  TOPIC_FILTER_INVALID(0x8F, Place.SUBACK, Place.UNSUBACK, Place.DISCONNECT_OF_SERVER),
  TOPIC_NAME_INVALID(
      0x90,
      Place.CONNACK,
      Place.PUBACK,
      Place.PUBREC,
      Place.DISCONNECT_OF_SERVER,
      Place.DISCONNECT_OF_CLIENT),
  PACKET_IDENTIFIER_IN_USE(0x91, Place.PUBACK, Place.PUBREC, Place.SUBACK, Place.UNSUBACK),
  PACKET_IDENTIFIER_NOT_FOUND(0x92, Place.PUBREL, Place.PUBCOMP),
  RECEIVE_MAXIMUM_EXCEEDED(0x93, Place.DISCONNECT_OF_SERVER, Place.DISCONNECT_OF_CLIENT),
  TOPIC_ALIAS_INVALID(0x94, Place.DISCONNECT_OF_SERVER, Place.DISCONNECT_OF_CLIENT),
  PACKET_TOO_LARGE(0x95, Place.CONNACK, Place.DISCONNECT_OF_SERVER, Place.DISCONNECT_OF_CLIENT),
  MESSAGE_RATE_TOO_HIGH(0x96, Place.DISCONNECT_OF_SERVER, Place.DISCONNECT_OF_CLIENT),
  QUOTA_EXCEEDED(
      0x97,
      Place.CONNACK,
      Place.PUBACK,
      Place.PUBREC,
      Place.SUBACK,
      Place.DISCONNECT_OF_SERVER,
      Place.DISCONNECT_OF_CLIENT),
  ADMINISTRATIVE_ACTION(0x98, Place.DISCONNECT_OF_SERVER, Place.DISCONNECT_OF_CLIENT),
  PAYLOAD_FORMAT_INVALID(
      0x99,
      Place.CONNACK,
      Place.PUBACK,
      Place.PUBREC,
      Place.DISCONNECT_OF_SERVER,
      Place.DISCONNECT_OF_CLIENT),
  RETAIN_NOT_SUPPORTED(0x9A, Place.CONNACK, Place.DISCONNECT_OF_SERVER),
  QOS_NOT_SUPPORTED(0x9B, Place.CONNACK, Place.DISCONNECT_OF_SERVER),
  USE_ANOTHER_SERVER(0x9C, Place.CONNACK, Place.DISCONNECT_OF_SERVER),
  SERVER_MOVED(0x9D, Place.CONNACK, Place.DISCONNECT_OF_SERVER),
  SHARED_SUBSCRIPTIONS_NOT_SUPPORTED(0x9E, Place.SUBACK, Place.DISCONNECT_OF_SERVER),
  CONNECTION_RATE_EXCEEDED(0x9F, Place.CONNACK, Place.DISCONNECT_OF_SERVER),
  MAXIMUM_CONNECT_TIME(0xA0, Place.DISCONNECT_OF_SERVER),
  SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED(0xA1, Place.SUBACK, Place.DISCONNECT_OF_SERVER),
  WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED(0xA2, Place.SUBACK, Place.DISCONNECT_OF_SERVER);

  /** A packet, and for those that go both ways who sends it. */
  public enum Place {
    CONNACK,
    PUBACK,
    PUBREC,
    PUBREL,
    PUBCOMP,
    SUBACK,
    UNSUBACK,
    DISCONNECT_OF_SERVER,
    DISCONNECT_OF_CLIENT,
    AUTH_OF_SERVER,
    AUTH_OF_CLIENT
  }

  private static final @Nullable ReasonCode[] BY_VALUE = byValue();

  private final int value;

  @SuppressWarnings("ImmutableEnumChecker") // nobody changes the set
  private final Set<Place> places;

  ReasonCode(int value, Place... places) {
    this.value = value;
    this.places = EnumSet.copyOf(List.of(places));
  }

  private static @Nullable ReasonCode[] byValue() {
    var codes = new @Nullable ReasonCode[256];
    for (var code : values()) {
      codes[code.value] = code;
    }
    return codes;
  }

  /** Returns the byte on the wire, 0 to 255. */
  public int value() {
    return value;
  }

  /** Returns whether it says that something was refused or went wrong. */
  public boolean isFailure() {
    return value >= 0x80;
  }

  /** Returns whether the table of that packet has it. */
  public boolean mayStandIn(Place place) {
    return places.contains(place);
  }

  /** Returns the code of a byte, 0 to 255; null if it has no meaning in that place. */
  public static @Nullable ReasonCode of(int value, Place place) {
    var code = BY_VALUE[value];
    return code != null && code.places.contains(place) ? code : null;
  }

  /** Returns the code that says which QoS was granted. */
  public static ReasonCode granted(QoS qos) {
    return switch (qos) {
      case AT_MOST_ONCE -> SUCCESS;
      case AT_LEAST_ONCE -> GRANTED_QOS_1;
      case EXACTLY_ONCE -> GRANTED_QOS_2;
    };
  }
}
