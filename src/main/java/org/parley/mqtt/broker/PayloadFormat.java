package org.parley.mqtt.broker;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;

/** Whether a payload is what its Payload Format Indicator says, MQTT 5.0 section 3.3.2.3.2. */
final class PayloadFormat {
  private static final int UTF_8 = 1;

  private PayloadFormat() {}

  static boolean holds(MessageProperties properties, BinaryData payload) {
    if (properties.payloadFormat().orElse(0) != UTF_8) {
      return true;
    }
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(payload.asByteBuffer());
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
