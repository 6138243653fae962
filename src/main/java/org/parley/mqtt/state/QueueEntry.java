package org.parley.mqtt.state;

import java.util.Optional;
import org.parley.mqtt.routing.TopicFilter;

/**
 * A delivery with QoS 1 or 2 in the queue of a session.
 *
 * @param sequence its place in the queue of this session, from 0 on, never used again: the only
 *     order
 * @param released the client has received it (PUBREC): only the PUBREL is owed
 * @param group the shared subscription that it came by
 */
public record QueueEntry(
    long sequence, Delivery delivery, boolean released, Optional<TopicFilter> group) {
  private static final int PACKET_IDS = 65_535;

  /** Returns the Packet Identifier, 1 to 65535: the same for this entry after any crash. */
  public int packetId() {
    return packetId(sequence);
  }

  /** Returns the Packet Identifier of a place in the queue. */
  public static int packetId(long sequence) {
    return (int) (sequence % PACKET_IDS) + 1;
  }

  /** Returns the same with an equal delivery in the place of its own. */
  QueueEntry withDelivery(Delivery other) {
    return new QueueEntry(sequence, other, released, group);
  }

  /** Returns the same, received by the client. */
  public QueueEntry withReleased() {
    return new QueueEntry(sequence, delivery, true, group);
  }
}
