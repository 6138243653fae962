package org.parley.mqtt.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Subscribe;
import org.parley.mqtt.packet.UserProperty;

/** The properties of one packet of a client, MQTT 5.0 section 2.2.2, or of its Will. */
final class PropertyBlock {
  /** No properties, what every packet before 5.0 has. */
  static final PropertyBlock NONE = new PropertyBlock();

  /** What is for the server alone. */
  private static final long NOT_FORWARDED =
      (1L << Property.TOPIC_ALIAS) | (1L << Property.WILL_DELAY_INTERVAL);

  private static final int DEFAULT_RECEIVE_MAXIMUM = 65535;

  private long seen;
  private int payloadFormat;
  private long messageExpiry;
  private @Nullable String contentType;
  private @Nullable String responseTopic;
  private @Nullable BinaryData correlationData;
  private int subscriptionId = Subscribe.NO_ID;
  private long sessionExpiry;
  private @Nullable String authenticationMethod;
  private @Nullable BinaryData authenticationData;
  private boolean requestProblemInformation = true;
  private boolean requestResponseInformation;
  private long willDelay;
  private @Nullable String reasonString;
  private int receiveMaximum = DEFAULT_RECEIVE_MAXIMUM;
  private int topicAliasMaximum;
  private int topicAlias = Publish.NO_ALIAS;
  private long maximumPacketSize;
  private @Nullable List<UserProperty> userProperties;

  private PropertyBlock() {}

  /** Reads a block with its length; it fills its length, and nothing beyond it is read. */
  static PropertyBlock read(PacketReader reader, PropertyPlace place) {
    int length = reader.variableByteInteger();
    if (length == 0) {
      return NONE;
    }
    int outer = reader.enter(length);
    var block = new PropertyBlock();
    while (reader.hasMore()) {
      block.readOne(reader, place);
    }
    reader.leave(outer);
    return block;
  }

  private void readOne(PacketReader reader, PropertyPlace place) {
    int identifier = reader.octet(); // one byte of a longer integer is no identifier either
    if (!place.allows(identifier)) {
      refuse(reader, place, identifier);
      return;
    }
    long bit = 1L << identifier;
    if ((seen & bit) != 0 && identifier != Property.USER_PROPERTY) {
      reader.protocolError("a property that stands twice");
      return;
    }
    seen |= bit;
    readValue(reader, identifier);
  }

  private static void refuse(PacketReader reader, PropertyPlace place, int identifier) {
    if (identifier == Property.SUBSCRIPTION_IDENTIFIER && place == PropertyPlace.PUBLISH) {
      reader.protocolError("Subscription Identifier of a client"); // [MQTT-3.3.4-6]
    } else {
      reader.malformed("a property that is unknown or belongs elsewhere");
    }
  }

  private void readValue(PacketReader reader, int identifier) {
    switch (identifier) {
      case Property.PAYLOAD_FORMAT_INDICATOR -> payloadFormat = flag(reader);
      case Property.MESSAGE_EXPIRY_INTERVAL -> messageExpiry = reader.fourByteInteger();
      case Property.CONTENT_TYPE -> contentType = reader.text();
      case Property.RESPONSE_TOPIC -> responseTopic = responseTopic(reader);
      case Property.CORRELATION_DATA -> correlationData = reader.binary();
      case Property.SUBSCRIPTION_IDENTIFIER ->
          subscriptionId = notZero(reader, reader.variableByteInteger());
      case Property.SESSION_EXPIRY_INTERVAL -> sessionExpiry = reader.fourByteInteger();
      case Property.AUTHENTICATION_METHOD -> authenticationMethod = reader.text();
      case Property.AUTHENTICATION_DATA -> authenticationData = reader.binary();
      case Property.REQUEST_PROBLEM_INFORMATION -> requestProblemInformation = flag(reader) == 1;
      case Property.WILL_DELAY_INTERVAL -> willDelay = reader.fourByteInteger();
      case Property.REQUEST_RESPONSE_INFORMATION -> requestResponseInformation = flag(reader) == 1;
      case Property.REASON_STRING -> reasonString = reader.text();
      case Property.RECEIVE_MAXIMUM -> receiveMaximum = notZero(reader, reader.twoByteInteger());
      case Property.TOPIC_ALIAS_MAXIMUM -> topicAliasMaximum = reader.twoByteInteger();
      case Property.TOPIC_ALIAS -> topicAlias = alias(reader);
      case Property.USER_PROPERTY -> readUserProperty(reader);
      case Property.MAXIMUM_PACKET_SIZE -> {
        maximumPacketSize = reader.fourByteInteger();
        notZero(reader, maximumPacketSize == 0 ? 0 : 1);
      }
      default -> throw new IllegalStateException("an allowed property that nobody reads");
    }
  }

