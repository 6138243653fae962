package org.parley.mqtt.packet;

import java.util.List;

/** SUBACK, MQTT 5.0 section 3.9: a reason for each filter, in their order [MQTT-3.9.3-1]. */
public record Suback(int packetId, List<ReasonCode> reasons, ProblemInformation problem)
    implements Packet {
  public Suback {
    reasons = List.copyOf(reasons);
  }

  @Override
  public PacketType type() {
    return PacketType.SUBACK;
  }
}
