package org.parley.mqtt.codec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.RetainHandling;
import org.parley.mqtt.packet.Subscribe;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.Unsubscribe;
import org.parley.mqtt.packet.UserProperty;
import org.parley.mqtt.packet.Will;

/** Writes the bodies of what only a client sends: CONNECT, SUBSCRIBE, UNSUBSCRIBE. */
final class RequestWriter {
  private static final BinaryData MQTT = name("\0\4MQTT");
  private static final BinaryData MQISDP = name("\0\6MQIsdp");
  private static final int DEFAULT_RECEIVE_MAXIMUM = 65535;

  private final ByteWriter writer;

  RequestWriter(ByteWriter writer) {
    this.writer = writer;
  }

  private static BinaryData name(String name) {
    return BinaryData.of(name.getBytes(StandardCharsets.US_ASCII));
  }

  /** Writes CONNECT in the form of its own version. */
  void writeConnect(Connect connect) {
    var version = connect.version();
    writer.payload(version == ProtocolVersion.V3_1 ? MQISDP : MQTT);
    writer.octet(version.level());
    writer.octet(flags(connect));
    writer.twoByteInteger(connect.keepAlive());
    if (version.hasProperties()) {
      writeConnectProperties(connect.properties());
    }
    writer.text(connect.clientId()); // [MQTT-3.1.3-1]
    connect.will().ifPresent(will -> writeWill(will, version));
    connect.userName().ifPresent(writer::text);
    connect.password().ifPresent(writer::binary);
  }

  private static int flags(Connect connect) {
    int flags = connect.cleanStart() ? 1 << 1 : 0;
    if (connect.will().isPresent()) {
      var will = connect.will().get();
      flags |= (1 << 2) | (will.qos().value() << 3) | (will.retain() ? 1 << 5 : 0);
    }
    flags |= connect.password().isPresent() ? 1 << 6 : 0;
    return flags | (connect.userName().isPresent() ? 1 << 7 : 0);
  }

  private void writeConnectProperties(Connect.Properties properties) {
    int mark = writer.size();
    writer.fourByteProperty(Property.SESSION_EXPIRY_INTERVAL, properties.sessionExpiry());
    if (properties.receiveMaximum() != DEFAULT_RECEIVE_MAXIMUM) {
      writer.twoByteProperty(Property.RECEIVE_MAXIMUM, properties.receiveMaximum());
    }
    writer.fourByteProperty(Property.MAXIMUM_PACKET_SIZE, properties.maximumPacketSize());
    if (properties.topicAliasMaximum() != 0) {
      writer.twoByteProperty(Property.TOPIC_ALIAS_MAXIMUM, properties.topicAliasMaximum());
    }
    writer.octetProperty(
        Property.REQUEST_RESPONSE_INFORMATION,
        properties.requestResponseInformation() ? OptionalInt.of(1) : OptionalInt.empty());
    writer.octetProperty(
        Property.REQUEST_PROBLEM_INFORMATION,
        properties.requestProblemInformation() ? OptionalInt.empty() : OptionalInt.of(0));
    writer.textProperty(Property.AUTHENTICATION_METHOD, properties.authenticationMethod());
    writer.binaryProperty(Property.AUTHENTICATION_DATA, properties.authenticationData());
    writer.userProperties(properties.userProperties());
    writer.prefixLength(mark);
  }

  private void writeWill(Will will, ProtocolVersion version) {
    if (version.hasProperties()) {
      int mark = writer.size();
      writer.fourByteProperty(
          Property.WILL_DELAY_INTERVAL,
          will.delaySeconds() == 0 ? OptionalLong.empty() : OptionalLong.of(will.delaySeconds()));
      PublishWriter.writeProperties(writer, will.properties());
      writer.prefixLength(mark);
    }
    writer.topic(will.topic());
    writer.binary(will.payload());
  }

  void writeSubscribe(Subscribe subscribe, ProtocolVersion version) {
    writer.twoByteInteger(subscribe.packetId());
    if (version.hasProperties()) {
      int mark = writer.size();
      if (subscribe.subscriptionId() != Subscribe.NO_ID) {
        writer.octet(Property.SUBSCRIPTION_IDENTIFIER);
        writer.variableByteInteger(subscribe.subscriptionId());
      }
      writer.userProperties(subscribe.userProperties());
      writer.prefixLength(mark);
    }
    for (var entry : subscribe.entries()) {
      writer.text(entry.filter());
      writer.octet(options(entry.options(), version));
    }
  }

  /** Before 5.0 only the QoS has a place. */
  private static int options(SubscriptionOptions options, ProtocolVersion version) {
    int qos = options.maximumQos().value();
    return version.hasProperties()
        ? qos
            | (options.noLocal() ? 1 << 2 : 0)
            | (options.retainAsPublished() ? 1 << 3 : 0)
            | (value(options.retainHandling()) << 4)
        : qos;
  }

  private static int value(RetainHandling handling) {
    return switch (handling) {
      case SEND -> 0;
      case SEND_IF_NEW -> 1;
      case DO_NOT_SEND -> 2;
    };
  }

  void writeUnsubscribe(Unsubscribe unsubscribe, ProtocolVersion version) {
    writer.twoByteInteger(unsubscribe.packetId());
    if (version.hasProperties()) {
      writeUserProperties(unsubscribe.userProperties());
    }
    unsubscribe.filters().forEach(writer::text);
  }

  private void writeUserProperties(List<UserProperty> properties) {
    int mark = writer.size();
    writer.userProperties(properties);
    writer.prefixLength(mark);
  }
}
