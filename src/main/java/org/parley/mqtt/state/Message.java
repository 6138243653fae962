package org.parley.mqtt.state;

import java.util.OptionalLong;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.TopicName;

/**
 * An Application Message that the server owns: one object, however many subscribers it has.
 *
 * @param publisher the Client Identifier; empty for the server itself
 * @param retain as published
 * @param receivedAt milliseconds of the epoch
 * @param expiresAt milliseconds of the epoch; {@link #NEVER}
 */
public record Message(
    String publisher,
    TopicName topic,
    QoS qos,
    boolean retain,
    MessageProperties properties,
    BinaryData payload,
    long receivedAt,
    long expiresAt) {
  public static final long NEVER = Long.MAX_VALUE;

  /** What a message costs beside its payload and topic, about. */
  private static final int OVERHEAD = 128;

  /** Returns a message received at {@code now}; its expiry counts from then. */
  public static Message received(
      String publisher,
      TopicName topic,
      QoS qos,
      boolean retain,
      MessageProperties properties,
      BinaryData payload,
      long now) {
    var expiry = properties.messageExpiry();
    return new Message(
        publisher,
        topic,
        qos,
        retain,
        properties,
        payload,
        now,
        expiry.isPresent() ? now + expiry.getAsLong() * 1000 : NEVER);
  }

  /** Returns whether it may not be sent any more [MQTT-3.3.2-5]. */
  public boolean isExpired(long now) {
    return now >= expiresAt;
  }

  /**
   * Returns whether it is for those only who can be given it at once: its Message Expiry Interval
   * is 0.
   */
  public boolean isImmediate() {
    return expiresAt <= receivedAt;
  }

  /** Returns the Message Expiry Interval to forward: less the whole seconds waited. */
  public OptionalLong remainingExpiry(long now) {
    var expiry = properties.messageExpiry();
    return expiry.isEmpty()
        ? expiry
        : OptionalLong.of(Math.max(0, expiry.getAsLong() - Math.max(0, now - receivedAt) / 1000));
  }

  /** Returns about how many bytes it holds; user properties count too. */
  public long sizeBytes() {
    long size = OVERHEAD + payload.length() + 2L * topic.encodedLength();
    for (var property : properties.userProperties()) {
      size += 48 + 2L * (property.name().length() + property.value().length());
    }
    return size
        + properties.correlationData().map(BinaryData::length).orElse(0)
        + 2L * properties.contentType().map(String::length).orElse(0)
        + 2L * properties.responseTopic().map(String::length).orElse(0);
  }
}
