package org.parley.mqtt.broker;

import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Will;

/** What a CONNECT must be, whoever sends it, MQTT 5.0 section 3.1. */
final class ConnectCheck {
  private ConnectCheck() {}

  /** Returns why it is refused; null if it is not. */
  static @Nullable ReasonCode refusal(Connect packet, MqttOptions options) {
    if (packet.clientId().isEmpty()) {
      boolean mayBeAssigned =
          packet.version() == ProtocolVersion.V5
              || (packet.version() == ProtocolVersion.V3_1_1 && packet.cleanStart());
      if (!mayBeAssigned) {
        return ReasonCode.CLIENT_IDENTIFIER_NOT_VALID; // 3.1.1: [MQTT-3.1.3-8]
      }
    } else if (packet.clientId().length() > options.clientIdLength()) {
      return ReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
    }
    return packet.will().map(will -> refusal(will, options)).orElse(null);
  }

  private static @Nullable ReasonCode refusal(Will will, MqttOptions options) {
    var topic = will.topic();
    if (topic.isEmpty() || topic.hasWildcard() || topic.text().charAt(0) == '$') {
      return ReasonCode.TOPIC_NAME_INVALID;
    }
    if (will.qos().value() > options.maximumQos()) {
      return ReasonCode.QOS_NOT_SUPPORTED;
    }
    if (will.retain() && !options.retainAvailable()) {
      return ReasonCode.RETAIN_NOT_SUPPORTED;
    }
    if (topic.encodedLength() + will.payload().length() > options.maximumPacketSize()) {
      return ReasonCode.PACKET_TOO_LARGE; // no client could have published it
    }
    return options.checkPayloadFormat() && !PayloadFormat.holds(will.properties(), will.payload())
        ? ReasonCode.PAYLOAD_FORMAT_INVALID
        : null;
  }
}
