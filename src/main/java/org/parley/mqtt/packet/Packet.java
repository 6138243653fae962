package org.parley.mqtt.packet;

/** A control packet. Numbers are in the ranges of MQTT 5.0; what has no value is absent. */
public sealed interface Packet
    permits Connect,
        Connack,
        Publish,
        Acknowledgement,
        Subscribe,
        Suback,
        Unsubscribe,
        Unsuback,
        Pingreq,
        Pingresp,
        Disconnect,
        Auth {

  PacketType type();
}
