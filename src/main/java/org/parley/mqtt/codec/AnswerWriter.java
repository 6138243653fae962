package org.parley.mqtt.codec;

import java.util.List;
import java.util.OptionalInt;
import org.parley.mqtt.packet.Acknowledgement;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;

/**
 * Writes the bodies of the packets that answer: CONNACK, the acknowledgements, DISCONNECT, AUTH.
 */
final class AnswerWriter {
  private static final int FAILURE_BEFORE_5 = 0x80;

  private final ByteWriter writer;

  AnswerWriter(ByteWriter writer) {
    this.writer = writer;
  }

  /** Writes CONNACK, if the version has a code for its reason; returns whether it has. */
  boolean writeConnack(Connack connack, ProtocolVersion version, ProblemInformation problem) {
    var code = returnCode(connack.reason());
    if (!version.hasProperties() && code.isEmpty()) {
      return false;
    }
    boolean told = connack.sessionPresent() && version != ProtocolVersion.V3_1;
    writer.octet(told ? 1 : 0); // [MQTT-3.2.2-1]
    if (version.hasProperties()) {
      writer.octet(connack.reason().value());
      writeConnackProperties(connack.properties(), problem);
    } else {
      writer.octet(code.getAsInt());
    }
    return true;
  }

  /** Returns the return code of MQTT 3.1.1 table 3.1. */
  private static OptionalInt returnCode(ReasonCode reason) {
    return switch (reason) {
      case SUCCESS -> OptionalInt.of(0);
      case UNSUPPORTED_PROTOCOL_VERSION -> OptionalInt.of(1);
      case CLIENT_IDENTIFIER_NOT_VALID -> OptionalInt.of(2);
      case SERVER_UNAVAILABLE,
          SERVER_BUSY,
          CONNECTION_RATE_EXCEEDED,
          QUOTA_EXCEEDED,
          USE_ANOTHER_SERVER,
          SERVER_MOVED ->
          OptionalInt.of(3);
      case BAD_USER_NAME_OR_PASSWORD -> OptionalInt.of(4);
      case NOT_AUTHORIZED, BANNED, BAD_AUTHENTICATION_METHOD -> OptionalInt.of(5);
      default -> OptionalInt.empty();
    };
  }

  private void writeConnackProperties(Connack.Properties properties, ProblemInformation problem) {
    int mark = writer.size();
    writer.fourByteProperty(Property.SESSION_EXPIRY_INTERVAL, properties.sessionExpiry());
    writer.twoByteProperty(Property.RECEIVE_MAXIMUM, properties.receiveMaximum());
    writer.octetProperty(Property.MAXIMUM_QOS, properties.maximumQos());
    writer.flagProperty(Property.RETAIN_AVAILABLE, properties.retainAvailable());
    writer.fourByteProperty(Property.MAXIMUM_PACKET_SIZE, properties.maximumPacketSize());
    writer.textProperty(Property.ASSIGNED_CLIENT_IDENTIFIER, properties.assignedClientId());
    if (properties.topicAliasMaximum() != 0) {
      writer.twoByteProperty(Property.TOPIC_ALIAS_MAXIMUM, properties.topicAliasMaximum());
    }
    writer.flagProperty(Property.WILDCARD_SUBSCRIPTION_AVAILABLE, properties.wildcardAvailable());
    writer.flagProperty(
        Property.SUBSCRIPTION_IDENTIFIER_AVAILABLE, properties.subscriptionIdsAvailable());
    writer.flagProperty(Property.SHARED_SUBSCRIPTION_AVAILABLE, properties.sharedAvailable());
    writer.twoByteProperty(Property.SERVER_KEEP_ALIVE, properties.serverKeepAlive());
    writer.textProperty(Property.RESPONSE_INFORMATION, properties.responseInformation());
    writer.textProperty(Property.SERVER_REFERENCE, properties.serverReference());
    writer.textProperty(Property.AUTHENTICATION_METHOD, properties.authenticationMethod());
    writer.binaryProperty(Property.AUTHENTICATION_DATA, properties.authenticationData());
    writeProblem(problem);
    writer.prefixLength(mark); // [MQTT-2.2.2-1]
  }

