package org.parley.mqtt.packet;

import java.util.List;

/**
 * PUBLISH, MQTT 5.0 section 3.3.
 *
 * @param topic empty if the alias stands for it
 * @param packetId 1 to 65535; 0 with QoS 0, where the packet has none [MQTT-2.2.1-2]
 * @param topicAlias 1 to 65535; {@link #NO_ALIAS} if absent
 * @param subscriptionIds to a subscriber only; each 1 to 268435455
 */
public record Publish(
    boolean dup,
    QoS qos,
    boolean retain,
    TopicName topic,
    int packetId,
    int topicAlias,
    List<Integer> subscriptionIds,
    MessageProperties properties,
    BinaryData payload)
    implements Packet {

  /** No alias; on the wire 0 is illegal and never gets here. */
  public static final int NO_ALIAS = 0;

  @Override
  public PacketType type() {
    return PacketType.PUBLISH;
  }
}
