package org.parley.mqtt.state;

/** The connection that a session is attached to. Any thread may call; nothing here blocks. */
public interface Receiver {
  /** A message with QoS 0 for the peer. Dropped and counted if the peer has fallen behind. */
  void deliver(Delivery delivery);

  /** Returns whether the peer keeps up. */
  boolean hasRoom();
}
