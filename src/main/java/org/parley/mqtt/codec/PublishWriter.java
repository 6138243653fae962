package org.parley.mqtt.codec;

import java.util.List;
import java.util.Optional;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.TopicName;

/**
 * Writes PUBLISH, MQTT 5.0 section 3.3. Its size is known before its first byte is written: the
 * payload is copied once, and what is too big costs nothing.
 */
final class PublishWriter {
  private static final int PUBLISH = 0x30;
  private static final int DUP = 1 << 3;
  private static final int QOS_SHIFT = 1;
  private static final int RETAIN = 1;
  private static final int LENGTH_BYTES = 2;
  private static final int ALIAS_PROPERTY = 3;

  private final ByteWriter writer;

  PublishWriter(ByteWriter writer) {
    this.writer = writer;
  }

  /** Returns whether it was written. */
  boolean write(
      ProtocolVersion version,
      long maximumPacketSize,
      boolean dup,
      QoS qos,
      boolean retain,
      TopicName topic,
      int packetId,
      int topicAlias,
      List<Integer> subscriptionIds,
      MessageProperties properties,
      BinaryData payload) {
    boolean identified = qos != QoS.AT_MOST_ONCE;
    if (identified && packetId == 0) {
      throw new IllegalArgumentException("a PUBLISH without Packet Identifier");
    }
    boolean five = version.hasProperties();
    long block = five ? length(topicAlias, subscriptionIds, properties) : 0;
    long remaining = LENGTH_BYTES + topic.encodedLength() + block + payload.length();
    remaining += identified ? LENGTH_BYTES : 0;
    remaining += five ? ByteWriter.lengthOf((int) Math.min(block, Integer.MAX_VALUE)) : 0;
    if (!fits(remaining, maximumPacketSize) || topic.encodedLength() > ByteWriter.LONGEST_FIELD) {
      return false;
    }
    writer.reserve(1 + ByteWriter.lengthOf((int) remaining) + (int) remaining);
    writer.octet(
        PUBLISH
            | (dup && identified ? DUP : 0) // [MQTT-3.3.1-2]
            | (qos.value() << QOS_SHIFT)
            | (retain ? RETAIN : 0));
    writer.variableByteInteger((int) remaining);
    writer.topic(topic);
    if (identified) {
      writer.twoByteInteger(packetId); // [MQTT-2.2.1-2]: not with QoS 0
    }
    if (five) {
      writer.variableByteInteger((int) block); // [MQTT-2.2.2-1]
      if (block != 0) {
        writeProperties(topicAlias, subscriptionIds, properties);
      }
    }
    writer.payload(payload);
    return !writer.overflowed();
  }

  private static boolean fits(long remaining, long maximumPacketSize) {
    return remaining <= ByteWriter.GREATEST_INTEGER
        && 1 + ByteWriter.lengthOf((int) remaining) + remaining <= maximumPacketSize;
  }

  private static long length(
      int alias, List<Integer> subscriptionIds, MessageProperties properties) {
    long length = alias == Publish.NO_ALIAS ? 0 : ALIAS_PROPERTY;
    for (int i = 0; i < subscriptionIds.size(); i++) {
      length += 1 + ByteWriter.lengthOf(subscriptionIds.get(i));
    }
    return length + length(properties);
  }

  private static long length(MessageProperties properties) {
    long length = properties.payloadFormat().isPresent() ? 2 : 0;
    length += properties.messageExpiry().isPresent() ? 1 + Integer.BYTES : 0;
    length += length(properties.contentType()) + length(properties.responseTopic());
    if (properties.correlationData().isPresent()) {
      length += 1 + LENGTH_BYTES + properties.correlationData().get().length();
    }
    for (var user : properties.userProperties()) {
      length += 1 + LENGTH_BYTES + ByteWriter.lengthOf(user.name());
      length += LENGTH_BYTES + ByteWriter.lengthOf(user.value());
    }
    return length;
  }

  private static int length(Optional<String> text) {
    return text.isPresent() ? 1 + LENGTH_BYTES + ByteWriter.lengthOf(text.get()) : 0;
  }

  private void writeProperties(
      int topicAlias, List<Integer> subscriptionIds, MessageProperties properties) {
    if (topicAlias != Publish.NO_ALIAS) {
      writer.twoByteProperty(Property.TOPIC_ALIAS, topicAlias);
    }
    for (int i = 0; i < subscriptionIds.size(); i++) {
      writer.octet(Property.SUBSCRIPTION_IDENTIFIER);
      writer.variableByteInteger(subscriptionIds.get(i));
    }
    writeProperties(writer, properties);
  }

  /** Writes what a message carries, in a PUBLISH or in a Will. */
  static void writeProperties(ByteWriter writer, MessageProperties properties) {
    writer.octetProperty(Property.PAYLOAD_FORMAT_INDICATOR, properties.payloadFormat());
    writer.fourByteProperty(Property.MESSAGE_EXPIRY_INTERVAL, properties.messageExpiry());
    writer.textProperty(Property.CONTENT_TYPE, properties.contentType());
    writer.textProperty(Property.RESPONSE_TOPIC, properties.responseTopic());
    writer.binaryProperty(Property.CORRELATION_DATA, properties.correlationData());
    writer.userProperties(properties.userProperties()); // [MQTT-3.3.2-18]
  }
}
