package org.parley.mqtt.state;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.routing.TopicFilter;

/**
 * A change of durable state. All were allowed by policy before. What names an epoch is from a
 * connection: without effect, but for the answer, if the session has another connection by now.
 */
public sealed interface Command {
  /** The epoch of what is not from a connection. */
  long NO_EPOCH = 0;

  /**
   * CONNECT was accepted: take over or create the session.
   *
   * @param connection identifies the network connection on this node
   * @param expirySeconds effective Session Expiry Interval; {@link #NEVER}
   */
  record Attach(
      String clientId,
      long connection,
      boolean cleanStart,
      long expirySeconds,
      int receiveMaximum,
      Owner owner,
      Optional<Will> will)
      implements Command {
    public static final long NEVER = 0xFFFF_FFFFL;

    /** The connection of what was read back after a restart. */
    public static final long NO_CONNECTION = 0;
  }

  /**
   * The connection has ended.
   *
   * @param expirySeconds the new interval, if DISCONNECT had one
   * @param keepWill false for DISCONNECT with 0x00 [MQTT-3.1.2-10]
   */
  record Detach(String clientId, long epoch, OptionalLong expirySeconds, boolean keepWill)
      implements Command {}

  /** SUBSCRIBE; filters that were refused before are not in it. */
  record Subscribe(
      String clientId, long epoch, int packetId, int subscriptionId, List<Request> requests)
      implements Command {
    /** One filter; the maximum QoS is the one to grant. */
    public record Request(TopicFilter filter, SubscriptionOptions options) {}
  }

  /** UNSUBSCRIBE. */
  record Unsubscribe(String clientId, long epoch, int packetId, List<TopicFilter> filters)
      implements Command {}

  /**
   * PUBLISH with QoS 1 or 2 or RETAIN, or of the server itself.
   *
   * @param packetId of the PUBLISH; 0 for QoS 0 and for the server
   * @param publisher who is asked about before the message is delivered as a retained one; empty
   *     for the server, and for what is not to be retained
   */
  record Publish(
      String clientId, long epoch, int packetId, Message message, Optional<Owner> publisher)
      implements Command {
    /** Something that nobody is asked about later. */
    public Publish(String clientId, long epoch, int packetId, Message message) {
      this(clientId, epoch, packetId, message, Optional.empty());
    }
  }

  /** The answer of a client to a delivery. */
  record Acknowledge(String clientId, long epoch, long sequence, Kind kind) implements Command {
    /** PUBACK, PUBREC that is no failure, and what ends the delivery of QoS 2. */
    public enum Kind {
      PUBACK,
      PUBREC,
      PUBREC_FAILURE,
      PUBCOMP
    }
  }

  /** PUBREL of a client: the Packet Identifier is free again. */
  record Release(String clientId, long epoch, int packetId) implements Command {}

  /** A will that was due is published, once. */
  record PublishWill(WillId id) implements Command {}

  /** A will that was due is not published: not allowed any more. */
  record DropWill(WillId id) implements Command {}

  /** The session is ended by the server; a connection that it has is told. */
  record EndSession(String clientId) implements Command {}

  /**
   * The server has started again: it comes before all others. Sessions that had a connection have
   * lost it, and wills that were told and not answered are told again.
   */
  record Restart() implements Command {}

  /** Time has passed: sessions expire, wills fall due, expired messages go. */
  record Tick() implements Command {}
}
