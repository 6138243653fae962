package org.parley.mqtt.packet;

import java.util.List;

/** UNSUBSCRIBE, MQTT 5.0 section 3.10, of at least one filter [MQTT-3.10.3-2]. */
public record Unsubscribe(int packetId, List<UserProperty> userProperties, List<String> filters)
    implements Packet {
  public Unsubscribe {
    userProperties = List.copyOf(userProperties);
    filters = List.copyOf(filters);
  }

  @Override
  public PacketType type() {
    return PacketType.UNSUBSCRIBE;
  }
}
