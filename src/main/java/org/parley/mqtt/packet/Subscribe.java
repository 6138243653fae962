package org.parley.mqtt.packet;

import java.util.List;

/**
 * SUBSCRIBE, MQTT 5.0 section 3.8.
 *
 * @param subscriptionId 1 to 268435455; {@link #NO_ID} if absent
 * @param entries at least one [MQTT-3.8.3-2]
 */
public record Subscribe(
    int packetId, int subscriptionId, List<UserProperty> userProperties, List<Entry> entries)
    implements Packet {
  public static final int NO_ID = 0;

  public Subscribe {
    userProperties = List.copyOf(userProperties);
    entries = List.copyOf(entries);
  }

  /**
   * A filter and what is asked for.
   *
   * @param filter well-formed text; not yet known to be a Topic Filter
   */
  public record Entry(String filter, SubscriptionOptions options) {}

  @Override
  public PacketType type() {
    return PacketType.SUBSCRIBE;
  }
}
