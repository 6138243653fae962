package org.parley.mqtt.codec;

import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ReasonCode;

/** What the bytes of a connection turned out to be. */
public sealed interface Decoded {
  /**
   * One whole packet.
   *
   * @param sizeBytes of the whole packet with its fixed header, at least 2
   */
  record Complete(Packet packet, int sizeBytes) implements Decoded {}

  /**
   * The beginning of a packet; nothing was consumed.
   *
   * @param missing at least how many bytes more are needed, at least 1; all that are, once the
   *     fixed header is there
   */
  record NeedMore(int missing) implements Decoded {}

  /**
   * What ends the connection: a Malformed Packet, a Protocol Error or a packet that is too large,
   * MQTT 5.0 section 4.13.
   *
   * @param detail fixed short text; nothing of the peer's stands in it
   * @param answer what the standard lets the server send before it closes the connection
   */
  record Rejected(ReasonCode reason, String detail, Answer answer) implements Decoded {}

  /** What may be sent before the connection is closed. */
  enum Answer {
    /** A CONNACK with the reason, in the form of {@link PacketDecoder#version()}. */
    CONNACK,
    /** A DISCONNECT with the reason; a CONNACK, if none was sent yet [MQTT-3.14.0-1]. */
    DISCONNECT,
    /** Nothing. */
    NONE
  }
}