  private void writeProblem(ProblemInformation problem) {
    writer.textProperty(Property.REASON_STRING, problem.reasonString());
    writer.userProperties(problem.userProperties());
  }

  private static boolean isEmpty(ProblemInformation problem) {
    return problem.reasonString().isEmpty() && problem.userProperties().isEmpty();
  }

  /** Writes PUBACK, PUBREC, PUBREL or PUBCOMP in the shortest form that says all. */
  void writeAcknowledgement(
      Acknowledgement packet, ProtocolVersion version, ProblemInformation problem) {
    writer.twoByteInteger(packet.packetId()); // [MQTT-2.2.1-5]
    boolean plain = isEmpty(problem);
    if (!version.hasProperties() || (plain && packet.reason() == ReasonCode.SUCCESS)) {
      return;
    }
    writer.octet(packet.reason().value());
    if (!plain) {
      writeProblemBlock(problem);
    }
  }

  private void writeProblemBlock(ProblemInformation problem) {
    int mark = writer.size();
    writeProblem(problem);
    writer.prefixLength(mark);
  }

  /** Writes SUBACK: a code for each filter [MQTT-3.8.4-6], [MQTT-3.9.3-1]. */
  void writeSuback(
      int packetId, List<ReasonCode> reasons, ProtocolVersion version, ProblemInformation problem) {
    boolean five = version.hasProperties();
    writer.twoByteInteger(packetId); // [MQTT-2.2.1-6]
    if (five) {
      writeProblemBlock(problem);
    }
    for (var reason : reasons) {
      writer.octet(five || !reason.isFailure() ? reason.value() : FAILURE_BEFORE_5);
    }
  }

  /** Writes UNSUBACK; before 5.0 it says nothing but the identifier. */
  void writeUnsuback(
      int packetId, List<ReasonCode> reasons, ProtocolVersion version, ProblemInformation problem) {
    writer.twoByteInteger(packetId); // [MQTT-2.2.1-6]
    if (version.hasProperties()) {
      writeProblemBlock(problem);
      for (var reason : reasons) {
        writer.octet(reason.value()); // [MQTT-3.11.3-1]
      }
    }
  }

  /** Writes DISCONNECT, if the version has it; before 5.0 only the plain one of a client. */
  boolean writeDisconnect(Disconnect packet, ProtocolVersion version, ProblemInformation problem) {
    boolean plain =
        isEmpty(problem) && packet.sessionExpiry().isEmpty() && packet.serverReference().isEmpty();
    if (!version.hasProperties()) {
      return packet.reason() == ReasonCode.SUCCESS;
    }
    if (plain && packet.reason() == ReasonCode.SUCCESS) {
      return true;
    }
    writer.octet(packet.reason().value());
    if (!plain) {
      int mark = writer.size();
      writer.fourByteProperty(Property.SESSION_EXPIRY_INTERVAL, packet.sessionExpiry());
      writer.textProperty(Property.SERVER_REFERENCE, packet.serverReference());
      writeProblem(problem);
      writer.prefixLength(mark);
    }
    return true;
  }

  /** Writes AUTH, if the version has it. */
  boolean writeAuth(Auth packet, ProtocolVersion version, ProblemInformation problem) {
    if (!version.hasProperties()) {
      return false;
    }
    writer.octet(packet.reason().value());
    int mark = writer.size();
    writer.octet(Property.AUTHENTICATION_METHOD);
    writer.text(packet.method());
    writer.binaryProperty(Property.AUTHENTICATION_DATA, packet.data());
    writeProblem(problem);
    writer.prefixLength(mark);
    return true;
  }
}
