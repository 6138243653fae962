package org.parley.mqtt.broker;

import org.parley.mqtt.codec.Decoded;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Delivery;
import org.parley.mqtt.state.Event;

/** Nothing matters any more: the last packet was sent or received [MQTT-3.14.4-1]. */
record Farewell() implements Phase {
  @Override
  public void packet(Packet packet) {}

  @Override
  public void rejected(Decoded.Rejected rejected) {}

  @Override
  public void event(Event event) {}

  @Override
  public void deliver(Delivery delivery) {}

  @Override
  public void pump() {}

  @Override
  public void late() {}

  @Override
  public void rightsChanged() {}

  @Override
  public void lost() {}

  @Override
  public void dismiss(ReasonCode reason) {}
}
