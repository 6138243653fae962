package org.parley.mqtt.packet;

import java.util.Optional;

/** AUTH, MQTT 5.0 section 3.15; the method is compulsory. */
public record Auth(
    ReasonCode reason, String method, Optional<BinaryData> data, ProblemInformation problem)
    implements Packet {
  @Override
  public PacketType type() {
    return PacketType.AUTH;
  }
}
