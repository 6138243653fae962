package org.parley.mqtt.packet;

/** PINGRESP, MQTT 5.0 section 3.13. */
public record Pingresp() implements Packet {
  public static final Pingresp INSTANCE = new Pingresp();

  @Override
  public PacketType type() {
    return PacketType.PINGRESP;
  }
}
