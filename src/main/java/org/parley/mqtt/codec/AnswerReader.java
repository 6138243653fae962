package org.parley.mqtt.codec;

import java.util.Optional;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.ReasonCode.Place;

/** Reads the packets that are a reason and properties, MQTT 5.0 sections 3.4 to 3.7, 3.14, 3.15. */
final class AnswerReader {
  private final PacketReader reader;

  AnswerReader(PacketReader reader) {
    this.reader = reader;
  }

  Puback readPuback(ProtocolVersion version) {
    int packetId = reader.packetId();
    var reason = reason(version, Place.PUBACK); // [MQTT-3.4.2-1]
    return new Puback(packetId, reason, problem(version));
  }

  Pubrec readPubrec(ProtocolVersion version) {
    int packetId = reader.packetId();
    var reason = reason(version, Place.PUBREC); // [MQTT-3.5.2-1]
    return new Pubrec(packetId, reason, problem(version));
  }

  Pubrel readPubrel(ProtocolVersion version) {
    int packetId = reader.packetId();
    var reason = reason(version, Place.PUBREL); // [MQTT-3.6.2-1]
    return new Pubrel(packetId, reason, problem(version));
  }

  Pubcomp readPubcomp(ProtocolVersion version) {
    int packetId = reader.packetId();
    var reason = reason(version, Place.PUBCOMP); // [MQTT-3.7.2-1]
    return new Pubcomp(packetId, reason, problem(version));
  }

  Disconnect readDisconnect(ProtocolVersion version) {
    var reason = reason(version, Place.DISCONNECT_OF_CLIENT); // [MQTT-3.14.2-1]
    var block = properties(version, PropertyPlace.DISCONNECT);
    return new Disconnect(reason, block.sessionExpiry(), block.problem(), Optional.empty());
  }

  /** Reads AUTH; the method is compulsory, so that the form without anything is none. */
  Auth readAuth() {
    if (!reader.hasMore()) {
      reader.protocolError("AUTH without a method");
    }
    var reason = code(Place.AUTH_OF_CLIENT); // [MQTT-3.15.2-1]
    var block = PropertyBlock.read(reader, PropertyPlace.AUTH);
    if (block.authenticationMethod().isEmpty()) {
      reader.protocolError("AUTH without a method");
    }
    return new Auth(
        reason,
        block.authenticationMethod().orElse(""),
        block.authenticationData(),
        block.problem());
  }

  /** Before 5.0 there is no reason, and a byte in its place is one too many. */
  private ReasonCode reason(ProtocolVersion version, Place place) {
    return version.hasProperties() && reader.hasMore() ? code(place) : ReasonCode.SUCCESS;
  }

  private ReasonCode code(Place place) {
    var code = ReasonCode.of(reader.octet(), place);
    if (code == null) {
      reader.protocolError("a Reason Code that has no meaning here");
      return ReasonCode.SUCCESS;
    }
    return code;
  }

  private ProblemInformation problem(ProtocolVersion version) {
    return properties(version, PropertyPlace.ACKNOWLEDGEMENT).problem();
  }

  private PropertyBlock properties(ProtocolVersion version, PropertyPlace place) {
    return version.hasProperties() && reader.hasMore()
        ? PropertyBlock.read(reader, place)
        : PropertyBlock.NONE;
  }
}