  private static int flag(PacketReader reader) {
    int value = reader.octet();
    if (value > 1) {
      reader.protocolError("a property that is neither 0 nor 1");
    }
    return value;
  }

  private static int notZero(PacketReader reader, int value) {
    if (value == 0) {
      reader.protocolError("a property that must not be 0");
    }
    return value;
  }

  private static int alias(PacketReader reader) {
    int value = reader.twoByteInteger();
    if (value == 0) {
      reader.fail(ReasonCode.TOPIC_ALIAS_INVALID, "Topic Alias 0"); // [MQTT-3.3.2-8]
    }
    return value;
  }

  private static String responseTopic(PacketReader reader) {
    var topic = reader.text();
    if (topic.isEmpty() || topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
      reader.protocolError("a Response Topic that is no Topic Name"); // [MQTT-3.3.2-14]
    }
    return topic;
  }

  private void readUserProperty(PacketReader reader) {
    if (userProperties == null) {
      userProperties = new ArrayList<>();
    }
    if (userProperties.size() == reader.limits().maximumUserProperties()) {
      reader.fail(ReasonCode.QUOTA_EXCEEDED, "too many User Properties");
      return;
    }
    userProperties.add(new UserProperty(reader.text(), reader.text()));
  }

  private boolean has(int identifier) {
    return ((seen >>> identifier) & 1) != 0;
  }

  private OptionalLong number(int identifier, long value) {
    return has(identifier) ? OptionalLong.of(value) : OptionalLong.empty();
  }

  /** Returns what goes with a message to its subscribers. */
  MessageProperties messageProperties() {
    if ((seen & ~NOT_FORWARDED) == 0) {
      return MessageProperties.NONE;
    }
    return new MessageProperties(
        has(Property.PAYLOAD_FORMAT_INDICATOR)
            ? OptionalInt.of(payloadFormat)
            : OptionalInt.empty(),
        number(Property.MESSAGE_EXPIRY_INTERVAL, messageExpiry),
        Optional.ofNullable(contentType),
        Optional.ofNullable(responseTopic),
        Optional.ofNullable(correlationData),
        userProperties());
  }

  /** Returns Reason String and User Properties. */
  ProblemInformation problem() {
    return seen == 0
        ? ProblemInformation.NONE
        : new ProblemInformation(Optional.ofNullable(reasonString), userProperties());
  }

  List<UserProperty> userProperties() {
    return userProperties == null ? List.of() : userProperties;
  }

  /** Returns the identifier, {@link Subscribe#NO_ID} if absent. */
  int subscriptionId() {
    return subscriptionId;
  }

  OptionalLong sessionExpiry() {
    return number(Property.SESSION_EXPIRY_INTERVAL, sessionExpiry);
  }

  Optional<String> authenticationMethod() {
    return Optional.ofNullable(authenticationMethod);
  }

  Optional<BinaryData> authenticationData() {
    return Optional.ofNullable(authenticationData);
  }

  boolean requestProblemInformation() {
    return requestProblemInformation;
  }

  boolean requestResponseInformation() {
    return requestResponseInformation;
  }

  /** Returns the Will Delay Interval in seconds, 0 if absent. */
  long willDelay() {
    return willDelay;
  }

  int receiveMaximum() {
    return receiveMaximum;
  }

  int topicAliasMaximum() {
    return topicAliasMaximum;
  }

  /** Returns the alias, {@link Publish#NO_ALIAS} if absent. */
  int topicAlias() {
    return topicAlias;
  }

  OptionalLong maximumPacketSize() {
    return number(Property.MAXIMUM_PACKET_SIZE, maximumPacketSize);
  }
}
