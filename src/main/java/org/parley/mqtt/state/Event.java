package org.parley.mqtt.state;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.routing.Subscription;

/** What a command has brought about, in the order in which it is to be told. */
public sealed interface Event {

  /** Returns the session that is told, or whose end it is; null if there is none. */
  default @Nullable Session session() {
    return switch (this) {
      case Attached attached -> attached.session;
      case Enqueued enqueued -> enqueued.session;
      case Delivered delivered -> delivered.session;
      case Removed removed -> removed.session;
      case Published published -> published.session;
      case Recorded recorded -> recorded.session;
      case Released released -> released.session;
      case Subscribed subscribed -> subscribed.session;
      case Unsubscribed unsubscribed -> unsubscribed.session;
      case SessionEnded ended -> ended.session;
      case AttachRefused _, Displaced _, Dropped _, WillDue _ -> null;
    };
  }

  /**
   * Returns whether telling it makes a promise: the peer is answered, or is given a message by its
   * Packet Identifier. What the command has changed must be safe before.
   */
  default boolean promises() {
    return switch (this) {
      case Attached _, Enqueued _, Published _, Recorded _ -> true;
      case Released _, Subscribed _, Unsubscribed _ -> true;
      case AttachRefused _, Displaced _, Delivered _, Removed _ -> false;
      case Dropped _, WillDue _, SessionEnded _ -> false;
    };
  }

  /**
   * A connection has its session.
   *
   * @param epoch fences what later commands of this connection say
   * @param queue all that waits or is unacknowledged, in order
   * @param sentBefore entries with a lower sequence may have been sent by an earlier connection:
   *     DUP is for them [MQTT-3.3.1-1]; all others were certainly not
   * @param inbound Packet Identifiers of QoS 2 that are open, with the outcome to repeat
   */
  record Attached(
      long connection,
      Session session,
      long epoch,
      boolean sessionPresent,
      List<QueueEntry> queue,
      long sentBefore,
      Map<Integer, ReasonCode> inbound,
      List<Subscription> subscriptions)
      implements Event {}

  /** No session for this connection: there are as many as there may be. */
  record AttachRefused(long connection, ReasonCode reason) implements Event {}

  /** Another connection has the session now, or the server ended it. */
  record Displaced(long connection, ReasonCode reason) implements Event {}

  /** A QoS 1 or 2 delivery for a session that is online. */
  record Enqueued(Session session, QueueEntry entry) implements Event {}

  /** A QoS 0 delivery for a session that is online. */
  record Delivered(Session session, Delivery delivery) implements Event {}

  /** A queued entry was taken away before it was acknowledged: too many waited, or it expired. */
  record Removed(Session session, QueueEntry entry, DropReason reason) implements Event {}

  /** A message was not queued for a session. */
  record Dropped(String clientId, Message message, DropReason reason) implements Event {}

  /**
   * A PUBLISH is owned, or refused.
   *
   * @param pressed an online subscriber is close to its limits: the publisher should slow down
   */
  record Published(
      Session session, long epoch, int packetId, QoS qos, ReasonCode reason, boolean pressed)
      implements Event {}

  /** A PUBREC is recorded: PUBREL may be sent. */
  record Recorded(Session session, long epoch, long sequence) implements Event {}

  /** A PUBREL has freed the identifier; not found if there was nothing to free. */
  record Released(Session session, long epoch, int packetId, boolean found) implements Event {}

  /**
   * Subscriptions are effective.
   *
   * @param reasons for each request, in order
   * @param retained QoS 0 copies of retained messages to send after the SUBACK; those with QoS 1
   *     and 2 follow as {@link Enqueued}
   */
  record Subscribed(
      Session session, long epoch, int packetId, List<ReasonCode> reasons, List<Delivery> retained)
      implements Event {}

  /** Subscriptions have gone. */
  record Unsubscribed(Session session, long epoch, int packetId, List<ReasonCode> reasons)
      implements Event {}

  /** A will is to be published now, if it is still allowed: PublishWill or DropWill answers. */
  record WillDue(WillId id, Owner owner, Will will) implements Event {}

  /** A session and all its state are gone. */
  record SessionEnded(Session session) implements Event {}

  /** Why a message does not get to a session. */
  enum DropReason {
    /** The queue has as many messages or bytes as it may. */
    QUEUE_FULL,
    /** It expired before it was sent. */
    EXPIRED,
    /** QoS 0 for a session without a connection, none else in the group. */
    OFFLINE,
    /** The session ended. */
    SESSION_ENDED,
    /**
     * Not kept as a retained message, because there are as many as there may be; else delivered.
     */
    RETAINED_FULL
  }
}
