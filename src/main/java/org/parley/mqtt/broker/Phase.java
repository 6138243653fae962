package org.parley.mqtt.broker;

import org.parley.mqtt.codec.Decoded;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Delivery;
import org.parley.mqtt.state.Event;

/** What a network connection is about: getting to know each other, or the session. */
sealed interface Phase permits Greeting, Conversation, Farewell {
  /** A packet of the peer. */
  void packet(Packet packet);

  /** Bytes that are no packet, or one that is not allowed. */
  void rejected(Decoded.Rejected rejected);

  /** What a command brought about for this connection. */
  void event(Event event);

  /** A message with QoS 0. */
  void deliver(Delivery delivery);

  /** Returns whether {@link #pump} has something to do. */
  default boolean mayPump() {
    return false;
  }

  /** The time to write what can be written. */
  void pump();

  /** The peer has been silent for too long. */
  void late();

  /** Policy or users have changed. */
  void rightsChanged();

  /** Another connection has the session now: lets it begin when this one has stopped. */
  default void succeeded(Runnable next) {
    next.run(); // that it is displaced was told before
  }

  /** What was submitted comes to nothing: the client may come back when that is mended. */
  default void logFailed() {
    dismiss(ReasonCode.SERVER_BUSY);
  }

  /** The wire is gone. */
  void lost();

  /** The server says goodbye: stops, or an operator wants it. */
  void dismiss(ReasonCode reason);
}
