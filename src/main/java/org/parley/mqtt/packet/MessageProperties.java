package org.parley.mqtt.packet;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The properties of an Application Message that go with it to every subscriber, MQTT 5.0 section
 * 3.3.2.3. All but the expiry are forwarded unchanged.
 *
 * @param payloadFormat Payload Format Indicator, 0 or 1; absent stays absent [MQTT-3.3.2-4]
 * @param messageExpiry Message Expiry Interval in seconds
 * @param userProperties in the order of the sender [MQTT-3.3.2-18]
 */
public record MessageProperties(
    OptionalInt payloadFormat,
    OptionalLong messageExpiry,
    Optional<String> contentType,
    Optional<String> responseTopic,
    Optional<BinaryData> correlationData,
    List<UserProperty> userProperties) {

  public static final MessageProperties NONE =
      new MessageProperties(
          OptionalInt.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of());

  public MessageProperties {
    userProperties = List.copyOf(userProperties);
  }

  /** Returns the same with another expiry. */
  public MessageProperties withMessageExpiry(OptionalLong seconds) {
    return new MessageProperties(
        payloadFormat, seconds, contentType, responseTopic, correlationData, userProperties);
  }
}
