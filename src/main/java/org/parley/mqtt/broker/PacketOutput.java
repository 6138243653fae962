package org.parley.mqtt.broker;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.parley.core.ByteWire;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.codec.PacketEncoder;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.PacketType;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.TopicName;

/**
 * Packets to one peer, in its version and of a size that it takes. They gather until they are
 * flushed: one write for all. Of one connection; its owner calls.
 */
final class PacketOutput {
  /** Written without waiting for more, bytes. */
  private static final int FLUSH_AT = 64 * 1024;

  /** The same while too much waits for all peers together, bytes. */
  private static final int FLUSH_EARLY_AT = 8 * 1024;

  private final MqttBroker broker;
  private final ByteWire wire;
  private final Backlog backlog;
  private @Nullable PacketEncoder encoder;
  private ProtocolVersion version = ProtocolVersion.V5;
  private long maximumPacketSize = Long.MAX_VALUE;
  private boolean problemInformation = true;
  private long unread;

  /** The peer is behind, and all peers together have had too much. */
  private boolean deferred;

  PacketOutput(MqttBroker broker, ByteWire wire, Backlog backlog) {
    this.broker = broker;
    this.wire = wire;
    this.backlog = backlog;
  }

  /** What the CONNECT says about packets to the peer. */
  void agree(ProtocolVersion version, long maximumPacketSize, boolean problemInformation) {
    this.version = version;
    this.maximumPacketSize = maximumPacketSize;
    this.problemInformation = problemInformation;
  }

  ProtocolVersion version() {
    return version;
  }

  /** Encodes a packet, unless the peer does not take one of its size or has no such packet. */
  boolean send(Packet packet) {
    var out = encoder();
    int before = out.size();
    if (!out.encode(packet, version, maximumPacketSize, problemInformation)) {
      return false;
    }
    broker.counters().out(packet.type(), out.size() - before);
    return true;
  }

  /** Returns whether the peer takes a packet as large as this one. */
  boolean takes(Packet packet) {
    var spare = broker.borrowEncoder();
    boolean takes = spare.encode(packet, version, maximumPacketSize, problemInformation);
    broker.returnEncoder(spare);
    return takes;
  }

  /** Encodes a PUBLISH; returns false if it is too large for the peer. */
  boolean publish(
      boolean dup,
      QoS qos,
      boolean retain,
      TopicName topic,
      int packetId,
      int topicAlias,
      List<Integer> subscriptionIds,
      MessageProperties properties,
      BinaryData payload) {
    var out = encoder();
    int before = out.size();
    boolean written =
        out.encodePublish(
            version,
            maximumPacketSize,
            dup,
            qos,
            retain,
            topic,
            packetId,
            topicAlias,
            subscriptionIds,
            properties,
            payload);
    if (written) {
      broker.counters().out(PacketType.PUBLISH, out.size() - before);
    }
    return written;
  }

  private PacketEncoder encoder() {
    var out = encoder;
    if (out == null) {
      out = broker.borrowEncoder();
      encoder = out;
    }
    return out;
  }

  /** Returns whether so much has gathered that it should be flushed. */
  boolean isFull() {
    return encoder != null
        && encoder.size() >= FLUSH_EARLY_AT
        && (encoder.size() >= FLUSH_AT || backlog.pressed());
  }

  /** Returns whether something has gathered. */
  boolean hasGathered() {
    return encoder != null;
  }

  /** Writes what has gathered. */
  void flush() {
    var out = encoder;
    if (out == null) {
      return;
    }
    encoder = null;
    if (out.size() > 0) {
      broker.counters().count(Count.BYTES_OUT, out.size());
      unread = wire.writable() ? 0 : unread + out.size();
      wire.write(out.written());
      deferred = backlog.unsent(wire.unsentBytes());
    }
    broker.returnEncoder(out);
  }

  /** Returns whether the peer may be written more messages now. */
  boolean takesMore() {
    return wire.writable() && !deferred;
  }

  /** The wire may have sent what it had. */
  void sent() {
    deferred = backlog.unsent(wire.unsentBytes());
    if (wire.writable()) {
      unread = 0;
    }
  }

  /** Returns the bytes that were written since the wire took no more. */
  long unread() {
    return unread;
  }
}
