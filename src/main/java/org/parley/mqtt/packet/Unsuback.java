package org.parley.mqtt.packet;

import java.util.List;

/** UNSUBACK, MQTT 5.0 section 3.11; before 5.0 it has no reasons. */
public record Unsuback(int packetId, List<ReasonCode> reasons, ProblemInformation problem)
    implements Packet {
  public Unsuback {
    reasons = List.copyOf(reasons);
  }

  @Override
  public PacketType type() {
    return PacketType.UNSUBACK;
  }
}
