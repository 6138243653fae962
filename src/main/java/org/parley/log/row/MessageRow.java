package org.parley.log.row;

import java.util.ArrayList;
import java.util.OptionalInt;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.UserProperty;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.state.Message;

/** A message, alone or within another row. */
public final class MessageRow {
  private static final int VERSION = 1;

  /** The least bytes of a User Property: two empty texts. */
  private static final int PROPERTY_BYTES = 2;

  private MessageRow() {}

  /** Returns the row of a message. */
  public static byte[] encode(Message message) {
    var row = new RowWriter();
    write(row, message);
    return row.toByteArray();
  }

  /**
   * Returns the message of a row.
   *
   * @throws RowException if it is none
   */
  public static Message decode(byte[] bytes) {
    var row = new RowReader(bytes);
    var message = read(row);
    row.end();
    return message;
  }

  static void write(RowWriter row, Message message) {
    row.octet(VERSION)
        .text(message.publisher())
        .topic(message.topic())
        .octet(message.qos().value())
        .flag(message.retain())
        .number(message.receivedAt())
        .number(message.expiresAt());
    writeProperties(row, message.properties());
    row.binary(message.payload());
  }

  static Message read(RowReader row) {
    row.version(VERSION);
    var publisher = row.text();
    var topic = row.topic();
    var qos = row.qos();
    boolean retain = row.flag();
    long receivedAt = row.number();
    long expiresAt = row.number();
    var properties = readProperties(row);
    return new Message(
        publisher, topic, qos, retain, properties, row.binary(), receivedAt, expiresAt);
  }

  static void writeWill(RowWriter row, Will will) {
    row.topic(will.topic())
        .binary(will.payload())
        .octet(will.qos().value())
        .flag(will.retain())
        .number(will.delaySeconds());
    writeProperties(row, will.properties());
  }

  static Will readWill(RowReader row) {
    return new Will(
        row.topic(), row.binary(), row.qos(), row.flag(), row.number(), readProperties(row));
  }

  private static void writeProperties(RowWriter row, MessageProperties properties) {
    if (properties.equals(MessageProperties.NONE)) {
      row.flag(false);
      return;
    }
    row.flag(true);
    var format = properties.payloadFormat();
    row.octet(format.isPresent() ? 1 + format.getAsInt() : 0);
    row.optional(properties.messageExpiry());
    row.optional(properties.contentType(), RowWriter::text);
    row.optional(properties.responseTopic(), RowWriter::text);
    row.optional(properties.correlationData(), RowWriter::binary);
    row.number(properties.userProperties().size());
    for (var property : properties.userProperties()) {
      row.text(property.name()).text(property.value());
    }
  }

  private static MessageProperties readProperties(RowReader row) {
    if (!row.flag()) {
      return MessageProperties.NONE;
    }
    int format = row.number(2);
    var payloadFormat = format == 0 ? OptionalInt.empty() : OptionalInt.of(format - 1);
    var expiry = row.optionalNumber();
    var contentType = row.optional(RowReader::text);
    var responseTopic = row.optional(RowReader::text);
    var correlation = row.<BinaryData>optional(RowReader::binary);
    int count = row.number(row.remaining() / PROPERTY_BYTES);
    var user = new ArrayList<UserProperty>(count);
    for (int i = 0; i < count; i++) {
      user.add(new UserProperty(row.text(), row.text()));
    }
    return new MessageProperties(
        payloadFormat, expiry, contentType, responseTopic, correlation, user);
  }
}
