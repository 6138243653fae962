package org.parley.mqtt.packet;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * DISCONNECT, MQTT 5.0 section 3.14; before 5.0 only a client sends it, and it has no reason.
 *
 * @param sessionExpiry seconds; of a client only [MQTT-3.14.2-2]
 * @param serverReference of a server only
 */
public record Disconnect(
    ReasonCode reason,
    OptionalLong sessionExpiry,
    ProblemInformation problem,
    Optional<String> serverReference)
    implements Packet {

  public static Disconnect of(ReasonCode reason) {
    return new Disconnect(reason, OptionalLong.empty(), ProblemInformation.NONE, Optional.empty());
  }

  @Override
  public PacketType type() {
    return PacketType.DISCONNECT;
  }
}
